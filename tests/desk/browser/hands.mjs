// Without script, without mouse; begun today and finished tomorrow; one's own password.

import {Seat} from './seat.mjs';
import {act, address, approver, browser, did, evidence, farewell, fresh, helps, inAYear, nothingNew, part, running, seated, told, unless, world} from './stage.mjs';

export default async function () {
  // without script; by a supporting unit, in the lead's record
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

  // without mouse
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

  // begun today, finished tomorrow; asked and declined
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

  // one's own password
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
}
