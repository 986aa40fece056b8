// Every kind of page on both screens, light and dark, and on paper; the screen on the wall; spoilt pages.

import {join} from 'node:path';
import {accessible, counts, expected, paper, parted, same, tongue, wide} from './checks.mjs';
import {Seat} from './seat.mjs';
import {address, axe, browser, farewell, idle, nothingNew, out, part, picture, reviewer, running, seated, told, unless, world} from './stage.mjs';

export default async function () {
  // on paper
  await part('paper', async () => {
    const seat = await seated(idle[0].manager, 1440);
    for (const [name, path, there] of [['first', '/', ['办理状态一览', '市公安局']], ['report', '/reports/status/html', ['办理状态一览', '市公安局']]]) {
      await seat.go(path);
      const {complaints, pages} = await paper(seat.page, join(out, `paper-${name}.pdf`), {absent: ['退出', '总览本单位', 'English', '跳到正文', '检索'], there});
      told(`paper: ${path} is A4 landscape, ${pages} sheets, without the ways to go`, complaints);
    }
    await farewell('paper', seat);
  });

  // every kind of page: axe, width, language, light and dark, both screens
  await part('every page', async () => {
    const row = running[0], duty = address(row.duty);
    const pages = [
      ['first', '/'], ['list', '/list'], ['list-red', '/list?q=light%3Ared'], ['list-wrong', '/list?q=light%3Apurple'], ['obligation', '/obligation/OPN-0.35'], ['assignment', duty],
      ['form', `${duty}/progress`], ['form-consent', `${duty}/extend`], ['mine', '/mine'], ['charts', '/charts'], ['calendar', '/calendar'], ['history', '/history'], ['reports', '/reports'],
      ['search', `/search?q=${encodeURIComponent('诈骗')}`], ['search-none', `/search?q=${encodeURIComponent('查无此词')}`], ['account', '/account'], ['another-day', '/?as_of=2025-12-31'], ['lost', '/no-such-page'],
    ];
    let looked = 0;
    const bad = {axe: [], wide: [], parted: [], tongue: []};
    const look = async (seat, name, lang) => {
      looked++;
      const where = `${name} ${lang} ${seat.width}`;
      bad.wide.push(...(await wide(seat.page)).map(c => `${where}: ${c}`));
      bad.parted.push(...(await parted(seat.page)).map(c => `${where}: ${c}`));
      // A refused query names the codes that there are, whatever the language.
      if (name !== 'list-wrong') bad.tongue.push(...(await tongue(seat.page)).map(c => `${where}: ${c}`));
      for (const scheme of ['light', 'dark']) {
        await seat.page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        if (lang === 'zh' && (scheme === 'dark' || seat.width === 390)) await seat.shot(picture(`${name}-${seat.width}-${scheme}`), 2600);
        bad.axe.push(...(await accessible(seat.page, axe, scheme === 'dark')).map(c => `${where} ${scheme}: ${c}`));
      }
      await seat.page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: 'light'}]);
    };
    const seats = await Promise.all([1440, 390].map(async width => {
      const seat = await Seat.at(browser, world, width);
      for (const s of ['status of 400', 'status of 404', 'status of 401', 'status of 422']) seat.fine.add(s);
      await seat.go('/sign-in');
      await look(seat, 'sign-in', 'zh');
      await seat.signIn(row.person);
      for (const [name, path] of pages) { await seat.go(path); await look(seat, name, 'zh'); }
      await seat.go(`${duty}/progress`);
      await seat.fill({percent: '160', note: '超过百分之百'});
      await seat.press('main form.form button[value=record]');
      await look(seat, 'form-wrong', 'zh');
      // In English a part of them: the words are others, the markup is the same.
      for (const [name, path] of pages.filter(p => ['first', 'form', 'assignment', 'mine', 'reports', 'history'].includes(p[0]))) { await seat.go(`${path}${path.includes('?') ? '&' : '?'}lang=en`); await look(seat, name, 'en'); }
      await seat.press('.who form button');
      await seat.signIn(reviewer, '/queue?lang=zh');
      await look(seat, 'queue', 'zh');
      await seat.press('.who form button');
      await seat.signIn('supervisor-jco', '/queue');
      await look(seat, 'queue-supervisor', 'zh');
      return seat;
    }));
    // The same complaint on many pages is one line.
    const gather = all => {
      const by = new Map();
      for (const c of all) { const [, where, what] = c.match(/^(.*?): (.*)$/s); by.set(what, [...by.get(what) ?? [], where]); }
      return [...by].map(([what, where]) => `${where[0]}${where.length > 1 ? ` and ${where.length - 1} more` : ''}: ${what}`);
    };
    for (const k of Object.keys(bad)) bad[k] = gather(bad[k]);
    told(`every page: axe finds nothing serious on ${looked} pages, light and dark`, bad.axe);
    told(`every page: none of ${looked} is wider than its screen`, bad.wide);
    told(`every page: no date and no word is cut in two on ${looked} pages`, bad.parted);
    told(`every page: no words of the other language on ${looked} pages`, bad.tongue);
    await farewell('every page', ...seats);
  });

  // the screen on the wall
  await part('read-only', async () => {
    await world.close();
    await world.open('--read-only');
    const seat = await Seat.at(browser, world, 1440);
    seat.fine.add('status of 403');
    await seat.go('/');
    const shown = await counts(seat.page);
    await seat.go(address(running[0].duty));
    const buttons = await seat.page.$$eval('main .acts a.button', all => all.length);
    const forged = await seat.page.evaluate(async path => (await fetch(path, {method: 'POST', body: new URLSearchParams({note: 'x', action: 'record'})})).status, `${address(running[0].duty)}/progress`);
    told(`read-only: without account the first screen says what the command line says, offers nothing to record, and answers a post with ${forged}`, [
      ...same(shown, expected(world.json('status'))), ...unless(!buttons, `${buttons} buttons`), ...unless(forged === 403, String(forged)), ...nothingNew()]);
    await farewell('read-only', seat);
    await world.close();
    await world.open();
  });

  // the checks bite
  await part('controls', async () => {
    const seat = await seated(idle[0].manager, 390);
    const bites = (what, caught) => told(`control: ${what} is caught`, unless(caught.length, 'nothing was said'));
    const spoil = (selector, run) => seat.page.$eval(selector, run);
    const wanted = expected(world.json('status'));
    await spoil('#departments tbody tr:nth-child(2) td a', a => { a.textContent = Number(a.textContent) + 1; });
    bites('a count that is one too high', same(await counts(seat.page), wanted));
    await spoil('#departments tbody tr:nth-child(3)', r => r.remove());
    bites('a department that is missing', same(await counts(seat.page), wanted).filter(c => c.includes('not on the screen')));
    await spoil('main', m => m.insertAdjacentHTML('beforeend', '<input>'));
    bites('a field without label', (await accessible(seat.page, axe)).filter(c => c.includes('label')));
    await spoil('main', m => m.insertAdjacentHTML('beforeend', '<h2>Not translated</h2>'));
    bites('an English heading on a Chinese page', (await tongue(seat.page)).filter(c => c.includes('Not translated')));
    await seat.page.evaluate(() => { const s = new CSSStyleSheet(); s.replaceSync('h1{width:900px}@page{size:A4 portrait}.top{display:block!important}'); document.adoptedStyleSheets = [s]; });
    bites('a page too wide', await wide(seat.page));
    await spoil('h1', h => { h.style.width = '2px'; h.textContent = 'Obligations'; h.style.wordBreak = 'break-all'; });
    bites('a word in pieces', (await parted(seat.page)).filter(c => c.includes('Obligations')));
    bites('an upright sheet with the ways to go on it', (await paper(seat.page, join(out, 'spoilt.pdf'), {absent: ['退出'], there: []})).complaints);
    const odd = seat.odd.length;
    await seat.page.evaluate(() => { document.body.append(Object.assign(new Image(), {src: 'http://192.0.2.1/x.png'})); document.body.insertAdjacentHTML('beforeend', '<p style="color:red">x</p>'); });
    await new Promise(good => setTimeout(good, 500));
    bites('a picture from elsewhere and a style in a line', seat.odd.slice(odd));
    await seat.context.close();
  });
}
