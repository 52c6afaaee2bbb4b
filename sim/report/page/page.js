/*
 * page: what is chosen, and all of it put together.
 */
function themeButton() {
  const root = document.documentElement,
    dark = matchMedia('(prefers-color-scheme: dark)');
  const set = on => {
    root.dataset.theme = on ? 'dark' : 'light';
    toggle.setAttribute('aria-pressed', String(on));
  };
  const toggle = button('dark', () => set(root.dataset.theme !== 'dark'), { class: 'theme' });
  dark.addEventListener('change', () => set(dark.matches));
  set(dark.matches);
  return toggle;
}

function drawHead(title, name, doc, sources) {
  document.title = name + ' \u2013 fsrace';
  document
    .getElementById('head')
    .replaceChildren(
      el('div', { class: 'topline' }, el('h1', {}, title || name), themeButton()),
      el(
        'p',
        { class: 'soft' },
        el('span', { class: 'code' }, name),
        sources && sources.length > 0 && ', seen in ' + sources.join(', '),
      ),
      ...(doc ? [el('p', { class: 'doc' }, doc)] : []),
    );
}

/* What tells most: of the first variant, the first property that is not as expected, else that can break, else any. */
function telling(variant) {
  const p = variant.properties;
  const found = [
    p.findIndex(x => x.ok === false),
    p.findIndex(x => x.expected && x.failing >= 0 && x.passing >= 0),
    p.findIndex(x => x.expected && x.failing >= 0),
    p.findIndex(x => x.failing >= 0),
  ].find(i => i >= 0);
  return found === undefined ? 0 : found;
}

/* The executions that one can choose from, once a property is chosen. */
function choicesOf(variant, property) {
  const p = variant.properties[property],
    choices = [];
  if (p.failing >= 0) choices.push({ label: p.name + ' is broken', run: p.failing, property, race: p.race });
  if (p.passing >= 0)
    choices.push({
      label: p.common !== undefined ? 'the nearest where it holds' : p.name + ' holds',
      run: p.passing,
      property,
      race: p.passing_race,
    });
  variant.outcomes
    .filter(o => o.run >= 0 && !choices.some(c => c.run === o.run))
    .forEach((o, i) =>
      choices.push({ label: 'outcome ' + (variant.outcomes.indexOf(o) + 1), run: o.run, property }),
    );
  return choices;
}

function start() {
  const player = new Player(),
    main = document.getElementById('main');
  const overview = el('div', {}),
    rest = el('div', {});
  let choices = [];
  const open = (run, position, race) => {
    const choice = choices.find(c => c.run === run) || { label: 'this execution', run, race };
    player.show(player.variant, choices.includes(choice) ? choices : choices.concat(choice), choice);
    player.go(position);
    player.root.scrollIntoView({ block: 'start' });
  };
  const choose = (variant, index) => {
    const property = index === undefined ? telling(variant) : index;
    const focused = document.activeElement && document.activeElement.getAttribute('aria-label');
    choices = choicesOf(variant, property);
    overview.replaceChildren(
      drawVariants(variant, property, choose),
      el('p', {}),
      drawStrip(variant, property),
    );
    player.root.hidden = !choices.length;
    if (choices.length) player.show(variant, choices, choices[0]);
    rest.replaceChildren(...[drawPair(variant, property, open), drawOutcomes(variant, open)].filter(Boolean));
    if (focused)
      [...overview.querySelectorAll('button')]
        .filter(b => b.getAttribute('aria-label') === focused)
        .forEach(b => b.focus());
  };
  drawHead(report.scenario.title, report.scenario.name, variants[0].doc, report.scenario.sources);
  main.replaceChildren(overview, player.root, rest);
  choose(variants.find(v => v.properties.some(p => p.ok === false)) || variants[0]);
}

function startIndex() {
  const rows = report.index,
    bad = rows.filter(r => r.variants.some(v => v.properties.some(p => p.ok === false))).length;
  drawHead(
    'Scenarios',
    'fsrace',
    plural(rows.length, 'scenario') + ' were run; ' + (bad ? bad + ' not as expected.' : 'all as expected.'),
  );
  document.getElementById('main').replaceChildren(drawIndex(rows));
}

document
  .getElementById('foot')
  .append(
    'Made by fsrace. This file needs nothing else; its data is JSON in the element \u201cdata\u201d, format ' +
      report.fsrace_report +
      '.',
  );
if (report.index) startIndex();
else start();
