// A register of its own, in git as a fresh clone would be, and its desk.

import {execFileSync, spawn} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

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
