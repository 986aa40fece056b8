'use strict';
// Long tables get a field to filter rows and headings that sort. The page is whole without it;
// paper always has every row.
const said = document.body.dataset;
const value = cell => {
  const text = cell ? cell.textContent.trim() : '';
  const day = text.match(/^(\d{4})\D(\d{1,2})\D(\d{1,2})/);
  if (day) return day[1] * 10000 + day[2] * 100 + +day[3];
  return /^-?[\d.]+%?$/.test(text) ? parseFloat(text) : text;
};
const order = (a, b) => {
  if (a === '' || b === '') return (a === '') - (b === '');
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return typeof a === 'number' ? a - b : a.localeCompare(b, document.documentElement.lang);
};
for (const table of document.querySelectorAll('table[data-long]')) {
  const rows = [...table.querySelectorAll('tbody tr:not(.g):not(.s)')];
  const label = document.createElement('label');
  const field = Object.assign(document.createElement('input'), {type: 'search'});
  const count = document.createElement('output');
  label.append(said.filter + ' ', field);
  const bar = document.createElement('div');
  bar.className = 'find';
  bar.append(label, count);
  table.before(bar);
  let texts;
  const filter = () => {
    texts ??= rows.map(row => row.textContent.toLowerCase());
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !words.every(word => texts[i].includes(word));
      shown += !row.hidden;
    });
    const figures = [shown, rows.length];
    count.textContent = words.length ? said.shown.replace(/\{\}/g, () => figures.shift()) : '';
  };
  let wait;
  field.addEventListener('input', () => { clearTimeout(wait); wait = setTimeout(filter, 120); });
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    // Over the heading, not around it: Chromium repeats a heading row on paper without what
    // stands in its buttons.
    const button = Object.assign(document.createElement('button'), {type: 'button', ariaLabel: head.textContent});
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      for (const body of table.tBodies) {
        const own = [...body.rows].filter(row => !row.matches('.g,.s')).map(row => [value(row.cells[column]), row]);
        own.sort((a, b) => (down && a[0] !== '' && b[0] !== '' ? -1 : 1) * order(a[0], b[0]));
        body.append(...own.map(pair => pair[1]), ...[...body.rows].filter(row => row.matches('.s')));
      }
    });
  });
}
