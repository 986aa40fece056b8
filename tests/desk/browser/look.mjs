// Looking: language, search, from a number to its entries, another day, charts, calendar, reports, news.

import {counts, expected, same} from './checks.mjs';
import {address, did, farewell, idle, part, picture, running, seated, told, unless, world} from './stage.mjs';

export default async function () {
  // looking: language, search, from a number to its entries, another day, charts, calendar
  await part('looking', async () => {
    const seat = await seated(idle[0].manager, 1440);
    const page = seat.page;
    const langs = [];
    for (const want of ['en', 'zh', 'en']) { await seat.press('.who a[hreflang]'); langs.push(await page.$eval('html', e => e.lang)); if (langs.at(-1) !== want) break; }
    await seat.go('/list');
    told(`language: the switch goes ${langs.join(' → ')} and is remembered on the next page`, unless(langs.join() === 'en,zh,en' && await page.$eval('html', e => e.lang) === 'en', await page.$eval('html', e => e.lang)));
    for (const [word, lang] of [['freezing', 'en'], ['冻结', 'zh'], ['诈骗', 'zh']]) {
      await seat.go(`/?lang=${lang}`);
      await page.type('[role=search] input', word);
      await seat.press('[role=search] button');
      const shown = await page.$$eval('main a[href*="/obligation/"]', all => all.map(a => a.textContent.trim()));
      const want = [...new Set(world.json('list', `text:${word}`).rows.map(r => r.id))];
      told(`search: “${word}” shows all ${want.length} that the command line finds (${shown.length})`, [...unless(want.length, 'the sample has none'), ...want.filter(id => !shown.includes(id)).map(id => `${id} is missing`)]);
    }
    await seat.go(`/search?q=${encodeURIComponent('ｏｐｎ-1.14')}`);
    told('search: an id, as an input method leaves it, leads to its card', unless(seat.path() === '/obligation/OPN-1.14', seat.path()));

    await seat.go('/');
    const red = await page.evaluate(() => [...document.querySelectorAll('#departments tbody tr:not(.s) td a')].find(a => /light%3Ared$/.test(a.getAttribute('href')) && Number(a.textContent) > 0).getAttribute('href'));
    const [number] = await Promise.all([page.$eval(`#departments a[href="${red}"]`, a => Number(a.textContent))]);
    await seat.press(`#departments a[href="${red}"]`);
    const rows = await page.$$eval('table.t tbody tr', all => all.filter(r => !r.matches('.nil,.s,.g')).length);
    const asked = new URL(page.url()).searchParams.get('q');
    await seat.press('table.t tbody a[href^="/obligation/"], table.t tbody a[href^="/assignment/"]');
    const card = await seat.text();
    const id = decodeURIComponent(seat.path().split('/').pop());
    const show = world.json('show', id.split('@')[0]);
    const source = show.source?.clause ?? show.source?.[0]?.clause ?? show.clause ?? '';
    const table = await page.$$('main table.t tbody tr');
    told(`drill: ${number} red of ${asked} open ${rows} rows, one of them the card ${id} with ${table.length} rows of history`, [
      ...unless(rows === number && world.json('list', ...asked.split(' ')).rows.length === number, `${rows} rows, the command line ${world.json('list', ...asked.split(' ')).rows.length}`),
      ...unless(card.includes('来源') && card.includes(source), 'no source on the card'), ...unless(table.length > 0, 'no entries')]);
    await seat.press('main a.button[href^="/assignment/"]');
    const entries = await page.$$eval('main table.t tbody tr', all => all.length);
    const duty = decodeURIComponent(seat.path().split('/').pop());
    told(`drill: on to ${duty} and its ${entries} entries`, unless(entries === world.entries(duty).length, `the command line has ${world.entries(duty).length}`));

    const day = '2025-12-31';
    await seat.go('/');
    const now = await counts(page);
    await page.$eval('[name=as_of]', (e, d) => { e.value = d; }, day);
    await seat.press('.tools form:has([name=as_of]) button');
    const then = await counts(page);
    const told_ = await page.$eval('.dated', e => e.innerText).catch(() => '');
    told(`as of ${day}: the page says so, ${Object.keys(then).filter(q => now[q] !== then[q]).length} counts are other ones, each the command line's`, [
      ...unless(told_.includes(day), 'the page does not say the day'), ...unless(Object.keys(then).some(q => now[q] !== then[q]), 'nothing moved'), ...same(then, expected(world.json('status', '--as-of', day)))]);
    await seat.press('.ways a[href^="/list"]');
    told('as of another day: the day goes along to the next page', unless(new URL(page.url()).searchParams.get('as_of') === day && await page.$('.dated'), seat.path()));

    await seat.go('/charts');
    const charts = await page.$$eval('svg[role=img]', all => all.map(s => s.getAttribute('aria-label') ?? s.querySelector('title')?.textContent ?? ''));
    told(`charts: ${charts.length}, each with words for who does not see them`, [...unless(charts.length >= 3, 'three are wanted'), ...charts.filter(c => !c.trim()).map(() => 'one without words')]);
    await seat.go('/calendar');
    const months = await page.$$eval('#due-months a[href^="/list?"]', all => all.map(a => [a.getAttribute('href'), Number(a.textContent)]));
    const [to, n] = months[0] ?? [];
    const found = to ? world.json('list', ...new URL(to, world.base).searchParams.get('q').split(' ')).rows.length : 0;
    told(`calendar: ${months.length} months, the first with ${n} due`, [...unless(months.length > 2 && found === n, `the command line has ${found}`)]);
    await farewell('looking', seat);
  });

  // reports as files
  await part('reports', async () => {
    const seat = await seated(idle[0].manager, 1440, '/reports');
    const magic = {html: /^<!DOCTYPE html>/i, pdf: /^%PDF-/, xlsx: /^PK\x03\x04/, docx: /^PK\x03\x04/, csv: /^(\xef\xbb\xbf)?./, json: /^\s*[{[]/, md: /./};
    for (const [form, sign] of Object.entries(magic)) {
      const href = await seat.page.$$eval('main a.button', (all, form) => all.map(a => a.getAttribute('href')).find(h => h.startsWith(`/reports/status/${form}`)), form);
      const got = href && await seat.page.evaluate(async href => {
        const answer = await fetch(href);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        return {status: answer.status, kind: answer.headers.get('content-type'), name: answer.headers.get('content-disposition'), size: bytes.length, head: String.fromCharCode(...bytes.slice(0, 20))};
      }, href);
      told(`reports: the button ${form.toUpperCase()} gives ${got?.size} bytes of ${got?.kind}`, [...unless(got?.status === 200 && sign.test(got.head) && got.size > 300, JSON.stringify(got)), ...unless(got?.name?.includes(`.${form}`), got?.name ?? 'no name')]);
    }
    await farewell('reports', seat);
  });

  // news: somebody else records, and open pages hear of it
  await part('news', async () => {
    const row = running[1];
    const looks = await seated(idle[0].manager, 1440, address(row.duty));
    const types = await seated(row.person, 390, `${address(row.duty)}/progress`);
    await types.fill({note: '还没写完'});
    const loaded = looks.page.waitForNavigation({waitUntil: 'load', timeout: 15_000});
    const bar = types.page.waitForSelector('.news', {timeout: 15_000});
    world.cli('log', 'progress', row.duty, '--by', row.person, '--note', '命令行所记');
    did.push({event: 'progress', by: row.person, dept: row.dept, note: '命令行所记'});
    const began = performance.now();
    const came = await loaded.then(() => true, () => false);
    told(`news: an entry of the command line is on the open page ${((performance.now() - began) / 1000).toFixed(1)} s later, by itself`, unless(came && (await looks.text()).includes('命令行所记'), 'it is not'));
    const heard = await bar.then(b => b.evaluate(e => e.innerText), () => '');
    told(`news: a page in which somebody types says “${heard.trim()}” and leaves the words alone`, [...unless(heard, 'it says nothing'), ...unless((await types.filled()).note === '还没写完', 'the words are gone')]);
    await types.shot(picture('news-390'));
    await farewell('news', looks, types);
  });
}
