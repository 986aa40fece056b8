'use strict';
// Pages are whole without this. With it a page hears when the register changes: one in which
// nothing is typed loads anew, the others say so. A form is kept until it was taken.
const page = document.body.dataset;
// Whoever reads far down, has opened something or types anywhere is not disturbed.
const busy = () => window.scrollY > 200 || document.querySelector('details[open]') || document.activeElement?.matches('input,select,textarea')
  || [...document.querySelectorAll('input:not([type=hidden]),textarea')].some(e => e.value !== e.defaultValue);
if (window.EventSource && page.mark && page.mark !== '0') {
  const news = new EventSource('/live');
  news.addEventListener('mark', event => {
    if (event.data === page.mark) return;
    news.close();
    if ('calm' in page && !busy()) { location.reload(); return; }
    const bar = document.createElement('p');
    bar.className = 'news';
    bar.setAttribute('role', 'status');
    const link = Object.assign(document.createElement('a'), {href: location.href, textContent: page.reload});
    bar.append(page.news + ' · ', link);
    document.body.prepend(bar);
  });
  window.addEventListener('pagehide', () => news.close());
}
document.querySelector('.ways [aria-current]')?.scrollIntoView({inline: 'center', block: 'nearest'});
for (const form of document.querySelectorAll('form[data-keep]')) {
  const name = 'duban ' + form.dataset.keep;
  const fields = () => [...form.elements].filter(e => e.name && !['hidden', 'file', 'password', 'submit'].includes(e.type));
  const key = form.elements.key;
  try {
    const kept = JSON.parse(localStorage.getItem(name) || 'null');
    if (kept && !('filled' in form.dataset)) {
      // With the words comes the form's key: sent already and not heard of, they are recorded once.
      key.value = kept.key;
      for (const e of fields()) {
        if (e.type === 'checkbox') e.checked = Boolean(kept.all[e.name]);
        else if (kept.all[e.name] && !e.value) e.value = kept.all[e.name];
      }
    }
  } catch { localStorage.removeItem(name); }
  const keep = () => {
    const all = {};
    for (const e of fields()) all[e.name] = e.type === 'checkbox' ? e.checked : e.value;
    try { localStorage.setItem(name, JSON.stringify({key: key.value, all})); } catch { /* a full store keeps nothing */ }
  };
  form.addEventListener('input', keep);
  form.addEventListener('submit', () => { for (const b of form.querySelectorAll('button[type=submit]')) setTimeout(() => { b.disabled = true; }); });
  window.addEventListener('pageshow', () => { for (const b of form.querySelectorAll('button')) b.disabled = false; });
}
for (const done of document.querySelectorAll('[data-taken]')) {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith('duban ')) continue;
    try { if (JSON.parse(localStorage[name]).key === done.dataset.taken) localStorage.removeItem(name); } catch { localStorage.removeItem(name); }
  }
}
