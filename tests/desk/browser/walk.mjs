// One assignment from start to acceptance: each post before its own screen, wide and on a phone.

import {counts, expected, same} from './checks.mjs';
import {act, address, did, digest, evidence, farewell, fresh, idle, inAYear, nothingNew, part, picture, proof, reviewer, seated, told, unless, world} from './stage.mjs';

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

export default async function () {
  await part('walk, wide', () => walk(idle[0], 1440, false));
  await part('walk, phone, returned once', () => walk(idle[1], 390, true));
}
