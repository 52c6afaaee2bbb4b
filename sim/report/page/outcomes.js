/*
 * outcomes: the distinct ends of a variant's executions, how often each came, and in what they differ.
 */
const DIFFERENCES_MAX = 4;

/* What is there at the end: registers and files. */
function endOf(run) {
  const state = stateAt(run, run.steps.length),
    end = new Map();
  for (const kind of [FACT.REGISTER, FACT.FILE])
    for (const [name, fact] of state[kind])
      if (fact.value !== null)
        end.set(name, (kind === FACT.REGISTER ? ' = ' : ': ') + (fact.value || 'nothing'));
  return end;
}

/* The names that are not the same in all ends; clients' answers first, as they come first in an end. */
function differences(ends) {
  const names = [...new Set(ends.flatMap(end => [...end.keys()]))];
  return names.filter(name => ends.some(end => end.get(name) !== ends[0].get(name)));
}

function drawEnd(end, names) {
  const told = names
    .slice(0, DIFFERENCES_MAX)
    .map(name => cut(end.has(name) ? name + end.get(name) : 'no ' + name, 70));
  return el(
    'span',
    { class: 'code soft ends' },
    told.join('; ') + (names.length > DIFFERENCES_MAX ? '; \u2026' : ''),
  );
}

function drawOutcome(variant, outcome, number, share, end, names, open) {
  const run = variant.run(outcome.run);
  const broken = variant.properties.filter((p, k) => run.why[k]).map(p => p.name);
  const verdict = broken.length
    ? el('span', {}, el('span', { class: 'badge broken' }, 'broken'), ' ' + broken.join(', '))
    : el('span', { class: 'badge holds' }, 'all hold');
  const fill = el('span', {
    class: 'fill' + (broken.length ? ' bad' : ''),
    css: { width: 100 * share + '%' },
  });
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'amount' },
      el('span', { class: 'track' }, fill),
      el('span', {}, plural(outcome.count, 'execution')),
    ),
    el(
      'span',
      {},
      'Outcome ' + number + ': ',
      verdict,
      el('span', { class: 'soft' }, ', shown in ' + plural(run.steps.length, 'step')),
    ),
    button('show', () => open(outcome.run, 0), { 'aria-label': 'show outcome ' + number }),
    names.length > 0 && drawEnd(end, names),
  );
}

function drawOutcomes(variant, open) {
  const most = Math.max(...variant.outcomes.map(o => o.count), 1),
    shown = variant.outcomes.filter(o => o.run >= 0);
  const ends = shown.map(o => endOf(variant.run(o.run))),
    names = differences(ends);
  const rows = shown.map((o, i) =>
    drawOutcome(variant, o, variant.outcomes.indexOf(o) + 1, o.count / most, ends[i], names, open),
  );
  const more = variant.outcome_count - shown.length;
  return el(
    'section',
    { 'aria-labelledby': 'outcomes-title' },
    el('h2', { id: 'outcomes-title' }, 'How it can end'),
    el(
      'p',
      { class: 'soft' },
      'Executions with the same answers to the clients, the same files and the same verdicts are one outcome; ' +
        'each is shown by its shortest execution. What is not the same in all is told.',
    ),
    el(
      'div',
      { class: 'card' },
      el('ol', { class: 'outcomes' }, rows),
      more > 0 && el('p', { class: 'soft' }, 'And ' + plural(more, 'outcome') + ' more, without a picture.'),
    ),
  );
}
