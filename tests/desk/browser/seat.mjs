// A post before its own browser window: nothing is shared with another's.

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
  // Empties what people type into, whatever stood there.
  clear() {
    return this.page.$$eval('main form.form [name=note],main form.form [name=percent]', all => all.forEach(e => { e.value = ''; }));
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
