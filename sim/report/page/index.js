/*
 * index: the page of a directory, a row a scenario.
 */
function indexRow(entry) {
  const found = entry.variants.flatMap(v => v.properties);
  const bad = found.filter(p => p.ok === false).length,
    open = found.filter(p => p.ok === null).length;
  const cell = (...inside) => el('td', { role: 'cell' }, inside);
  return el(
    'tr',
    { role: 'row' },
    el(
      'th',
      { scope: 'row', role: 'rowheader' },
      el('a', { href: encodeURIComponent(entry.page) }, entry.scenario.name),
      el('div', { class: 'title' }, entry.scenario.title),
    ),
    cell(
      bad
        ? el('span', { class: 'badge broken' }, plural(bad, 'verdict') + ' not as expected')
        : open
          ? el('span', { class: 'badge sometimes' }, 'undecided')
          : el('span', { class: 'badge holds' }, 'as expected'),
    ),
    cell(
      el(
        'ul',
        { class: 'props' },
        entry.variants.map(v =>
          el(
            'li',
            {},
            el('span', {}, v.name),
            v.properties.filter(p => p.expected || p.holds !== 'always').map(p => badge(v, p, p.name + ': ')),
          ),
        ),
      ),
    ),
    cell(
      plural(
        entry.variants.reduce((n, v) => n + v.executions, 0),
        'execution',
      ),
    ),
  );
}

/* Small screens show its cells one below the other; the roles say that it is a table all the same. */
function drawIndex(entries) {
  return el(
    'div',
    { class: 'card' },
    el(
      'table',
      { class: 'index', role: 'table', 'aria-label': 'Scenarios' },
      el(
        'thead',
        { role: 'rowgroup' },
        el(
          'tr',
          { role: 'row' },
          ['Scenario', 'Verdict', 'Variants', 'Run'].map(t =>
            el('th', { scope: 'col', role: 'columnheader' }, t),
          ),
        ),
      ),
      el('tbody', { role: 'rowgroup' }, entries.map(indexRow)),
    ),
  );
}
