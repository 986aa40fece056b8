#!/usr/bin/env node
// HTML reports held against programs that are not ours: the Nu validator, axe-core in a real
// browser (light and dark, wide and phone), words in charts that must not meet, nothing fetched
// and nothing refused by the page's own policy, and the print-out: A4 landscape, numbered,
// heading row on each sheet, signature block whole on the last.
//
// Usage: html.mjs [--out FOLDER] [--all REPOSITORY-ROOT] [FILE…]
// --all adds every HTML file below REPOSITORY-ROOT/reports: some minutes, where a few are enough for every change.
// Pictures and PDF files go to FOLDER (default: a temporary one, named at the end). Each run
// also spoils copies of the first file, which must be caught. Chromium, a Java runtime and
// poppler-utils are installed from Debian, the rest from npm, where they are not there;
// where they cannot be, this fails.

import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {basename, join, relative, resolve, sep} from 'node:path';
import {pathToFileURL} from 'node:url';

const words = process.argv.slice(2);
let out = mkdtempSync(join(tmpdir(), 'duban-html-'));
if (words[0] === '--out') [out] = words.splice(0, 2).slice(1);
// Names of pictures: the file's own, with its folders where the same name stands in several.
const shown = new Map();
if (words[0] === '--all') {
  const base = join(resolve(words.splice(0, 2)[1]), 'reports');
  const all = readdirSync(base, {recursive: true}).filter(f => f.endsWith('.html')).map(f => join(base, f)).sort();
  if (all.length < 2) throw new Error(`html.mjs: ${all.length} HTML files below ${base}: nothing was looked at`);
  all.forEach(f => shown.set(f, relative(base, f).replace(/\.html$/, '').replaceAll(sep, '-')));
  words.push(...all);
}
const files = [...new Set(words.map(f => resolve(f)))];
mkdirSync(out, {recursive: true});
if (!files.length || files.some(f => !existsSync(f))) {
  console.error('html.mjs: name the HTML files to look at; missing: ' + (files.filter(f => !existsSync(f)).join(' ') || 'all'));
  process.exit(2);
}

// ---- tools
const has = name => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
const wanted = [['chromium', 'chromium'], ['java', 'default-jre-headless'], ['pdfinfo', 'poppler-utils']].filter(([p]) => !has(p)).map(x => x[1]);
if (!spawnSync('fc-list', [':lang=zh'], {encoding: 'utf8'}).stdout?.trim()) wanted.push('fonts-noto-cjk');
if (wanted.length) {
  spawnSync('apt-get', ['update', '-qq'], {stdio: 'ignore'});
  const done = spawnSync('apt-get', ['install', '-y', '-qq', ...wanted], {stdio: 'ignore', env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'}});
  if (done.status !== 0) throw new Error(`html.mjs: not there and cannot be installed: ${wanted.join(' ')}`);
}
const tools = join(tmpdir(), 'duban-html-tools');
mkdirSync(tools, {recursive: true});
const need = {'puppeteer-core': '24', 'axe-core': '4', 'vnu-jar': '26'};
if (Object.keys(need).some(n => !existsSync(join(tools, 'node_modules', n)))) {
  writeFileSync(join(tools, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--silent', '--no-audit', ...Object.entries(need).map(([n, v]) => `${n}@${v}`)], {cwd: tools, stdio: 'inherit'});
}
const require = createRequire(join(tools, 'package.json'));
const puppeteer = require('puppeteer-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const vnu = require('vnu-jar');

// ---- checks: each gives a list of complaints
const failed = [];
const told = (what, complaints) => {
  console.log(`${complaints.length ? 'FAILED' : 'ok'} ${what}`);
  complaints.slice(0, 12).forEach(c => console.log('   ' + c));
  if (complaints.length) failed.push(what);
};

// One validator for all files: starting it takes longer than reading one of them.
function validated(all) {
  const done = spawnSync('java', ['-Xss4m', '-jar', vnu, '--format', 'json', '--exit-zero-always', ...all], {encoding: 'utf8', maxBuffer: 1 << 28});
  const said = JSON.parse(done.stderr.trim().split('\n').pop());
  const wrong = said.messages.filter(m => m.type === 'error' || m.type === 'non-document-error');
  const lost = wrong.filter(m => !all.some(f => m.url === pathToFileURL(f).href.replace('file:///', 'file:/'))).map(m => `${m.url}: ${m.message}`);
  return file => [...lost, ...wrong.filter(m => m.url === pathToFileURL(file).href.replace('file:///', 'file:/')).map(m => `${m.lastLine}:${m.lastColumn} ${m.message}`)];
}
const valid = file => validated([file])(file);

const browser = await puppeteer.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});

async function open(file, width, scheme) {
  const page = await browser.newPage();
  const odd = [];
  page.on('request', r => r.url().startsWith('http') && odd.push(`asks the network for ${r.url()}`));
  page.on('console', m => ['error', 'warn'].includes(m.type()) && odd.push(`console: ${m.text()}`));
  page.on('pageerror', e => odd.push(`script: ${e.message}`));
  await page.setViewport({width, height: 900, deviceScaleFactor: 1});
  await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
  await page.goto(pathToFileURL(file), {waitUntil: 'load', timeout: 120000});
  return {page, odd};
}

// Rows beyond so many are taken away before axe looks: it needs minutes for ten thousand.
const ROWS = 150;
async function accessible(page) {
  await page.evaluate(n => document.querySelectorAll('tbody').forEach(b => [...b.rows].slice(n).forEach(r => r.remove())), ROWS);
  await page.evaluate(axe);
  const {violations} = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
  return violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => `${v.impact} ${v.id}: ${v.nodes.length} × ${v.nodes[0].html.slice(0, 140)} ${v.nodes[0].failureSummary?.replace(/\s+/g, ' ').slice(0, 200)}`);
}

// Words of a chart that meet, that leave the picture, and pages wider than the screen.
const laid = page => page.evaluate(() => {
  const out = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) out.push(`the page is ${wide} pixels wide on a screen of ${innerWidth}`);
  for (const svg of document.querySelectorAll('svg[role=img]')) {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map(t => [t.firstChild.data ?? t.textContent, t.getBoundingClientRect()]).filter(t => t[1].width > 0);
    texts.forEach(([a, p], i) => {
      if (p.left < frame.left - 2 || p.right > Math.max(frame.right, frame.left + svg.scrollWidth) + 2) out.push(`“${a}” leaves its picture`);
      for (const [b, q] of texts.slice(i + 1)) {
        const w = Math.min(p.right, q.right) - Math.max(p.left, q.left), h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (w > 1 && h > 3) out.push(`“${a}” meets “${b}”`);
      }
    });
  }
  // Words and dates that are parted (a digest is neither): A-m-ber under each other, 2026-09- and 30. A year may stand above its day.
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node, n = 0; n < 3000 && (node = walk.nextNode());) {
    if (!node.data.trim() || !node.parentElement.checkVisibility() || node.parentElement.closest('svg,script,style')) continue;
    n++;
    for (const word of node.data.matchAll(/\d{4}-\d\d-\d\d|\d{1,2}月\d{1,2}日|(?<![A-Za-z0-9-])[A-Za-z]{3,14}(?![A-Za-z0-9-])/g)) {
      const range = new Range();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) out.push(`“${word[0]}” is parted in “${node.data.trim().slice(0, 40)}”`);
    }
  }
  // The first rows do: asking a row that is not on the screen makes the browser lay it out.
  for (const cell of [...document.querySelectorAll('table.t tr>*')].slice(0, 4000)) {
    if (cell.scrollWidth > cell.clientWidth + 2 && cell.clientWidth) { out.push(`“${cell.textContent.slice(0, 20)}” is wider than its cell`); break; }
  }
  return out;
});

// What the script adds: a filter that says how much it shows, headings that sort, totals that
// stay last; and paper has every row all the same.
async function enhanced(page) {
  const before = await page.$$eval('table[data-long] tbody tr:not(.g):not(.s)', r => r.length);
  const word = await page.$eval('table[data-long] tbody tr:not(.g):nth-of-type(3) th', c => c.textContent);
  await page.type('.find input', word);
  await page.waitForFunction(() => document.querySelector('.find output').textContent !== '', {timeout: 20000});
  await page.emulateMediaType('print');
  const paper = await page.$$eval('table[data-long] tbody tr', r => r.filter(x => getComputedStyle(x).display === 'none').length);
  await page.emulateMediaType(null);
  const [said, shown] = await page.evaluate(() => [document.querySelector('.find output').textContent,
    [...document.querySelectorAll('table[data-long] tbody tr:not(.g):not(.s)')].filter(x => getComputedStyle(x).display !== 'none').length]);
  await page.$eval('.find input', f => { f.value = ''; f.dispatchEvent(new Event('input')); });
  await page.waitForFunction(() => document.querySelector('.find output').textContent === '', {timeout: 20000});
  const press = () => page.$eval('table[data-long] thead th:first-child button', b => b.click());
  await press();
  await press();
  const [sort, firsts] = await page.evaluate(() => [document.querySelector('table[data-long] thead th').getAttribute('aria-sort'),
    [...document.querySelector('table[data-long]').tBodies[0].rows].filter(r => !r.matches('.g,.s')).map(r => +r.cells[0].textContent)]);
  const out = [];
  if (shown < 1 || shown >= before || !said.includes(String(shown)) || !said.includes(String(before))) out.push(`the filter shows ${shown} of ${before} and says “${said}”`);
  if (paper) out.push(`${paper} rows would be missing on paper`);
  if (sort !== 'descending' || firsts.some((n, i) => i && n > firsts[i - 1])) out.push(`sorted ${sort}: ${firsts.slice(0, 5)}`);
  await press();
  return out;
}

async function printed(page, file, pdf) {
  const heads = await page.evaluate(() => {
    const tables = [...document.querySelectorAll('table.t')];
    return tables.length === 1 ? [...tables[0].tHead.rows[0].cells].map(c => c.textContent.trim()) : [];
  });
  const sign = await page.evaluate(() => [...document.querySelectorAll('.sg span')].map(s => s.textContent));
  await page.pdf({path: pdf, preferCSSPageSize: true, printBackground: false, timeout: 300000});
  const info = execFileSync('pdfinfo', [pdf], {encoding: 'utf8'});
  const bare = t => t.replace(/\s+/g, '');
  const sheets = execFileSync('pdftotext', ['-layout', pdf, '-'], {encoding: 'utf8', maxBuffer: 1 << 28}).split('\f').slice(0, -1).map(bare);
  const complaints = [];
  if (!/Page size: +84[12](\.\d+)? x 59[4-6](\.\d+)? pts \(A4\)/.test(info)) complaints.push('not A4 landscape: ' + info.match(/Page size.*/)[0]);
  sheets.forEach((text, i) => {
    if (!text.endsWith(`—${i + 1}—`)) complaints.push(`sheet ${i + 1} has no — ${i + 1} — at its foot`);
    // The last sheet may have the signature block alone.
    const head = heads.filter(h => /^[\u4e00-\u9fff]{2,4}$/.test(h));
    if (i < sheets.length - 1 && !head.every(h => text.includes(h))) complaints.push(`sheet ${i + 1} has no heading row`);
  });
  if (!sign.filter(s => /^[ -~\u4e00-\u9fff（）：]+$/.test(s)).every(s => sheets.at(-1).includes(bare(s)))) complaints.push('the signature block is not whole on the last sheet');
  return {complaints, sheets: sheets.length};
}

const faults = validated(files);
for (const file of files) {
  const name = shown.get(file) ?? basename(file, '.html');
  told(`${name}: valid HTML`, faults(file));
  for (const scheme of ['light', 'dark']) {
    for (const width of [1440, 390]) {
      const {page, odd} = await open(file, width, scheme);
      const at = `${name}: ${width} ${scheme}`;
      const complaints = await laid(page);
      const tall = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), 6000);
      await page.screenshot({path: join(out, `${name}-${width}-${scheme}.png`), clip: {x: 0, y: 0, width, height: tall}, captureBeyondViewport: true});
      if (scheme === 'light' && await page.$('table[data-long]')) told(`${at}: filter and sorting`, await enhanced(page));
      if (scheme === 'light' && width === 1440) {
        const {complaints: c, sheets} = await printed(page, file, join(out, `${name}.pdf`));
        told(`${name}: printed, ${sheets} sheets`, c);
      }
      told(`${at}: laid out, nothing fetched, nothing refused`, [...complaints, ...odd]);
      told(`${at}: no serious violation${statSync(file).size > 1e6 ? ` (first ${ROWS} rows of each part)` : ''}`, await accessible(page));
      await page.close();
    }
  }
}

// ---- the checks bite: spoilt copies of the first file
const whole = readFileSync(files[0], 'utf8');
const open_policy = text => text.replace(/<meta http-equiv[^>]*>/, '');
async function spoilt(what, text, check) {
  const file = join(out, 'spoilt.html');
  if (text === whole) return told(`control: ${what}: could not be spoilt`, ['the first file has nothing to spoil']);
  writeFileSync(file, text);
  const {page, odd} = await open(file, 390, 'light');
  const caught = await check({page, odd, file});
  await page.close();
  told(`control: ${what} is caught`, caught.length ? [] : ['nothing was said']);
}
await spoilt('an id twice', whole.replace('<main id="main">', '<main id="main"><p id="main"></p>'), ({file}) => valid(file));
await spoilt('a page without language', whole.replace(/<html lang="[^"]*">/, '<html>'), ({page}) => accessible(page));
await spoilt('pale words', open_policy(whole).replace(/--mt:#[0-9a-f]{6}/, '--mt:#c8c8c8'), ({page}) => accessible(page));
await spoilt('a picture from elsewhere', whole.replace('<main id="main">', '<main id="main"><img alt="x" src="http://192.0.2.1/x.png">'), ({odd}) => odd.length ? odd : []);
await spoilt('a page too wide', open_policy(whole).replace('</style>', 'h1{width:900px}</style>'), ({page}) => laid(page));
await spoilt('a word in pieces', open_policy(whole).replace('</style>', 'h1{width:2px;word-break:break-all}</style>').replace(/<h1([^>]*)>/, '<h1$1>Obligations '), ({page}) => laid(page).then(c => c.filter(x => x.includes('parted'))));
await spoilt('a portrait sheet', open_policy(whole).replace('size:A4 landscape', 'size:A4'), async ({page, file}) => (await printed(page, file, join(out, 'spoilt.pdf'))).complaints);
await spoilt('sheets without number', open_policy(whole).replace('counter(page)', '""'), async ({page, file}) => (await printed(page, file, join(out, 'spoilt.pdf'))).complaints);
const charted = /<text class="lb" x="0" y="\d+">/g;
if (whole.match(charted)?.length > 1) await spoilt('words that meet in a chart', whole.replace(charted, '<text class="lb" x="0" y="14">'), ({page}) => laid(page));
// Heading rows are looked for where a table is alone in its file and has Chinese heads.
const lone = text => text.includes('data-long') && text.includes('<html lang="zh"') && !/<title>[^<]*[A-Za-z]{4}/.test(text) && text.match(/<table [^>]*class="t /g)?.length === 1;
const long = files.find(f => lone(readFileSync(f, 'utf8')));
if (long) {
  const text = open_policy(readFileSync(long, 'utf8')).replace('thead{display:table-header-group;break-inside:avoid}', 'thead{display:table-row-group}');
  await spoilt('a heading row on the first sheet only', text, async ({page, file}) => (await printed(page, file, join(out, 'spoilt.pdf'))).complaints.filter(c => c.includes('heading')));
} else {
  console.log('NOTE no long table among the files: the control of heading rows was not run');
}
await browser.close();
console.log(failed.length ? `${failed.length} FAILED` : 'all well', '- pictures in', out);
process.exit(failed.length ? 1 : 0);
