// In the end: the log holds what was done and nothing else.

import {readFileSync} from 'node:fs';
import {did, fresh, part, told, unless, world} from './stage.mjs';

// What of an entry the steps say.
const line = e => JSON.stringify([e.event, e.by, e.dept, ...['agreed', 'via', 'percent', 'note', 'reason'].map(f => e.fields?.[f] ?? e[f] ?? null)]);
const differ = (made, found) => Array.from({length: Math.max(made.length, found.length)}, (_, i) => made[i] === found[i] ? '' : `${i + 1}: made ${made[i]}, found ${found[i]}`).filter(Boolean);

export default async function () {
  // the log in the end
  await part('the log', async () => {
    const made = did.map(line), found = fresh().map(line);
    told(`the log: ${found.length} entries are new, the ${made.length} that were made, in their order, and no other`, differ(made, found));
    const spoilt = [...made.slice(0, 2).reverse(), ...made.slice(2)];
    told('control: two entries in the wrong order, and one too many, are told', unless(differ(made, spoilt).length === 2 && differ(made, [...made, made[0]]).length === 1, 'they are not'));
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
}
