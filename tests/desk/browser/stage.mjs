// The stage: the arguments, the world, who sits where, what was done so far, and what is told.

import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {Seat} from './seat.mjs';
import {chromium, tools} from './tools.mjs';
import {World} from './world.mjs';

const words = process.argv.slice(2);
const at = words.indexOf('--out');
export const out = at < 0 ? mkdtempSync(join(tmpdir(), 'duban-desk-pictures-')) : resolve(words.splice(at, 2)[1]);
if (words.length !== 2) {
  console.error('Usage: browser.mjs DUBAN REPOSITORY [--out FOLDER]');
  process.exit(2);
}
mkdirSync(out, {recursive: true});
export const picture = name => join(out, `${name}.png`);

export const failed = [];
let checks = 0;
export const tally = () => checks;
export const told = (what, complaints) => {
  checks++;
  const all = [complaints].flat().filter(Boolean);
  console.log(`${all.length ? 'FAIL' : 'ok  '} ${what}`);
  all.slice(0, 8).forEach(c => console.log('       ' + c));
  if (all.length > 8) console.log(`       … and ${all.length - 8} more`);
  if (all.length) failed.push(what);
};
export const unless = (right, what) => right ? [] : [what];
// A part that breaks off is a failure of its own; the others still run.
export const part = async (name, run) => {
  const began = performance.now();
  try { await run(); } catch (e) { told(name, `broke off: ${e.stack?.split('\n').slice(0, 3).join(' ') ?? e}`); }
  console.log(`     (${name}: ${((performance.now() - began) / 1000).toFixed(1)} s)`);
};

export const {puppeteer, axe} = tools();
export const world = new World(words[0], words[1]);
process.on('exit', () => world.sweep());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

// Who and what: found, not written down here, so that the sample may grow
export const people = world.people();
export const post = (dept, role) => people.find(p => p.dept === dept && p.roles.includes(role))?.post;
export const reviewer = 'reviewer-jco';
export const idle = world.json('list', 'status:not-started').rows
  .map(r => ({...r, duty: r.assignment ?? r.id, officer: r.person, manager: post(r.dept, 'manager')}))
  .filter(r => r.person && r.manager && people.some(p => p.post === r.person && p.dept === r.dept && p.roles.includes('officer')));
export const running = world.json('list', 'status:in-progress').rows
  .map(r => ({...r, duty: r.assignment ?? r.id}))
  .filter(r => people.some(p => p.post === r.person && p.dept === r.dept && p.roles.includes('officer')));
if (idle.length < 2 || running.length < 4) throw new Error(`the sample has ${idle.length} assignments to start and ${running.length} under way: two and four are needed`);
export const today = new Intl.DateTimeFormat('sv-SE', {timeZone: 'Asia/Shanghai'}).format(new Date());
export const inAYear = `${Number(today.slice(0, 4)) + 1}${today.slice(4, 7)}-28`;

// A supporting unit's officer, and two posts of one unit.
export let helps;
for (const p of people.filter(p => p.roles.includes('officer'))) {
  const found = world.json('list', `support:${p.dept}`, 'status:in-progress').rows.find(r => r.dept !== p.dept);
  if (found) { helps = {...p, duty: found.assignment ?? found.id, lead: found.dept}; break; }
}
export const another = r => people.find(p => p.dept === r.dept && p.roles.includes('officer') && p.post !== r.person);
export const shared = running.find(another);
if (!helps || !shared) throw new Error('the sample has no supporting unit, or no unit with two officers, that has something under way');
export const approver = people.find(p => p.roles.includes('approver')).post;
world.accounts(...new Set([...idle.slice(0, 2).flatMap(r => [r.officer, r.manager]), ...running.slice(0, 4).map(r => r.person), helps.post, shared.person, another(shared).post, approver, reviewer, 'supervisor-jco']));
await world.open();
export const browser = await chromium(puppeteer);

// What was done through the pages, in order: at the end the log holds this and nothing else.
const before = world.entries();
export const did = [];
export const fresh = () => { const old = new Set(before.map(e => e.h)); return world.entries().filter(e => !old.has(e.h)); };
// A surplus is told once, not at every later step again.
let surplus = 0;
export const nothingNew = () => {
  const n = fresh().length, want = did.length + surplus;
  surplus = n - did.length;
  return unless(n === want, `the log has ${n} new entries, not ${want}`);
};
export const seated = async (post, width, next = '/', how = {}) => { const seat = await Seat.at(browser, world, width, how); await seat.signIn(post, next); return seat; };
export const farewell = async (name, ...seats) => told(`${name}: no error on the console, nothing refused, no other host`, (await Promise.all(seats.map(s => s.leave()))).flat());
export const address = duty => `/assignment/${encodeURIComponent(duty)}`;

export const proof = join(world.folder, '方案 plan.txt');
writeFileSync(proof, 'What was decided, and by whom.\n方案正文。\n'.repeat(2000));
export const digest = createHash('sha256').update(readFileSync(proof)).digest('hex');

// The evidence that a form insists on; the first piece comes as a file.
export async function evidence(seat, name, file) {
  const pieces = await seat.page.$$eval('main form.form > fieldset', all => all.map(f => [...f.querySelector('select').options].map(o => o.value).filter(Boolean)[0]));
  const fields = {};
  for (const [n, kind] of pieces.entries()) Object.assign(fields, {[`ev${n}_type`]: kind, [`ev${n}_name`]: `${name} ${n + 1}`, [`ev${n}_number`]: `示〔2026〕${n + 1}号`, [`ev${n}_date`]: today});
  await seat.fill(fields);
  if (file && pieces.length) await (await seat.page.$('[name=ev0_file]')).uploadFile(file);
  return pieces.length;
}
export const act = async (seat, duty, event) => {
  await seat.go(address(duty));
  await seat.press(`.acts a[href$="/${event}"]`);
};
