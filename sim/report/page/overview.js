/*
 * overview: verdicts of all variants side by side, the facts of one, and a failing execution beside a passing one.
 */
/* "always" is a proof where all orders were run, or known without; and else not; holds is '' where nothing is known. */
function verdictWords(variant, property) {
  if (!property.holds) return property.broken ? 'not always' : 'undecided';
  const proved = /^(all orders|one order|undecided)/.test(variant.orders) || property.holds === 'sometimes';
  return property.holds + (proved ? '' : variant.orders === 'sampled' ? ', sampled' : ' so far');
}

function heldWords(property, prefix) {
  const total = property.held + property.broken;
  if (!total) return 'no execution ended';
  return (
    prefix +
    property.held.toLocaleString('en') +
    ' of ' +
    total.toLocaleString('en') +
    (property.holds && !property.known ? '' : ' so far') +
    (property.known ? '; ' + property.known : '')
  );
}

function badge(variant, property, text) {
  const words = verdictWords(variant, property);
  return el(
    'span',
    { class: 'badge ' + (property.holds || 'open') + (words === property.holds ? '' : ' unproved') },
    (text || '') + words,
  );
}

function verdictCell(variant, property) {
  const total = property.held + property.broken;
  const expected =
    property.ok === null
      ? 'undecided'
      : !property.expected
        ? ''
        : property.ok
          ? 'as expected'
          : 'expected ' + property.expected;
  return [
    badge(variant, property),
    ' ',
    el('span', { class: property.ok === false ? 'unexpected' : 'soft' }, expected),
    el(
      'span',
      { class: 'tallybar', 'aria-hidden': 'true' },
      el('i', { css: { width: total ? (100 * property.held) / total + '%' : '0' } }),
      el('b', {}),
    ),
    el('span', { class: 'soft' }, heldWords(property, 'held in ')),
  ];
}

function says(name) {
  return variants.flatMap(v => v.properties).find(p => p.name === name).says;
}

/* Properties down, variants across: the disease beside its cure. */
function drawVariants(chosen, property, choose) {
  const names = [...new Set(variants.flatMap(v => v.properties.map(p => p.name)))];
  const head = variants.map(v =>
    el(
      'th',
      { scope: 'col', class: v === chosen ? 'chosen' : '' },
      button(v.name, () => choose(v), { 'aria-pressed': String(v === chosen) }),
      el(
        'div',
        { class: 'soft' },
        plural(v.executions, 'execution') + ', ' + plural(v.outcome_count, 'outcome'),
      ),
      el('div', { class: 'soft' }, v.orders),
    ),
  );
  const rows = names.map(name =>
    el(
      'tr',
      {},
      el('th', { scope: 'row', title: says(name) }, name),
      variants.map(v => {
        const index = v.properties.findIndex(p => p.name === name);
        return el(
          'td',
          { class: v === chosen ? 'chosen' : '' },
          index < 0
            ? el('span', { class: 'soft' }, 'not there')
            : button(verdictCell(v, v.properties[index]), () => choose(v, index), {
                class: 'cell',
                'aria-pressed': String(v === chosen && index === property),
                'aria-label':
                  v.name +
                  ', ' +
                  name +
                  ': ' +
                  verdictWords(v, v.properties[index]) +
                  ', ' +
                  heldWords(v.properties[index], 'held in '),
              }),
        );
      }),
    ),
  );
  return el(
    'section',
    { 'aria-labelledby': 'variants-title' },
    el('h2', { id: 'variants-title' }, variants.length > 1 ? 'The variants side by side' : 'Verdicts'),
    el('p', { class: 'soft hint' }, 'Choose a verdict to see an execution that shows it.'),
    el(
      'div',
      {
        class: 'card scroll verdicts',
        tabindex: '0',
        role: 'group',
        'aria-label': 'Verdicts of all variants',
      },
      el('table', {}, el('thead', {}, el('tr', {}, el('td', {}), head)), el('tbody', {}, rows)),
    ),
  );
}

/* --- the verdict strip --- */

function drawStrip(variant, property) {
  const p = variant.properties[property];
  const fact = (name, ...value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  return el(
    'section',
    { class: 'card', 'aria-labelledby': 'strip-title' },
    el('h3', { id: 'strip-title' }, variant.name + ': ' + p.name),
    p.says && el('p', {}, p.says + '.'),
    variant.doc && variant.doc !== variants[0].doc && el('p', { class: 'doc' }, variant.doc),
    el(
      'dl',
      { class: 'strip' },
      fact('holds', badge(variant, p), ' ' + heldWords(p, 'in ')),
      fact(
        'expected',
        p.expected || 'not named',
        p.ok === false && el('span', { class: 'unexpected' }, ' \u2717'),
      ),
      fact('executions', variant.executions.toLocaleString('en')),
      fact('outcomes', variant.outcome_count.toLocaleString('en')),
      fact('orders', variant.exhaustive ? 'all that can matter: a proof' : variant.orders),
      variant.seed && fact('seed', variant.seed),
      variant.undecided > 0 && fact('undecided', plural(variant.undecided, 'execution')),
      fact('store', variant.semantics + ', ' + variant.where),
      fact('scenario hash', el('span', { class: 'code' }, variant.hash)),
    ),
  );
}

/* --- failing beside passing --- */

function drawSide(title, kind, run, common, options) {
  return el(
    'div',
    { class: 'card' },
    el(
      'h3',
      { class: 'verdict' },
      el('span', { class: 'badge ' + kind }, kind === 'broken' ? 'broken' : 'holds'),
      ' ' + title,
    ),
    common > 0 &&
      el(
        'details',
        {},
        el('summary', {}, plural(common, 'step') + ' in common'),
        stepList(run, 0, common, options),
      ),
    stepList(run, common, run.steps.length, options),
  );
}

/* Steps that both begin with; all of them, if the passing execution goes on where the failing one ends. */
function commonSteps(failing, records) {
  if (records === undefined) return 0;
  return records < failing.stepOfRecord.length ? failing.stepOfRecord[records] : failing.steps.length;
}

function stepName(step) {
  return [
    el('strong', { class: 'lane' + (step.node < 0 ? 6 : step.node % 10) }, step.name),
    ' ',
    el('span', { class: 'code' }, step.text),
  ];
}

function partingWords(property) {
  return property.common === undefined
    ? 'An execution in which ' + property.name + ' is broken, and one in which it holds.'
    : 'The passing execution goes with the failing one for as long as any does; then they part.';
}

function raceWords(run, race, property) {
  const [first, second] = race.map(s => stepName(run.steps[s]));
  const verdict = '. In this order ' + property.name + ' is broken; the other way round it holds.';
  return ['The race: ', first, ' and ', second, verdict];
}

function insteadWords(step) {
  return ['What happens then instead: ', stepName(step), '.'];
}

function drawPair(variant, property, open) {
  const p = variant.properties[property];
  if (p.failing < 0) return null;
  const failing = variant.run(p.failing),
    section = el(
      'section',
      { 'aria-labelledby': 'pair-title' },
      el('h2', { id: 'pair-title' }, 'Failing beside passing'),
    );
  if (p.passing < 0) {
    section.append(
      el(
        'p',
        { class: 'soft' },
        p.name + ' is broken in every execution that was run: there is none that passes.',
      ),
    );
    return section;
  }
  const passing = variant.run(p.passing),
    steps = (run, pair) => pair && pair.map(r => run.stepOfRecord[r]);
  const common = commonSteps(failing, p.common);
  const race = steps(failing, p.race),
    passingRace = steps(passing, p.passing_race);
  fill(section, {}, [
    el('p', {}, partingWords(p)),
    race && el('p', {}, raceWords(failing, race, p)),
    !race &&
      p.common !== undefined &&
      passing.steps[common] &&
      el('p', {}, insteadWords(passing.steps[common])),
    el(
      'div',
      { class: 'pair' },
      drawSide('in this order', 'broken', failing, common, {
        race,
        breaks: [brokeAt(failing, property)],
        go: i => open(p.failing, i + 1, p.race),
      }),
      drawSide('in this one', 'holds', passing, common, {
        race: passingRace,
        go: i => open(p.passing, i + 1, p.passing_race),
      }),
    ),
  ]);
  return section;
}
