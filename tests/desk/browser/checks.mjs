// What every page has to stand, and the figures of the screen against the command line's.

import {execFileSync} from 'node:child_process';

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
