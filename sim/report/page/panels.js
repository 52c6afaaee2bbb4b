/*
 * panels: what is to be seen at a step: the store as a tree, what each node knows, the properties.
 */
function laneClass(variant, taskName) {
  const task = variant.tasks.find(t => t.name === taskName);
  return task ? 'lane' + (task.node % 10) : '';
}

function fresh(fact, position) {
  return fact.step === position - 1 && position > 0;
}

function changed(fact) {
  return fact.value === null ? 'gone' : fact.before ? 'changed' : 'new';
}

/* Who made or changed the file: its last change's step. */
function madeBy(run, fact) {
  return fact.step < 0 ? null : run.steps[fact.step];
}

/* A marker says whose it is; of another file that was made with O_EXCL, its maker. */
function ownerTag(run, state, path, fact) {
  const claim = state[FACT.MARKER].get(path),
    step = madeBy(run, fact);
  if (claim && claim.value !== null) {
    const owner = claim.value.split(/[ ,]/)[0],
      node = run.variant.nodes.find(n => n.name === owner);
    return el('span', { class: 'tag owner ' + (node ? 'lane' + (node.index % 10) : '') }, claim.value);
  }
  for (let i = fact.step; i >= 0; i--) {
    const s = run.steps[i];
    if (s.object === path && /\.(create_excl|put_if_absent)$/.test(s.op) && !errno(s.result))
      return el('span', { class: 'tag owner ' + laneClass(run.variant, s.name) }, 'made by ' + s.name);
    if (s.object === path && /\.(unlink|delete)$/.test(s.op)) break;
  }
  return step && el('span', { class: 'tag ' + laneClass(run.variant, step.name) }, step.name);
}

function fileRow(run, state, path, fact, position) {
  const now = fresh(fact, position);
  const row = el(
    'div',
    { class: 'file' + (now ? ' fresh' : '') },
    el('span', { class: 'code' }, path.slice(path.lastIndexOf('/') + 1)),
    ownerTag(run, state, path, fact),
    now && el('span', { class: 'tag' }, changed(fact)),
  );
  if (fact.value !== null)
    row.append(
      el(
        'span',
        { class: 'code content' + (fact.value.length > 28 ? ' long' : '') },
        fact.value === '' ? '(empty)' : fact.value,
      ),
    );
  return el('li', { class: fact.value === null ? 'gone' : '' }, row);
}

/* Paths come with their parents before them. */
function drawTree(run, state, position) {
  const root = el('ul', { class: 'tree' }),
    lists = new Map([['', root]]);
  const paths = [...state[FACT.DIR].keys()]
    .map(p => [p, true])
    .concat([...state[FACT.FILE].keys()].map(p => [p, false]));
  paths.sort((a, b) => (a[0].split('/').join('\u0000') < b[0].split('/').join('\u0000') ? -1 : 1));
  for (const [path, isDir] of paths) {
    const parent = lists.get(path.slice(0, Math.max(path.lastIndexOf('/'), 0))) || root;
    if (!isDir) {
      parent.append(fileRow(run, state, path, state[FACT.FILE].get(path), position));
      continue;
    }
    const fact = state[FACT.DIR].get(path),
      below = el('ul', {});
    lists.set(path, below);
    parent.append(
      el(
        'li',
        { class: fact.value === null ? 'gone' : '' },
        el(
          'span',
          { class: 'code dirname' + (fresh(fact, position) ? ' fresh' : '') },
          path.slice(path.lastIndexOf('/') + 1) + '/',
        ),
        below,
      ),
    );
  }
  return paths.length ? root : el('p', { class: 'soft' }, 'The store is empty.');
}

/* Facts whose names begin with the node's name and a blank. */
function ofNode(state, kind, node) {
  return [...state[kind]]
    .filter(([name]) => name.startsWith(node.name + ' '))
    .map(([name, fact]) => [name.slice(node.name.length + 1), fact]);
}

function factRow(text, fact, position) {
  return el(
    'li',
    { class: (fresh(fact, position) ? 'fresh' : '') + (fact.value === null ? ' gone' : '') },
    text,
  );
}

/* Do nodes take one stream for different incarnations? */
function disagree(state, stream) {
  const known = [...state[FACT.KNOWS]].filter(
    ([name, fact]) => fact.value !== null && name.endsWith(' ' + stream),
  );
  return new Set(known.map(([, fact]) => fact.value.split(';')[0])).size > 1;
}

function drawNode(run, state, node, position) {
  const up = state[FACT.NODE].get(node.name),
    rows = [];
  const serves = node.role !== 'actor';
  for (const [stream, fact] of ofNode(state, FACT.KNOWS, node))
    rows.push(
      factRow(
        [
          el('span', { class: 'code' }, stream),
          ' is ',
          el('strong', {}, fact.value === null ? 'forgotten' : fact.value),
          fact.value !== null &&
            disagree(state, stream) && [' ', el('span', { class: 'badge broken' }, 'nodes differ')],
        ],
        fact,
        position,
      ),
    );
  if (serves && !rows.length)
    rows.push(el('li', { class: 'soft' }, up && up.value === 'up' ? 'knows no stream' : 'knows nothing'));
  for (const [lock, fact] of ofNode(state, FACT.LOCK, node))
    rows.push(
      factRow(
        fact.value === null
          ? ['lock ', lock, ' is free']
          : ['lock ', lock, ' is held by ', el('strong', {}, fact.value)],
        fact,
        position,
      ),
    );
  for (const [name, fact] of state[FACT.REGISTER])
    if (name.split(/[.#]/)[0] === node.name)
      rows.push(
        factRow(
          [name, ' = ', el('span', { class: 'code' }, cut(fact.value || '(nothing)', 90))],
          fact,
          position,
        ),
      );
  for (const s of run.sent)
    if (s.node === node.index && s.index < position && !(s.takenBy < position))
      rows.push(el('li', { class: 'soft' }, 'on its way: ' + stepLabel(s)));
  return el(
    'section',
    { class: 'node lane' + (node.index % 10) + ' ' + (up ? up.value : '') },
    el(
      'h4',
      {},
      el('span', { class: 'lane' + (node.index % 10) }, node.name),
      el('span', { class: 'soft' }, node.role),
      up && up.value !== 'up' && el('span', { class: 'badge broken' }, up.value),
    ),
    el('ul', {}, rows),
  );
}

const STATES = { holds: 'holds', broken: 'broken', open: 'open' };

function drawProperties(run, position, goTo) {
  return el(
    'ul',
    { class: 'props' },
    run.variant.properties.map((property, i) => {
      const p = propertyAt(run, position, i);
      const known = p.state === 'open' ? p.so || 'known at the end' : STATES[p.state];
      return el(
        'li',
        {},
        el('span', { class: 'badge ' + p.state }, known),
        el('span', {}, property.name),
        p.since !== undefined && button('since step ' + (p.since + 1), () => goTo(p.since + 1)),
        p.why && el('span', { class: 'because' }, p.why),
      );
    }),
  );
}

function drawPanels(run, position, goTo) {
  const state = stateAt(run, position);
  const panel = (title, ...body) => el('section', { class: 'card' }, el('h3', {}, title), body);
  return [
    panel('Properties', drawProperties(run, position, goTo)),
    panel('The store', drawTree(run, state, position)),
    panel(
      run.variant.services ? 'What each node knows' : 'The programs',
      el(
        'div',
        { class: 'nodes' },
        run.variant.nodes.map(node => drawNode(run, state, node, position)),
      ),
    ),
  ];
}
