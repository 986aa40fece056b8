// What the test needs besides Node: from Debian and npm where it is not there; where it cannot be had, this fails.

import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

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
