// Nothing lost, nothing twice: the connection, the desk or the session ends while somebody types.

import {act, address, another, did, farewell, nothingNew, part, picture, running, seated, shared, told, unless, world} from './stage.mjs';

// The browser shows that a page did not come.
const broke = async page => {
  for (let n = 0; n < 50 && !page.url().startsWith('chrome-error:'); n++) await new Promise(good => setTimeout(good, 100));
};

// Sends the form; the desk answers, and the answer is lost on its way: the worst case. Gives the
// status that nobody saw.
async function unanswered(page) {
  const wire = await page.createCDPSession();
  await wire.send('Fetch.enable', {patterns: [{urlPattern: '*/progress*', requestStage: 'Response'}]});
  const lost = new Promise(good => wire.once('Fetch.requestPaused', async e => {
    await wire.send('Fetch.failRequest', {requestId: e.requestId, errorReason: 'ConnectionReset'});
    good(e.responseStatusCode);
  }));
  await (await page.$('main form.form button[value=record]')).click();
  const status = await lost;
  await broke(page);
  await wire.send('Fetch.disable');
  return status;
}

export default async function () {
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
    await seat.fill({percent: '88', note: '应答丢失的一次'});
    const status = await unanswered(page);
    did.push({event: 'progress', by: row.person, dept: row.dept, percent: 88, note: '应答丢失的一次'});
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
    await seat.clear();
    await seat.fill({percent: '89', note: '断网时所填'});
    await page.setOfflineMode(true);
    await (await page.$('main form.form button[value=record]')).click();
    await broke(page);
    await page.setOfflineMode(false);
    const kept = await back();
    if (kept.note !== '断网时所填') await seat.fill({percent: '89', note: '断网时所填'});
    await seat.send();
    did.push({event: 'progress', by: row.person, dept: row.dept, percent: 89, note: '断网时所填'});
    told('no connection when sending: the words wait, and are recorded once when there is one', [...unless(kept.note === '断网时所填' && kept.percent === '89', JSON.stringify(kept)), ...nothingNew()]);

    // Without script nobody keeps the words but the browser: it sends the same form, key and all, when
    // the failed page is loaded again.
    const plain = await seated(row.person, 390, `${address(row.duty)}/progress`, {script: false});
    plain.fine.add('Failed to load resource');
    await plain.fill({percent: '90', note: '无脚本，应答丢失'});
    await unanswered(plain.page);
    did.push({event: 'progress', by: row.person, dept: row.dept, percent: 90, note: '无脚本，应答丢失'});
    await plain.page.reload({waitUntil: 'load'});
    told('connection lost after sending, no script: the failed page loaded again says that it is recorded, and it is, once', [...nothingNew(), ...unless(await plain.page.$('main [role=status]'), plain.path())]);
    await farewell('connection, no script', plain);

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
    await seat.clear();
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
      // Once the desk lets the session's time run out, once the browser has lost its cookie.
      if (script) {
        await world.close();
        await world.open('--idle', '1s');
        await new Promise(good => setTimeout(good, 2500));
      } else await seat.context.deleteCookie(...(await seat.context.cookies()).filter(c => c.name === 'duban'));
      await seat.press('main form.form button[value=record]');
      const asks = await seat.page.$('[name=password]');
      told(`session ended while typing${script ? '' : ', no script'}: the page asks to sign in, nothing is recorded`, [...unless(asks, seat.path()), ...nothingNew()]);
      if (script) {
        await seat.shot(picture('session-ended-390'));
        await world.close();
        await world.open();
      }
      await seat.signIn(row.person, null);
      const there = await seat.page.$('main form.form [name=percent]') ? await seat.filled() : {};
      told(`session ended while typing${script ? '' : ', no script'}: after signing in the words stand in the form`, [
        ...unless(there.note === note && there.percent === '77', `${seat.path()} ${JSON.stringify({note: there.note, percent: there.percent})}`),
        ...unless(await seat.known(), 'the page does not say who is signed in'),
      ]);
      if (there.note !== note) {
        await seat.go(`${address(row.duty)}/progress`);
        await seat.clear();
        await seat.fill({percent: '77', note});
      }
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
}
