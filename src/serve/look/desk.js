'use strict';
// Pages are whole without this. With it a page hears when the register changes: one in which
// nothing is typed loads anew, the others say so. A form is kept until it was taken.
const page = document.body.dataset;
if (window.EventSource && page.mark && page.mark !== '0') {
  const news = new EventSource('/live');
  news.addEventListener('mark', event => {
    if (event.data === page.mark) return;
    news.close();
    if ('calm' in page && !document.querySelector('details[open]') && window.scrollY < 200) { location.reload(); return; }
    const bar = document.createElement('p');
    bar.className = 'news';
    bar.setAttribute('role', 'status');
    const link = Object.assign(document.createElement('a'), {href: location.href, textContent: page.reload});
    bar.append(page.news + ' · ', link);
    document.body.prepend(bar);
  });
  window.addEventListener('pagehide', () => news.close());
}
for (const form of document.querySelectorAll('form[data-keep]')) {
  const name = 'duban ' + form.dataset.keep;
  const fields = () => [...form.elements].filter(e => e.name && !['hidden', 'file', 'password', 'submit'].includes(e.type));
  try {
    const kept = JSON.parse(localStorage.getItem(name) || 'null');
    if (kept && !('filled' in form.dataset)) for (const e of fields()) {
      if (e.type === 'checkbox') e.checked = Boolean(kept[e.name]);
      else if (kept[e.name] && !e.value) e.value = kept[e.name];
    }
  } catch { localStorage.removeItem(name); }
  const keep = () => {
    const all = {};
    for (const e of fields()) all[e.name] = e.type === 'checkbox' ? e.checked : e.value;
    try { localStorage.setItem(name, JSON.stringify(all)); } catch { /* a full store keeps nothing */ }
  };
  form.addEventListener('input', keep);
  form.addEventListener('submit', () => { for (const b of form.querySelectorAll('button[type=submit]')) setTimeout(() => { b.disabled = true; }); });
  window.addEventListener('pageshow', () => { for (const b of form.querySelectorAll('button')) b.disabled = false; });
}
for (const done of document.querySelectorAll('[data-taken]')) localStorage.removeItem('duban ' + done.dataset.taken);
