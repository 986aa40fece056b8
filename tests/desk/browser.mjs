#!/usr/bin/env node
// The web desk in a real browser: an assignment from start to acceptance through pages alone, on
// a wide screen and on a phone; what the officer must not do; the manager's numbers before and
// after, held against the command line; no script, no mouse, no connection, no session; printed
// pages; axe-core on every kind of page, light and dark.
//
// Usage: browser.mjs DUBAN REPOSITORY [--out FOLDER]
// Works on a copy of REPOSITORY/obligations in a git repository of its own. Pictures go to FOLDER
// (default: a temporary one, named at the end). Each kind of check is also shown a spoilt page,
// which it must catch. Chromium and poppler-utils are installed from Debian, the rest from npm,
// where they are not there; where they cannot be, this fails.

import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {Seat, World, accessible, chromium, counts, expected, paper, parted, same, tongue, tools, wide} from './room.mjs';

const words = process.argv.slice(2);
const at = words.indexOf('--out');
const out = at < 0 ? mkdtempSync(join(tmpdir(), 'duban-desk-pictures-')) : resolve(words.splice(at, 2)[1]);
if (words.length !== 2) {
  console.error('Usage: browser.mjs DUBAN REPOSITORY [--out FOLDER]');
  process.exit(2);
}
mkdirSync(out, {recursive: true});
const picture = name => join(out, `${name}.png`);

const failed = [];
let checks = 0;
const told = (what, complaints) => {
  checks++;
  const all = [complaints].flat().filter(Boolean);
  console.log(`${all.length ? 'FAIL' : 'ok  '} ${what}`);
  all.slice(0, 8).forEach(c => console.log('       ' + c));
  if (all.length > 8) console.log(`       … and ${all.length - 8} more`);
  if (all.length) failed.push(what);
};
const unless = (right, what) => right ? [] : [what];
// A part that breaks off is a failure of its own; the others still run.
const part = async (name, run) => {
  const began = performance.now();
  try { await run(); } catch (e) { told(name, `broke off: ${e.stack?.split('\n').slice(0, 3).join(' ') ?? e}`); }
  console.log(`     (${name}: ${((performance.now() - began) / 1000).toFixed(1)} s)`);
};

const {puppeteer, axe} = tools();
const world = new World(words[0], words[1]);
process.on('exit', () => world.sweep());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

// ---- who and what: found, not written down here, so that the sample may grow
const people = world.people();
const post = (dept, role) => people.find(p => p.dept === dept && p.roles.includes(role))?.post;
const reviewer = 'reviewer-jco';
const idle = world.json('list', 'status:not-started').rows
  .map(r => ({...r, duty: r.assignment ?? r.id, officer: r.person, manager: post(r.dept, 'manager')}))
  .filter(r => r.person && r.manager && people.some(p => p.post === r.person && p.dept === r.dept && p.roles.includes('officer')));
const running = world.json('list', 'status:in-progress').rows
  .map(r => ({...r, duty: r.assignment ?? r.id}))
  .filter(r => people.some(p => p.post === r.person && p.dept === r.dept && p.roles.includes('officer')));
if (idle.length < 2 || running.length < 4) throw new Error(`the sample has ${idle.length} assignments to start and ${running.length} under way: two and four are needed`);
const today = new Intl.DateTimeFormat('sv-SE', {timeZone: 'Asia/Shanghai'}).format(new Date());
const inAYear = `${Number(today.slice(0, 4)) + 1}${today.slice(4, 7)}-28`;

// A supporting unit's officer, and two posts of one unit.
let helps;
for (const p of people.filter(p => p.roles.includes('officer'))) {
  const found = world.json('list', `support:${p.dept}`, 'status:in-progress').rows.find(r => r.dept !== p.dept);
  if (found) { helps = {...p, duty: found.assignment ?? found.id, lead: found.dept}; break; }
}
const another = r => people.find(p => p.dept === r.dept && p.roles.includes('officer') && p.post !== r.person);
const shared = running.find(another);
if (!helps || !shared) throw new Error('the sample has no supporting unit, or no unit with two officers, that has something under way');
const approver = people.find(p => p.roles.includes('approver')).post;
world.accounts(...new Set([...idle.slice(0, 2).flatMap(r => [r.officer, r.manager]), ...running.slice(0, 4).map(r => r.person), helps.post, shared.person, another(shared).post, approver, reviewer, 'supervisor-jco']));
await world.open();
const browser = await chromium(puppeteer);

// What was done through the pages, in order: at the end the log holds this and nothing else.
const before = world.entries();
const did = [];
const fresh = () => { const old = new Set(before.map(e => e.h)); return world.entries().filter(e => !old.has(e.h)); };
// A surplus is told once, not at every later step again.
let surplus = 0;
const nothingNew = () => {
  const n = fresh().length, want = did.length + surplus;
  surplus = n - did.length;
  return unless(n === want, `the log has ${n} new entries, not ${want}`);
};
const seated = async (post, width, next = '/', how = {}) => { const seat = await Seat.at(browser, world, width, how); await seat.signIn(post, next); return seat; };
const farewell = async (name, ...seats) => told(`${name}: no error on the console, nothing refused, no other host`, (await Promise.all(seats.map(s => s.leave()))).flat());
const address = duty => `/assignment/${encodeURIComponent(duty)}`;

const proof = join(world.folder, '方案 plan.txt');
writeFileSync(proof, 'What was decided, and by whom.\n方案正文。\n'.repeat(2000));
const digest = createHash('sha256').update(readFileSync(proof)).digest('hex');

// ---- one assignment from start to acceptance
// The evidence that a form insists on; the first piece comes as a file.
async function evidence(seat, name, file) {
  const pieces = await seat.page.$$eval('main form.form > fieldset', all => all.map(f => [...f.querySelector('select').options].map(o => o.value).filter(Boolean)[0]));
  const fields = {};
  for (const [n, kind] of pieces.entries()) Object.assign(fields, {[`ev${n}_type`]: kind, [`ev${n}_name`]: `${name} ${n + 1}`, [`ev${n}_number`]: `示〔2026〕${n + 1}号`, [`ev${n}_date`]: today});
  await seat.fill(fields);
  if (file && pieces.length) await (await seat.page.$('[name=ev0_file]')).uploadFile(file);
  return pieces.length;
}
const act = async (seat, duty, event) => {
  await seat.go(address(duty));
  await seat.press(`.acts a[href$="/${event}"]`);
};

async function walk(row, width, back) {
  const {duty, dept, officer, manager} = row;
  const name = `${duty} at ${width}`;
  const boss = await seated(manager, width);
  const first = await counts(boss.page);
  told(`${name}: every count of ${manager}'s first screen is the command line's (${Object.keys(first).length})`, same(first, expected(world.json('status'))));
  if (width === 1440) for (const [name, tallest] of [['first-1440', 4000], ['readme-first', 1480]]) await boss.shot(picture(name), tallest);
  await boss.park();

  // The officer, from the department's list.
  const desk = await seated(officer, width, '/mine');
  await desk.press(`.plainlist a[href="${address(duty).replace('%40', '@')}"], .plainlist a[href="${address(duty)}"]`);
  await desk.press('.acts a[href$="/start"]');
  await desk.fill({note: `已部署，${width}`, until: inAYear});
  const pieces = await evidence(desk, '实施方案', proof);
  if (width === 1440) await desk.shot(picture('form-1440')); else await desk.shot(picture('form-390'));
  const said = await desk.send();
  did.push({event: 'start', by: officer, dept, note: `已部署，${width}`});
  const start = fresh().at(-1);
  told(`${name}: started by ${officer} with ${pieces} piece of evidence, the file's digest in the log`, [
    ...unless(start?.event === 'start' && said.includes(start.h), `the page says ${said}`),
    ...unless(start?.fields.until === inAYear, `until ${start?.fields.until}`),
    ...unless(!pieces || start?.fields.evidence?.[0]?.sha256 === digest, `evidence ${JSON.stringify(start?.fields.evidence)}`),
  ]);

  await act(desk, duty, 'progress');
  await desk.fill({percent: '60', note: `完成六成，${width}`, issues: '两个县未报', next: '下周补齐'});
  await desk.send();
  did.push({event: 'progress', by: officer, dept, percent: 60, note: `完成六成，${width}`});
  told(`${name}: progress with percent and note`, [...nothingNew(), ...unless(/60\s*%/.test(await desk.text()), 'the page does not show 60%')]);
  if (width === 1440) await desk.shot(picture('assignment-1440')); else await desk.shot(picture('assignment-390'));

  // A form that lacks something is told so beside the field, and nothing is lost of the rest.
  await act(desk, duty, 'progress');
  await desk.fill({percent: '160', note: '超过百分之百'});
  desk.fine.add('status of 422');
  await desk.press('main form.form button[value=record]');
  told(`${name}: 160 per cent is refused beside the field, the note still stands there`, [
    ...unless(await desk.page.$('[name=percent][aria-invalid]'), 'the field is not marked'),
    ...unless((await desk.filled()).note === '超过百分之百', `there stands “${(await desk.filled()).note}”`),
    ...nothingNew(),
  ]);
  await desk.shot(picture(`form-wrong-${width}`));

  const accepts = async when => {
    await desk.go(address(duty));
    const buttons = await desk.page.$$eval('.acts a.button', all => all.map(a => a.getAttribute('href')).filter(h => /\/(accept|return)$/.test(h)));
    const forged = await desk.byHand(`${address(duty)}/accept`, {key: `by-hand-${when}-${width}`, action: 'record', note: '自己验收', until: inAYear});
    told(`${name}: ${officer} cannot accept ${when}: no button, and a post made by hand gets ${forged.status}`, [
      ...buttons.map(b => `there is a button ${b}`),
      ...unless(forged.status >= 400 && forged.status < 500, `${forged.status} ${forged.kind}`),
      ...nothingNew(),
    ]);
    await desk.park();
  };
  await accepts('before the application');

  const apply = async round => {
    await act(desk, duty, 'apply');
    const note = `申请销号，第${round}次，${width}`;
    await desk.fill({note, agreed: manager});
    await evidence(desk, '佐证', proof);
    const said = await desk.send();
    await desk.park();
    told(`${name}: the application goes to ${manager}, and is no entry yet (round ${round})`, [...unless(said.includes(manager), said), ...nothingNew()]);
    await boss.go('/queue');
    if (round === 1) await boss.shot(picture(`queue-${width}`));
    const ask = (await boss.page.$$('main .note')).length;
    await boss.press('main .note button[value=agree]');
    await boss.park();
    did.push({event: 'apply', by: officer, dept, agreed: manager, note});
    const entry = fresh().at(-1);
    told(`${name}: ${manager} finds ${ask} asking in the queue and consents: now it is an entry with both names`, [
      ...unless(entry?.event === 'apply' && entry.by === officer && entry.fields.agreed === manager, JSON.stringify(entry)), ...nothingNew()]);
  };
  await apply(1);
  await accepts('after it');
  await boss.go(address(duty));
  const mine = await boss.byHand(`${address(duty)}/accept`, {key: `boss-${width}`, action: 'record', until: inAYear});
  told(`${name}: nor can ${manager}, who consented: ${mine.status}`, [...unless(mine.status >= 400 && mine.status < 500, mine.text.slice(0, 200)), ...nothingNew()]);
  await boss.park();

  const judge = await seated(reviewer, width, '/queue');
  const ends = async (event, fields) => {
    await judge.go('/queue');
    await judge.shot(picture(`queue-reviewer-${width}`));
    await judge.press(`.plainlist a[href="${address(duty).replace('%40', '@')}"], .plainlist a[href="${address(duty)}"]`);
    await judge.press(`.acts a[href$="/${event}"]`);
    await judge.fill(fields);
    // The next review where it operates from now on; why, where something before it is unfinished.
    for (const [name, value] of [['until', inAYear], ['release', '前置事项另行督办']]) if (await judge.page.$(`[name=${name}][required]`)) await judge.fill({[name]: value});
    await evidence(judge, '验收意见');
    await judge.send();
    did.push({event, by: reviewer, dept, ...fields});
    const said = await judge.text();
    await judge.park();
    return said;
  };
  if (back) {
    const said = await ends('return', {reason: `佐证不全，${width}`});
    told(`${name}: ${reviewer} returns it with a reason`, [...nothingNew(), ...unless(said.includes('佐证不全'), 'the page does not say the reason')]);
    await apply(2);
  }
  await ends('accept', {note: `同意，${width}`});
  const [now] = world.json('list', duty).rows;
  told(`${name}: ${reviewer} accepts from the queue: it is ${now.status} now`, [...unless(['operating', 'closed'].includes(now.status), JSON.stringify(now)), ...nothingNew()]);

  await boss.go('/');
  const last = await counts(boss.page);
  const done = `dept:${dept} status:${now.status}`, begun = `dept:${dept} status:not-started`;
  told(`${name}: ${manager}'s first screen moved: ${now.status} ${first[done]} → ${last[done]}, not started ${first[begun]} → ${last[begun]}; every count is the command line's again`, [
    ...unless(last[done] === first[done] + 1 && last[begun] === first[begun] - 1, 'not by one'),
    ...same(last, expected(world.json('status'))),
  ]);
  await farewell(name, boss, desk, judge);
}

await part('walk, wide', () => walk(idle[0], 1440, false));
await part('walk, phone, returned once', () => walk(idle[1], 390, true));

// ---- without script; by a supporting unit, in the lead's record
await part('no script', async () => {
  const seat = await seated(helps.post, 390, address(helps.duty), {script: false});
  const offered = await seat.page.$$eval('.acts a.button', all => all.map(a => a.getAttribute('href').split('/').pop()));
  await seat.press('.acts a[href$="/progress"]');
  await seat.fill({note: '配合单位：已报送数据'});
  await seat.send();
  did.push({event: 'progress', by: helps.post, dept: helps.lead, via: helps.dept, note: '配合单位：已报送数据'});
  const entry = fresh().at(-1);
  told(`no script: ${helps.post} signs in and records progress for ${helps.duty}, via ${helps.dept}; nothing else is offered to it`, [
    ...nothingNew(), ...unless(entry?.fields.via === helps.dept, JSON.stringify(entry)), ...unless(offered.join() === 'progress', `offered: ${offered}`)]);
  await seat.press('.who form button');
  await seat.go('/');
  told('no script: signed out, the first screen asks to sign in', unless(seat.path().startsWith('/sign-in'), seat.path()));
  await farewell('no script', seat);
});

// ---- without mouse
await part('keyboard', async () => {
  const row = running[0];
  const seat = await Seat.at(browser, world, 1440);
  const page = seat.page, keys = page.keyboard;
  const unseen = new Set();
  // The next stop of the keyboard; each one must be seen to have it.
  const tab = async () => {
    await keys.press('Tab');
    const [name, seen] = await page.evaluate(() => {
      const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
      const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 || s.boxShadow !== 'none';
      const inside = r.width > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;
      return [`${e.tagName} ${e.name ?? ''} ${e.getAttribute('href') ?? ''} ${e.textContent.slice(0, 20)}`, e === document.body || ring && inside];
    });
    if (!seen) unseen.add(name);
    return name;
  };
  const reach = async (selector, most = 80) => {
    for (let n = 0; n < most; n++) if (await page.evaluate(s => document.activeElement.matches(s), selector)) return; else await tab();
    throw new Error(`${most} steps of the keyboard do not reach ${selector} at ${seat.path()}`);
  };
  const enter = () => Promise.all([page.waitForNavigation({waitUntil: 'load'}), keys.press('Enter')]);
  await seat.go(`/sign-in?next=${encodeURIComponent(address(row.duty))}`);
  await reach('[name=post]');
  await keys.type(row.person);
  await tab();
  await keys.type(world.passwords[row.person]);
  await enter();
  await tab();
  const skip = await page.evaluate(() => { const r = document.activeElement.getBoundingClientRect(); return document.activeElement.matches('.skip') && r.left >= 0 && r.top >= 0 && r.width > 20; });
  await keys.press('Enter');
  const main = await page.evaluate(() => document.activeElement.id);
  told('keyboard: the first stop is the skip link, in sight, and it leads to the content', [...unless(skip, 'not in sight'), ...unless(main === 'main', `the focus is on ${main}`)]);
  await reach('.acts a[href$="/progress"]');
  await enter();
  await reach('[name=percent]');
  await keys.type('91');
  await reach('[name=note]');
  await keys.type('只用键盘填写');
  await reach('button[value=record]');
  await enter();
  did.push({event: 'progress', by: row.person, dept: row.dept, percent: 91, note: '只用键盘填写'});
  told(`keyboard: ${row.person} signed in and recorded progress of ${row.duty}`, [...nothingNew(), ...unless(await page.$('.good[role=status]'), seat.path())]);
  told('keyboard: every stop is seen to have the focus', [...unseen]);
  await farewell('keyboard', seat);
});

// ---- looking: language, search, from a number to its entries, another day, charts, calendar
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

// ---- reports as files
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

// ---- news: somebody else records, and open pages hear of it
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

// ---- nothing lost, nothing twice
await part('connection', async () => {
  const row = running[2];
  const seat = await seated(row.person, 1440, `${address(row.duty)}/progress`);
  const page = seat.page;
  for (const f of ['net::ERR', 'Failed to load resource']) seat.fine.add(f);
  // What people do before a page that did not come: back, and to the form again where they are not
  // in it yet (a browser may put the failed page in the form's place).
  const back = async () => {
    await page.goBack({waitUntil: 'load'});
    if (!await page.$('main form.form [name=percent]')) await act(seat, row.duty, 'progress');
    return seat.filled();
  };
  // Sent, recorded, and the answer lost on its way: the worst case.
  const wire = await page.createCDPSession();
  await seat.fill({percent: '88', note: '应答丢失的一次'});
  await wire.send('Fetch.enable', {patterns: [{urlPattern: '*/progress*', requestStage: 'Response'}]});
  const lost = new Promise(good => wire.once('Fetch.requestPaused', async e => { await wire.send('Fetch.failRequest', {requestId: e.requestId, errorReason: 'ConnectionReset'}); good(e.responseStatusCode); }));
  await (await page.$('main form.form button[value=record]')).click();
  const status = await lost;
  did.push({event: 'progress', by: row.person, dept: row.dept, percent: 88, note: '应答丢失的一次'});
  await page.waitForFunction(() => location.protocol === 'chrome-error:' || !document.querySelector('main form.form'), {timeout: 10_000}).catch(() => {});
  await wire.send('Fetch.disable');
  const broken = page.url();
  const there = await back();
  told(`connection lost after sending (the desk had answered ${status}): back at the form the words still stand there`, unless(there.note === '应答丢失的一次' && there.percent === '88', `${broken} → ${seat.path()}: ${JSON.stringify(there)}`));
  if (there.note !== '应答丢失的一次') await seat.fill({percent: '88', note: '应答丢失的一次'});
  const said = await seat.send();
  told('connection lost after sending: sent again, it is recorded once', [...nothingNew(), ...unless(said, 'nothing is said')]);
  console.log(`       the page says: ${said.replace(/\s+/g, ' ')}`);

  // Not sent at all.
  await act(seat, row.duty, 'progress');
  const blank = await seat.filled();
  told('a form opened after that is a fresh one', unless(!blank.note && !blank.percent, JSON.stringify({note: blank.note, percent: blank.percent})));
  if (blank.note) await page.$eval('main form.form', f => f.reset());
  await page.$$eval('main form.form [name=note],main form.form [name=percent]', all => all.forEach(e => { e.value = ''; }));
  await seat.fill({percent: '89', note: '断网时所填'});
  await page.setOfflineMode(true);
  await (await page.$('main form.form button[value=record]')).click();
  await page.waitForFunction(() => location.protocol === 'chrome-error:' || !document.querySelector('main form.form'), {timeout: 10_000}).catch(() => {});
  await page.setOfflineMode(false);
  const kept = await back();
  await (kept.note === '断网时所填' ? Promise.resolve() : seat.fill({percent: '89', note: '断网时所填'}));
  await seat.send();
  did.push({event: 'progress', by: row.person, dept: row.dept, percent: 89, note: '断网时所填'});
  told('no connection when sending: the words wait, and are recorded once when there is one', [...unless(kept.note === '断网时所填' && kept.percent === '89', JSON.stringify(kept)), ...nothingNew()]);

  // The same form twice at a time, as an impatient hand sends it.
  await act(seat, row.duty, 'progress');
  const {key} = await seat.filled();
  const twice = await page.evaluate(async (path, key) => {
    const csrf = document.querySelector('main [name=csrf]').value;
    const send = () => fetch(path, {method: 'POST', body: new URLSearchParams({csrf, key, action: 'record', note: '连按两次'})}).then(a => [a.status, a.url]);
    return Promise.all([send(), send()]);
  }, `${address(row.duty)}/progress`, key);
  did.push({event: 'progress', by: row.person, dept: row.dept, note: '连按两次'});
  told('the same form sent twice at a time: recorded once, both are told so', [...nothingNew(), ...unless(twice.every(([s, u]) => s === 200 && u.includes('done=')), JSON.stringify(twice))]);

  // The desk is stopped and opened again while a form is being filled.
  await act(seat, row.duty, 'progress');
  await page.$$eval('main form.form [name=note],main form.form [name=percent]', all => all.forEach(e => { e.value = ''; }));
  await seat.fill({note: '重启前所填'});
  const code = await world.close();
  await world.open();
  await seat.send();
  did.push({event: 'progress', by: row.person, dept: row.dept, note: '重启前所填'});
  told(`the desk stopped (exit ${code}) and opened again under an open form: it is still signed in, and recorded once`, [...unless(code === 0, `exit ${code}`), ...nothingNew()]);
  await farewell('connection', seat);
});

await part('session', async () => {
  const row = running[3];
  for (const script of [true, false]) {
    const seat = await seated(row.person, 390, `${address(row.duty)}/progress`, {script});
    seat.fine.add('status of 401');
    const note = `登录过期前所填${script ? '' : '，无脚本'}`;
    await seat.fill({percent: '77', note});
    // The desk forgets everybody, as at the end of the session's time.
    const gone = await seat.context.cookies();
    await seat.context.deleteCookie(...gone.filter(c => c.name === 'duban'));
    await seat.press('main form.form button[value=record]');
    const asks = await seat.page.$('[name=password]');
    told(`session ended while typing${script ? '' : ', no script'}: the page asks to sign in, nothing is recorded`, [...unless(asks, seat.path()), ...nothingNew()]);
    if (script) await seat.shot(picture('session-ended-390'));
    await seat.signIn(row.person, null);
    const there = await seat.page.$('main form.form [name=percent]') ? await seat.filled() : {};
    told(`session ended while typing${script ? '' : ', no script'}: after signing in the words stand in the form`, [
      ...unless(there.note === note && there.percent === '77', `${seat.path()} ${JSON.stringify({note: there.note, percent: there.percent})}`),
      ...unless(await seat.known(), 'the page does not say who is signed in'),
    ]);
    if (there.note !== note) { await seat.go(`${address(row.duty)}/progress`); await seat.page.$$eval('main form.form [name=note],main form.form [name=percent]', all => all.forEach(e => { e.value = ''; })); await seat.fill({percent: '77', note}); }
    await seat.send();
    did.push({event: 'progress', by: row.person, dept: row.dept, percent: 77, note});
    told(`session ended while typing${script ? '' : ', no script'}: recorded once`, nothingNew());
    await farewell(`session${script ? '' : ', no script'}`, seat);
  }
  // Words that one post typed are not shown to the next one at the same screen.
  const other = another(shared).post, form = `${address(shared.duty)}/progress`;
  const seat = await seated(shared.person, 1440, form);
  await seat.fill({note: '只给自己看的话'});
  await seat.context.deleteCookie(...(await seat.context.cookies()).filter(c => c.name === 'duban'));
  await seat.signIn(other, form);
  told(`one screen, two posts: ${other} does not find what ${shared.person} typed`, unless(!(await seat.filled()).note, 'it stands there'));
  await farewell('one screen', seat);
});

// ---- begun today, finished tomorrow; asked and declined
await part('drafts', async () => {
  const row = running[0];
  const seat = await seated(row.person, 390, `${address(row.duty)}/progress`);
  await seat.fill({percent: '95', note: '先存草稿'});
  await seat.send('draft');
  await seat.go('/mine');
  const listed = (await seat.text()).includes('先存草稿');
  await seat.press('main .note a.button');
  const there = await seat.filled();
  told('drafts: a form saved as a draft is on the own list, counts nowhere, and is gone on with', [...unless(listed, 'not on the list'), ...unless(there.note === '先存草稿' && there.percent === '95', JSON.stringify(there)), ...nothingNew()]);
  await seat.send();
  did.push({event: 'progress', by: row.person, dept: row.dept, percent: 95, note: '先存草稿'});
  await seat.go('/mine');
  told('drafts: recorded, it is an entry and no draft any more', [...nothingNew(), ...unless(!(await seat.text()).includes('继续填写'), 'it is still there')]);
  await act(seat, row.duty, 'extend');
  await seat.fill({reason: '需再议', until: inAYear, agreed: approver});
  await evidence(seat, '请示');
  await seat.send();
  await seat.park();
  const boss = await seated(approver, 390, '/queue');
  await boss.page.type('main .note [name=reason]', '理由不足，不予延期');
  await boss.press('main .note button[value=decline]');
  await boss.park();
  await seat.go(address(row.duty));
  told(`drafts: ${approver} declines the extension with a reason, which ${row.person} reads; nothing is recorded`, [...unless((await seat.text()).includes('理由不足，不予延期'), 'the reason is not on the page'), ...nothingNew()]);
  await farewell('drafts', seat, boss);
});

// ---- one's own password
await part('account', async () => {
  const {person} = running[0], old = world.passwords[person];
  const seat = await seated(person, 1440, '/account'), elsewhere = await seated(person, 390);
  for (const s of [seat, elsewhere]) for (const f of ['status of 401', 'status of 403', 'status of 422']) s.fine.add(f);
  const change = async (password, fresh) => {
    await seat.go('/account');
    await seat.fill({password, new: fresh, again: fresh});
    await seat.press('main form.form button.main');
    return Boolean(await seat.page.$('main .good'));
  };
  const wrong = await change('not-the-password', 'a-new-one-of-mine');
  const right = await change(old, 'a-new-one-of-mine');
  world.passwords[person] = 'a-new-one-of-mine';
  await elsewhere.go('/mine');
  told('account: the password is changed only by who knows it; the sessions elsewhere end; the new one opens', [
    ...unless(!wrong, 'a wrong present password was taken'), ...unless(right, 'it was not changed'), ...unless(elsewhere.path().startsWith('/sign-in'), elsewhere.path())]);
  await elsewhere.signIn(person);
  await farewell('account', seat, elsewhere);
});

// ---- on paper
await part('paper', async () => {
  const seat = await seated(idle[0].manager, 1440);
  for (const [name, path, there] of [['first', '/', ['办理状态一览', '市公安局']], ['report', '/reports/status/html', ['办理状态一览', '市公安局']]]) {
    await seat.go(path);
    const {complaints, pages} = await paper(seat.page, join(out, `paper-${name}.pdf`), {absent: ['退出', '总览本单位', 'English', '跳到正文', '检索'], there});
    told(`paper: ${path} is A4 landscape, ${pages} sheets, without the ways to go`, complaints);
  }
  await farewell('paper', seat);
});

// ---- every kind of page: axe, width, language, light and dark, both screens
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

// ---- the screen on the wall
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

// ---- the checks bite
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

// ---- the log in the end
await part('the log', async () => {
  const fields = ['agreed', 'via', 'percent', 'note', 'reason'];
  const line = e => JSON.stringify([e.event, e.by, e.dept, ...fields.map(f => e.fields?.[f] ?? e[f] ?? null)]);
  const [want, have] = [did.map(line), fresh().map(line)];
  told(`the log: ${have.length} entries are new, the ${want.length} that were made, in their order, and no other`, want.length === have.length ? want.map((w, i) => w === have[i] ? '' : `${i + 1}: made ${w}, found ${have[i]}`) : [`made: ${want.join(' ')}`, `found: ${have.join(' ')}`]);
  let verdict;
  try { verdict = world.cli('verify'); } catch (e) { verdict = `exit ${e.status}: ${e.stdout}${e.stderr}`; }
  told(`the log: verify says ${verdict.trim().split('\n').at(-1)}`, unless(/whole|完整/.test(verdict) && !verdict.startsWith('exit'), verdict));
  const access = readFileSync(world.log, 'utf8').trim().split('\n').map(l => JSON.parse(l));
  const secret = Object.values(world.passwords).find(p => readFileSync(world.log, 'utf8').includes(p));
  told(`the access log: ${access.length} requests, none answered with 5xx, no password and no words of people in it`, [
    ...access.filter(a => a.status >= 500).map(a => JSON.stringify(a)), ...unless(!secret, 'a password'), ...unless(!readFileSync(world.log, 'utf8').includes('申请销号'), 'words of a form')]);
  const code = await world.close();
  told(`the desk stops when asked: exit ${code}`, unless(code === 0, `${code}`));
});

await browser.close();
console.log(failed.length ? `${failed.length} of ${checks} FAILED` : `all ${checks} well`, '- pictures in', out);
process.exit(failed.length ? 1 : 0);
