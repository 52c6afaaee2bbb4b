'use strict';
/*
 * model: the data of the page (docs/report-format.md) as what the rest draws. Texts are only ever put into text nodes and
 * attributes by el() and svg(), so that no name or content of a scenario is read as markup.
 */
const KIND = { STEP: 0, RECALL: 1, REMEMBER: 2, REGISTER: 3, CREATED: 4, ANSWER: 5, BROKE: 6 };
const FACT = { DIR: 0, FILE: 1, MARKER: 2, NODE: 3, KNOWS: 4, LOCK: 5, REGISTER: 6, CUT: 7 };

const report = JSON.parse(document.getElementById('data').textContent);

/* --- elements --- */

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (name === 'css')
      for (const [property, to] of Object.entries(value)) node.style.setProperty(property, to);
    else node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(3))
    if (child !== undefined && child !== null && child !== false)
      node.append(child); /* a string becomes a text node */
  return node;
}

function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function svg(name, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function button(text, run, attributes) {
  return el('button', Object.assign({ type: 'button', on: { click: run } }, attributes), text);
}

function plural(n, word, words) {
  return n.toLocaleString('en') + ' ' + (n === 1 ? word : words || word + 's');
}

/* --- executions --- */

/* "store.put app/.schema" → op and objects */
function splitPoint(text) {
  const blank = text.indexOf(' ');
  const op = blank < 0 ? text : text.slice(0, blank);
  return { op, object: blank < 0 ? '' : text.slice(blank + 1) };
}

/* Records become steps with their asides. Positions: 0 is before the first step, k after k steps. */
function readRun(variant, number) {
  const raw = variant.runs[number],
    words = report.words;
  const run = {
    number,
    variant,
    end: raw.end,
    preemptions: raw.preemptions,
    replay: words[raw.replay],
    steps: [],
    why: raw.why.map(w => words[w]),
    start: [],
    stepOfRecord: [],
  };
  let broken = [];
  raw.records.forEach((r, i) => {
    const more = r[5] || {};
    if (more.broken) broken = more.broken;
    if (r[0] === KIND.STEP || !run.steps.length) {
      const task = variant.tasks[r[1]];
      run.steps.push(
        Object.assign(splitPoint(words[r[3]]), {
          index: run.steps.length,
          text: words[r[3]],
          task: r[1],
          node: task ? task.node : -1,
          name: task ? task.name : 'set-up',
          ms: r[2],
          result: words[r[4]],
          fate: more.fate || '',
          from: more.from || [],
          asides: [],
          broken,
          changes: [],
        }),
      );
    } else {
      run.steps[run.steps.length - 1].asides.push({ kind: r[0], object: words[r[3]], result: words[r[4]] });
    }
    run.stepOfRecord[i] = run.steps.length - 1;
    run.steps[run.steps.length - 1].broken = broken;
  });
  for (const change of raw.changes) {
    const step = change[0] < 0 ? -1 : run.stepOfRecord[change[0]];
    const facts = step < 0 ? run.start : run.steps[step].changes;
    for (let i = 1; i < change.length; i += 3)
      facts.push({
        kind: change[i],
        name: words[change[i + 1]],
        value: change[i + 2] < 0 ? null : words[change[i + 2]],
      });
  }
  for (const step of run.steps) {
    step.from = step.from.map(r => run.stepOfRecord[r]).filter(s => s !== undefined);
    step.from.forEach(s => (run.steps[s].takenBy = run.steps[s].takenBy || step.index));
  }
  run.sent = run.steps.filter(
    s =>
      /^net\.(send|answer)$/.test(s.op) &&
      s.fate !== 'lost' &&
      !errno(s.result) &&
      !/nobody is there/.test(s.result),
  );
  return run;
}

/* What is to be seen at a position: kind → name → {value, step}; what went in this very step is there with value null. */
function stateAt(run, position) {
  const state = Object.keys(FACT).map(() => new Map());
  const apply = (facts, step) => {
    for (const f of facts)
      if (f.value === null && step < position - 1) state[f.kind].delete(f.name);
      else state[f.kind].set(f.name, { value: f.value, step, before: state[f.kind].get(f.name) });
  };
  apply(run.start, -1);
  for (let i = 0; i < position; i++) apply(run.steps[i].changes, i);
  return state;
}

/* The first step from which on the property is broken to the end; the end itself where only that can tell, or where it never came
   to hold; -1: it holds. */
function brokeAt(run, property) {
  let at = run.steps.length;
  if (!run.why[property]) return -1;
  while (at > 0 && run.steps[at - 1].broken.includes(property)) at--;
  const never = at === 0 && run.variant.properties[property].kind === 'finally';
  return at < run.steps.length && !never ? at : Math.max(run.steps.length - 1, 0);
}

/* holds, broken, or open: not known before the end. `so` is for what may still change. */
function propertyAt(run, position, index) {
  const property = run.variant.properties[index];
  const over = position === run.steps.length;
  if (over) return { state: run.why[index] ? 'broken' : 'holds', why: run.why[index] };
  if (!property.lasting || (property.kind === 'finally' && position === 0)) return { state: 'open' };
  const broken = position > 0 && run.steps[position - 1].broken.includes(index);
  if (property.kind === 'finally') return { state: 'open', so: broken ? 'not yet so' : 'so by now' };
  return { state: broken ? 'broken' : 'holds', since: broken ? brokeAt(run, index) : undefined };
}

/* --- the document --- */

function readVariant(raw) {
  const variant = Object.assign({}, raw);
  variant.nodes = raw.nodes.map(([name, role], index) => ({ name, role, index }));
  variant.tasks = raw.tasks.map(([name, node, kind], index) => ({ name, node, kind, index }));
  variant.outcomes = raw.outcomes.map(([count, run], index) => ({ count, run, index }));
  const known = new Map();
  variant.run = number => {
    if (!known.has(number)) known.set(number, readRun(variant, number));
    return known.get(number);
  };
  return variant;
}

const variants = (report.variants || []).map(readVariant);
