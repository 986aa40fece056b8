// What the browser test stands on: the tools, a register of its own with a desk that serves it,
// posts that sit before a real browser, and the checks that every page has to stand.

import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

// ---- tools: from Debian and npm where they are not there; where they cannot be had, this fails.
const has = name => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

export function tools() {
  const wanted = [['chromium', 'chromium'], ['git', 'git'], ['pdfinfo', 'poppler-utils']].filter(([p]) => !has(p)).map(x => x[1]);
  if (!spawnSync('fc-list', [':lang=zh'], {encoding: 'utf8'}).stdout?.trim()) wanted.push('fonts-noto-cjk');
  // Date fields are drawn in the browser's own language: the pictures show what the desk's readers see.
  if (!existsSync('/usr/lib/chromium/locales/zh-CN.pak')) wanted.push('chromium-l10n');
  if (wanted.length) {
    spawnSync('apt-get', ['update', '-qq'], {stdio: 'ignore'});
    const done = spawnSync('apt-get', ['install', '-y', '-qq', ...wanted], {stdio: 'ignore', env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'}});
    if (done.status !== 0) throw new Error(`browser.mjs: not there and cannot be installed: ${wanted.join(' ')}`);
  }
  // The folder of tests/conformance/html.mjs: what is there is not fetched twice.
  const folder = join(tmpdir(), 'duban-html-tools');
  mkdirSync(folder, {recursive: true});
  const need = {'puppeteer-core': '24', 'axe-core': '4'};
  if (Object.keys(need).some(n => !existsSync(join(folder, 'node_modules', n)))) {
    if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--silent', '--no-audit', ...Object.entries(need).map(([n, v]) => `${n}@${v}`)], {cwd: folder, stdio: 'inherit'});
  }
  const require = createRequire(join(folder, 'package.json'));
  return {puppeteer: require('puppeteer-core'), axe: readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')};
}

// A browser that asks nobody but the desk, in Chinese.
export const chromium = puppeteer => puppeteer.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--lang=zh-CN'],
  env: {...process.env, LANGUAGE: 'zh_CN'},
});

// ---- a register of its own, in git as a fresh clone would be, and its desk
export class World {
  constructor(program, repository) {
    this.program = resolve(program);
    this.folder = mkdtempSync(join(tmpdir(), 'duban-desk-'));
    this.register = 'obligations/sample-city';
    // The test's own wishes must not come from whoever runs it.
    this.env = {...process.env, LC_ALL: 'C.UTF-8'};
    for (const name of ['DUBAN_REGISTER', 'DUBAN_BY', 'NO_COLOR', 'COLUMNS']) delete this.env[name];
    cpSync(join(repository, 'obligations'), join(this.folder, 'obligations'), {recursive: true});
    const git = (...args) => execFileSync('git', ['-c', 'user.name=desk', '-c', 'user.email=desk@localhost', ...args], {cwd: this.folder});
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'as shipped');
    this.log = join(this.folder, 'access.log');
  }
  cli(...args) {
    return execFileSync(this.program, ['-C', this.register, ...args], {cwd: this.folder, env: this.env, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe']});
  }
  json(...args) {
    return JSON.parse(this.cli(...args, '--format', 'json'));
  }
  // Every entry of the log, oldest first.
  entries(...query) {
    return this.json('history', ...query).rows;
  }
  // The one documented command; what it prints is all that there is of a password.
  accounts(...posts) {
    const said = this.cli('account', 'add', ...posts);
    this.passwords = Object.fromEntries(said.trim().split('\n').map(line => line.split(/\s+/)));
    return this.passwords;
  }
  // Posts of people.yaml: one a line, as it is shipped.
  people() {
    const text = readFileSync(join(this.folder, this.register, 'people.yaml'), 'utf8');
    return [...text.matchAll(/^- \{post: ([\w-]+), department: ([\w-]+), roles: \[([\w, -]+)\]\}/gm)].map(([, post, dept, roles]) => ({post, dept, roles: roles.split(/,\s*/)}));
  }
  async open(...more) {
    const child = spawn(this.program, ['-C', this.register, 'serve', '--listen', this.at ?? '127.0.0.1:0', '--access-log', this.log, ...more], {cwd: this.folder, env: this.env, stdio: ['ignore', 'ignore', 'pipe']});
    this.desk = child;
    this.said = '';
    this.base = await new Promise((good, bad) => {
      const late = setTimeout(() => bad(new Error(`the desk did not open in a minute: ${this.said}`)), 60_000);
      child.once('exit', code => bad(new Error(`the desk ended with ${code}: ${this.said}`)));
      child.stderr.on('data', piece => {
        this.said += piece;
        const at = this.said.match(/(http:\/\/[^/\s]+)\/\s/);
        if (at) { clearTimeout(late); good(at[1]); }
      });
    });
    // Opened again, it stands at the same address: open pages must not notice.
    this.at = new URL(this.base).host;
  }
  // A stop as `kill` asks for it; gives the exit code, null where it had to be killed.
  async close() {
    const child = this.desk;
    if (!child || child.exitCode !== null) return child?.exitCode;
    const ended = new Promise(good => child.once('exit', code => good(code)));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
    const code = await ended;
    clearTimeout(late);
    return code;
  }
  // At the very end, whatever happened.
  sweep() {
    this.desk?.kill('SIGKILL');
    rmSync(this.folder, {recursive: true, force: true});
  }
}

// ---- a post before its own browser window: nothing is shared with another's
export class Seat {
  static async at(browser, world, width, {scheme = 'light', script = true} = {}) {
    const seat = new Seat();
    Object.assign(seat, {world, width, odd: [], fine: new Set(), context: await browser.createBrowserContext()});
    seat.page = await seat.context.newPage();
    await seat.dress(seat.page, scheme, script);
    return seat;
  }
  async dress(page, scheme = 'light', script = true) {
    page.setDefaultTimeout(30_000);
    await page.setJavaScriptEnabled(script);
    await page.setViewport({width: this.width, height: 900, deviceScaleFactor: 1});
    await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
    page.on('request', r => { if (!r.url().startsWith(this.world.base) && !/^(chrome-error|data|about):/.test(r.url())) this.odd.push(`asks another host: ${r.url()}`); });
    page.on('console', m => {
      if (!['error', 'warn', 'warning', 'issue'].includes(m.type())) return;
      // What a step provokes on purpose it names beforehand.
      if ([...this.fine].some(f => m.text().includes(f))) return;
      this.odd.push(`console at ${m.location().url ?? page.url()}: ${m.text()}`);
    });
    page.on('pageerror', e => this.odd.push(`script: ${e.message}`));
    page.on('dialog', d => d.dismiss());
  }
  go(path) {
    return this.page.goto(this.world.base + path, {waitUntil: 'load'});
  }
  // Presses what leads to another page, and waits for that page.
  async press(what) {
    const it = typeof what === 'string' ? await this.page.$(what) : what;
    if (!it) throw new Error(`${this.path()} has no ${what}`);
    const [answer] = await Promise.all([this.page.waitForNavigation({waitUntil: 'load'}), it.click()]);
    return answer;
  }
  path() {
    const at = new URL(this.page.url());
    return at.pathname + at.search;
  }
  text(selector = 'main') {
    return this.page.$eval(selector, e => e.innerText);
  }
  async signIn(post, next = '/') {
    if (next !== null) await this.go(`/sign-in?next=${encodeURIComponent(next)}`);
    await this.page.type('[name=post]', post);
    await this.page.type('[name=password]', this.world.passwords[post]);
    await this.press('form.sign button.main');
    this.post = post;
    if (next !== null && !await this.known()) throw new Error(`${post} is not signed in at ${this.path()}: ${(await this.text()).slice(0, 300)}`);
  }
  // Does the page say that this post is signed in?
  known() {
    return this.page.$eval('.who', (e, post) => e.innerText.includes(post), this.post).catch(() => false);
  }
  // Fills the fields of the form that stands there; a file by its path, a tick by true.
  async fill(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const field = await this.page.$(`main form.form [name="${name}"]:not([type=hidden])`);
      if (!field) throw new Error(`the form at ${this.path()} has no field ${name}`);
      const kind = await field.evaluate(e => e.type);
      if (kind === 'file') await field.uploadFile(value);
      else if (kind === 'checkbox') { if (await field.evaluate(e => e.checked) !== value) await field.click(); }
      else if (kind.startsWith('select')) await field.select(value);
      // How a date is typed depends on the browser's language.
      else if (kind === 'date') await field.evaluate((e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }, value);
      else {
        await field.evaluate(e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true; });
        await field.type(value);
      }
    }
  }
  filled() {
    return this.page.$eval('main form.form', f => Object.fromEntries([...f.elements].filter(e => e.name).map(e => [e.name, e.type === 'checkbox' ? e.checked : e.value])));
  }
  // The form as it stands, sent; where it leads to, or why it was not taken.
  async send(action = 'record') {
    const lacks = await this.page.$eval('main form.form', f => [...f.elements].filter(e => !e.validity.valid).map(e => e.name));
    if (lacks.length) throw new Error(`the form at ${this.path()} still wants ${lacks.join(', ')}`);
    await this.press(`main form.form button[value=${action}]`);
    const good = await this.page.$('main .good[role=status], main .note[role=status]');
    if (good) return good.evaluate(e => e.innerText);
    throw new Error(`not taken at ${this.path()}: ${(await this.text().catch(() => '')).replace(/\s+/g, ' ').slice(0, 500)}`);
  }
  // A post made by hand from one of our own pages, with this post's session and token.
  async byHand(path, fields) {
    this.fine.add('the server responded with a status of 4');
    return this.page.evaluate(async (path, fields) => {
      const csrf = document.querySelector('[name=csrf]').value;
      const answer = await fetch(path, {method: 'POST', body: new URLSearchParams({csrf, ...fields}), redirect: 'manual'});
      return {status: answer.status, kind: answer.type, text: (await answer.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')};
    }, path, fields);
  }
  async shot(file, tallest = 4000) {
    const height = Math.min(await this.page.evaluate(() => document.documentElement.scrollHeight), tallest);
    await this.page.screenshot({path: file, clip: {x: 0, y: 0, width: this.width, height}, captureBeyondViewport: true});
  }
  // Off the desk while others write: an open page would load anew in the middle of the next step.
  park() {
    return this.page.goto('about:blank');
  }
  async leave() {
    await this.context.close();
    return this.odd;
  }
}

// ---- checks that every page has to stand

// Rows beyond so many are taken away before axe looks: it needs minutes for ten thousand.
// Light and dark differ in colours alone.
const ROWS = 60;
export async function accessible(page, axe, colours = false) {
  await page.evaluate(n => document.querySelectorAll('tbody').forEach(b => [...b.rows].slice(n).forEach(r => r.remove())), ROWS);
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  const {violations} = await page.evaluate(colours => axe.run(document, {resultTypes: ['violations'], ...colours && {runOnly: ['color-contrast', 'link-in-text-block']}}), colours);
  return violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => `${v.impact} ${v.id}: ${v.nodes.length} × ${v.nodes[0].html.slice(0, 140)} ${v.nodes[0].failureSummary?.replace(/\s+/g, ' ').slice(0, 200)}`);
}

// Wider than the screen, or a control that sticks out of it.
export const wide = page => page.evaluate(() => {
  const out = [];
  const width = document.scrollingElement.scrollWidth;
  if (width > innerWidth) {
    const who = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3);
    out.push(`${width} pixels wide on a screen of ${innerWidth}: ${who.map(e => e.outerHTML.slice(0, 80)).join(' | ')}`);
  }
  return out;
});

// Dates and words that are cut in two at the end of a line: 2026-10- and 31, offic and er-cac.
export const parted = page => page.evaluate(() => {
  const out = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node, n = 0; n < 1500 && (node = walk.nextNode());) {
    if (!node.data.trim() || !node.parentElement.checkVisibility() || node.parentElement.closest('svg,script,style,code,.vh')) continue;
    n++;
    for (const word of node.data.matchAll(/\d{4}-\d\d-\d\d|(?<![A-Za-z0-9_-])[A-Za-z]{3,14}(?![A-Za-z0-9_-])/g)) {
      const range = new Range();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) out.add(`“${word[0]}” is cut in “${node.data.trim().slice(0, 40)}”`);
    }
  }
  return [...out].slice(0, 3);
});

// Words of the other language on what the desk says itself. Ids, posts and names of forms are of
// neither; the door to the other language is named in that one, and data is as it was written,
// the last entry that a form quotes too.
export const tongue = page => page.evaluate(() => {
  const zh = document.documentElement.lang === 'zh';
  const own = [...document.querySelectorAll('.ways a,.who a:not([hreflang]),button,label,legend,summary,thead th,h2,.title h1,.acts .button,.quiet,.good,.bad,dt')];
  const alien = zh ? /[A-Za-z]{4,}/ : /[\u3400-\u9fff]/;
  const neutral = /[a-z]+-[a-z-]+|[A-Z]{2,}[A-Z0-9.@-]*|[a-z]+:\S+|duban( account)?|people\.yaml|plan\.yaml|Html|Pdf/g;
  const quoted = /^Last: .*/s;
  return [...new Set(own.filter(e => e.checkVisibility()).map(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join(' ').trim()).filter(t => alien.test(t.replace(zh ? neutral : quoted, ''))))].map(t => `“${t.slice(0, 60)}” on a page in ${zh ? 'Chinese' : 'English'}`);
});

// The departments of the first screen: what each count says, by the query that it stands for. A
// nought need not open; what opens must open that query.
const STATES = ['not-started', 'in-progress', 'submitted', 'closed', 'operating', 'suspended', 'not-applicable'];
const LIGHTS = ['red', 'amber', 'green', 'grey'];
export const counts = page => page.$$eval('#departments tbody tr:not(.g)', (rows, words) => Object.fromEntries(rows.flatMap(row => {
  const asked = cell => { const a = cell.querySelector('a[href^="/list?"]'); return a && new URL(a.href).searchParams.get('q'); };
  const all = asked(row.cells[1]);
  return words.map((word, i) => {
    const cell = row.cells[i + 1], n = Number(cell.textContent), opens = asked(cell), wanted = word ? `${all} ${word}` : all;
    return [wanted, opens === null && n === 0 || opens === wanted ? n : `${cell.textContent} (opens ${opens})`];
  });
})), ['', ...STATES.map(s => `status:${s}`), ...LIGHTS.map(l => `light:${l}`)]);

// The same from the command line's answer.
export function expected(status) {
  const all = {};
  const put = (row, q) => {
    all[q] = row.total;
    for (const [k, n] of Object.entries(row.states)) all[`${q} status:${k}`] = n;
    for (const [k, n] of Object.entries(row.lights)) all[`${q} light:${k}`] = n;
  };
  status.rows.forEach(row => put(row, `dept:${row.key}`));
  put(status.total, 'total');
  return all;
}

// Every count of the screen is the command line's, and none of the command line's is missing.
export function same(shown, wanted) {
  const named = Object.fromEntries(Object.entries(shown).map(([q, n]) => [q.replace(/^policy:\S+ unit:obligation/, 'total'), n]));
  const out = Object.entries(named).filter(([q, n]) => wanted[q] !== n).map(([q, n]) => `${q}: the screen says ${n}, the command line ${wanted[q]}`);
  out.push(...Object.keys(wanted).filter(q => !(q in named)).map(q => `${q}: not on the screen`));
  return out;
}

// A4 landscape, and nothing of the navigation on it.
export async function paper(page, file, words) {
  await page.pdf({path: file, preferCSSPageSize: true, printBackground: false});
  const info = execFileSync('pdfinfo', [file], {encoding: 'utf8'});
  const text = execFileSync('pdftotext', ['-layout', file, '-'], {encoding: 'utf8', maxBuffer: 1 << 28}).replace(/\s+/g, '');
  const out = [];
  if (!/Page size: +84[12](\.\d+)? x 59[4-6](\.\d+)? pts \(A4\)/.test(info)) out.push('not A4 landscape: ' + info.match(/Page size.*/)?.[0]);
  words.absent.filter(w => text.includes(w)).forEach(w => out.push(`“${w}” is printed`));
  words.there.filter(w => !text.includes(w)).forEach(w => out.push(`“${w}” is not printed`));
  return {complaints: out, pages: Number(info.match(/Pages: +(\d+)/)?.[1])};
}
