/*
 * diagram: an execution in space and time. Time goes down, a row a step; a lane for each task, side by side for each node, and
 * the store at the right. Only the rows in sight are in the document, so that thousands of steps scroll.
 */
const ROW = 24,
  GUTTER = 62,
  GAP = 18,
  HEAD = 46,
  CHAR = 7.3; /* pixels */

/* What brings a step what another left for it, if it is no message: an inotify event, a job of its own node. */
const ARROWS = { 'watch.next': 'event', 'task.take': 'post' };

function touchesStore(step) {
  return /^(fs|store)\./.test(step.op) || step.op === 'watch.add';
}

function readsOnly(step) {
  return (
    /^(fs\.(stat|open|read|list|close|fsync)|store\.(get|head|list)|watch\.add)$/.test(step.op) ||
    errno(step.result)
  );
}

function cut(text, chars) {
  const all = Array.from(text);
  return all.length <= chars ? text : all.slice(0, Math.max(chars - 1, 1)).join('') + '\u2026';
}

/* The lanes of a run: [{task, node, x}], and the nodes' places. */
function layOut(run, width) {
  const variant = run.variant,
    used = new Set(run.steps.map(s => s.task));
  const lanes = [];
  for (const node of variant.nodes) {
    const own = variant.tasks.filter(t => t.node === node.index && t.kind !== 'fault' && used.has(t.index));
    (own.length ? own : [{ name: node.name, index: -1 }]).forEach(t =>
      lanes.push({ task: t.index, node: node.index, name: t.name }),
    );
  }
  const faults = variant.tasks.filter(t => t.kind === 'fault' && used.has(t.index));
  if (faults.length) lanes.push({ task: -2, node: -1, name: 'faults' });
  const narrow = width < 640; /* then all labels are beside their task's dot */
  const storeWidth = narrow ? 24 : Math.max(290, width * 0.45);
  const lane = Math.min(Math.max((width - GUTTER - storeWidth - GAP) / lanes.length, 46), 150);
  lanes.forEach((l, i) => (l.x = GUTTER + lane * (i + 0.5)));
  const store = GUTTER + lane * lanes.length + GAP;
  return {
    lanes,
    lane,
    store,
    narrow,
    width: Math.max(width, store + storeWidth),
    height: ROW * (run.steps.length + 1) + 8,
  };
}

class Diagram {
  constructor(box, onStep) {
    this.box = box;
    this.onStep = onStep;
    this.heads = el('div', { class: 'lanes' });
    this.body = el('div', {});
    box.append(this.heads, this.body);
    box.addEventListener('scroll', () => this.draw());
    new ResizeObserver(() => this.resize()).observe(box);
  }

  show(run, position, options) {
    const other = run !== this.run;
    this.run = run;
    this.options = options;
    this.position = position;
    if (other) this.prepare();
    this.follow();
    this.draw(true);
  }

  resize() {
    if (!this.run || this.box.clientWidth === this.width) return;
    this.prepare();
    this.draw(true);
  }

  prepare() {
    this.width = this.box.clientWidth;
    this.place = layOut(this.run, this.width);
    this.arrows = this.findArrows();
    this.bands = this.findBands();
    this.heads.replaceChildren(this.drawHeads());
    this.svg = svg('svg', {
      width: this.place.width,
      height: this.place.height,
      role: 'img',
      'aria-label':
        'Space-time diagram of ' +
        plural(this.run.steps.length, 'step') +
        '; the list of steps below says the same.',
    });
    this.body.replaceChildren(this.svg);
    this.drawn = '';
  }

  laneOf(task) {
    const lanes = this.place.lanes,
      kind = task >= 0 && this.run.variant.tasks[task].kind;
    return lanes.find(l => l.task === (kind === 'fault' ? -2 : task)) || lanes[0];
  }

  isAhead(index) {
    return this.position > 0 && index >= this.position ? ' future' : '';
  }

  x(step) {
    return this.laneOf(step.task).x;
  }

  y(index) {
    return ROW * (index + 1);
  }

  findArrows() {
    const run = this.run,
      arrows = [],
      taken = new Set();
    for (const step of run.steps)
      for (const from of step.from) {
        arrows.push({ from, to: step.index, kind: ARROWS[step.op] || 'message' });
        taken.add(from);
      }
    for (const step of run.steps)
      if (/^net\.(send|answer)$/.test(step.op) && !taken.has(step.index))
        arrows.push({
          from: step.index,
          to: -1,
          kind: step.fate === 'lost' || errno(step.result) ? 'lost' : 'untaken',
          target: this.targetLane(step),
        });
    return arrows;
  }

  /* Where a message that nobody took was to go. */
  targetLane(step) {
    const name = step.object.split(' ')[0],
      variant = this.run.variant;
    const task = variant.tasks.find(t => t.name === name);
    const node = variant.nodes.find(n => n.name === name) || (task && variant.nodes[task.node]);
    return (
      (task && this.place.lanes.find(l => l.task === task.index)) ||
      this.place.lanes.find(l => node && l.node === node.index)
    );
  }

  /* Nodes that are down or paused, networks that are cut: from which step to which. */
  findBands() {
    const open = new Map(),
      bands = [],
      last = this.run.steps.length;
    const see = (facts, at) => {
      for (const f of facts) {
        const bad = f.kind === FACT.CUT ? f.value !== null : f.kind === FACT.NODE && f.value !== 'up';
        const key = f.kind + ' ' + f.name;
        if ((f.kind === FACT.CUT || f.kind === FACT.NODE) && open.has(key)) {
          bands.push(Object.assign(open.get(key), { to: at }));
          open.delete(key);
        }
        if (bad)
          open.set(key, { from: at, names: f.name.split(' '), what: f.kind === FACT.CUT ? 'cut' : f.value });
      }
    };
    see(this.run.start, 0);
    this.run.steps.forEach((s, i) => see(s.changes, i));
    for (const band of open.values()) bands.push(Object.assign(band, { to: last }));
    return bands;
  }

  drawHeads() {
    const p = this.place,
      variant = this.run.variant;
    const head = svg('svg', { width: p.width, height: HEAD, 'aria-hidden': 'true' });
    for (const node of variant.nodes) {
      const own = p.lanes.filter(l => l.node === node.index);
      const left = own[0].x - p.lane / 2,
        wide = p.lane * own.length;
      const group = svg('g', { class: 'lane' + (node.index % 10) });
      group.append(
        svg('rect', { x: left + 2, y: 4, width: wide - 4, height: 3, fill: 'currentColor' }),
        svg(
          'text',
          { class: 'name', x: left + 5, y: 22 },
          cut(node.name, wide / CHAR - 1),
          svg('title', {}, node.name + ', ' + node.role),
        ),
      );
      for (const l of own) {
        const short =
          l.name === node.name
            ? node.role
            : l.name.startsWith(node.name)
              ? l.name.slice(node.name.length)
              : l.name;
        group.append(
          svg(
            'text',
            { class: 'softly', x: l.x - p.lane / 2 + 5, y: 38 },
            cut(short, p.lane / CHAR - 1),
            svg('title', {}, l.name),
          ),
        );
      }
      head.append(group);
    }
    const faults = p.lanes.find(l => l.task === -2);
    if (faults)
      head.append(
        svg(
          'text',
          { class: 'breaksname', x: faults.x - p.lane / 2 + 5, y: 22 },
          cut('faults', p.lane / CHAR),
        ),
      );
    head.append(
      svg('text', { class: 'name storename', x: p.store - 8, y: 22 }, 'store'),
      svg('text', { class: 'softly', x: 6, y: 22 }, 'ms'),
    );
    return head;
  }

  /* The current step stays in sight. */
  follow() {
    const y = this.y(this.position - 1),
      top = this.box.scrollTop,
      height = this.box.clientHeight - HEAD;
    if (this.position === 0) this.box.scrollTop = 0;
    else if (y - ROW * 2 < top || y + ROW * 3 > top + height) this.box.scrollTop = y - height / 2;
  }

  draw(always) {
    if (!this.run) return;
    const n = this.run.steps.length,
      height = this.box.clientHeight || 600;
    const whole = this.printing && n <= 600;
    const first = whole ? 0 : Math.max(0, Math.floor(this.box.scrollTop / ROW) - 12);
    const last = whole ? n : Math.min(n, Math.ceil((this.box.scrollTop + height) / ROW) + 12);
    const key = first + ' ' + last;
    if (!always && key === this.drawn) return;
    this.drawn = key;
    this.svg.replaceChildren(
      this.drawGround(first, last),
      this.drawArrows(first, last),
      this.drawSteps(first, last),
      this.drawMarks(first, last),
    );
  }

  drawGround(first, last) {
    const p = this.place,
      g = svg('g', {});
    const top = Math.max(0, this.y(first) - ROW),
      bottom = this.y(last) + ROW;
    if (this.position > 0)
      g.append(
        svg('rect', {
          class: 'nowrow',
          x: 0,
          y: this.y(this.position - 1) - ROW / 2,
          width: p.width,
          height: ROW,
        }),
      );
    for (const band of this.bands) g.append(this.drawBand(band, first, last));
    for (const l of p.lanes)
      g.append(
        svg('line', {
          class: 'life lane' + (l.node < 0 ? 6 : l.node % 10),
          x1: l.x,
          x2: l.x,
          y1: top,
          y2: bottom,
        }),
      );
    g.append(svg('line', { class: 'storelife', x1: p.store, x2: p.store, y1: top, y2: bottom }));
    return g;
  }

  drawBand(band, first, last) {
    const g = svg('g', {}),
      p = this.place;
    if (band.to < first || band.from > last) return g;
    for (const l of p.lanes) {
      const node = l.node >= 0 ? this.run.variant.nodes[l.node].name : '';
      if (band.names.includes(node))
        g.append(
          svg(
            'rect',
            {
              class: 'band ' + band.what,
              x: l.x - p.lane / 2,
              width: p.lane,
              y: this.y(band.from) - ROW / 2 + 4,
              height: Math.max((band.to - band.from) * ROW, 6),
            },
            svg('title', {}, band.names.join(' and ') + ': ' + band.what),
          ),
        );
    }
    const lane = p.lanes.find(l => l.node >= 0 && this.run.variant.nodes[l.node].name === band.names[0]);
    if (lane)
      g.append(
        svg(
          'text',
          { class: 'bandname', x: lane.x - p.lane / 2 + 3, y: this.y(band.from) + ROW - 4 },
          band.what,
        ),
      );
    return g;
  }

  drawArrows(first, last) {
    const g = svg('g', {});
    for (const a of this.arrows) {
      const end = a.to < 0 ? a.from + 1 : a.to;
      if (end < first || a.from > last) continue;
      g.append(this.drawArrow(a));
    }
    return g;
  }

  drawArrow(a) {
    const from = this.run.steps[a.from],
      lane = 'lane' + (from.node < 0 ? 6 : from.node % 10);
    const x1 = a.kind === 'event' ? this.place.store : this.x(from),
      y1 = this.y(a.from);
    const lost = a.to < 0;
    const goal = lost ? (a.target ? a.target.x : x1 + 60) : this.x(this.run.steps[a.to]);
    const x2 = lost ? x1 + (goal - x1) * 0.6 : goal,
      y2 = lost ? y1 + ROW * 0.8 : this.y(a.to);
    const future = this.isAhead(lost ? a.from : a.to);
    const g = svg('g', { class: lane + future });
    g.append(svg('line', { class: a.kind === 'untaken' ? 'post' : a.kind, x1, y1, x2, y2 }));
    if (a.kind === 'lost')
      g.append(svg('path', { class: 'lost', d: `M${x2 - 5} ${y2 - 5}l10 10m0 -10l-10 10` }));
    else if (!lost) g.append(this.tip(x1, y1, x2, y2, a.kind));
    return g;
  }

  tip(x1, y1, x2, y2, kind) {
    const length = Math.hypot(x2 - x1, y2 - y1) || 1,
      dx = (x2 - x1) / length,
      dy = (y2 - y1) / length;
    const x = x2 - dx * 6,
      y = y2 - dy * 6,
      bx = x - dx * 8,
      by = y - dy * 8;
    return svg('path', {
      class: 'tip ' + kind,
      d: `M${x} ${y}L${bx - dy * 4} ${by + dx * 4}L${bx + dy * 4} ${by - dx * 4}Z`,
    });
  }

  drawSteps(first, last) {
    const g = svg('g', {});
    for (let i = first; i < last; i++) g.append(this.drawStep(this.run.steps[i]));
    return g;
  }

  drawStep(step) {
    const p = this.place,
      x = this.x(step),
      y = this.y(step.index),
      store = touchesStore(step);
    const before = this.run.steps[step.index - 1],
      future = this.isAhead(step.index);
    const bad = errno(step.result) || step.fate === 'failed' || step.fate === 'fault';
    const g = svg('g', { class: 'lane' + (step.node < 0 ? 6 : step.node % 10) + future });
    if (!before || before.ms !== step.ms) {
      g.append(svg('text', { class: 'softly', x: 6, y: y + 4 }, String(step.ms)));
      if (before)
        g.append(svg('line', { class: 'jump', x1: 0, x2: p.width, y1: y - ROW / 2, y2: y - ROW / 2 }));
    }
    if (store) {
      g.append(
        svg('line', { class: 'access', x1: x, x2: p.store, y1: y, y2: y }),
        svg('circle', { class: 'point' + (readsOnly(step) ? ' reads' : ''), cx: p.store, cy: y, r: 4 }),
      );
    }
    g.append(svg('circle', { class: 'point' + (bad ? ' failed' : ''), cx: x, cy: y, r: 5 }));
    const leftward = p.narrow && x > p.width / 2;
    const at = leftward ? x - 11 : store && !p.narrow ? p.store + 12 : x + 11;
    const label = this.drawLabel(step, Math.floor((leftward ? at - GUTTER / 2 : p.width - at) / CHAR));
    label.setAttribute('x', at);
    label.setAttribute('y', y + 4);
    if (leftward) label.setAttribute('text-anchor', 'end');
    g.append(
      label,
      svg(
        'rect',
        {
          class: 'hit',
          x: 0,
          y: y - ROW / 2,
          width: p.width,
          height: ROW,
          on: { click: () => this.onStep(step.index + 1) },
        },
        svg('title', {}, step.name + ' ' + stepWords(step)),
      ),
    );
    return g;
  }

  /* The call, what it gave, and what the task then did in its memory: as much as there is room for. */
  drawLabel(step, room) {
    const aside = asideLabel(step),
      short = stepLabel(step, true);
    const left = aside ? Math.max(room - aside.length - 2, 0) : room;
    let call = stepLabel(step);
    for (const other of [stepCall(step), short, stepCall(step, true)]) if (call.length > left) call = other;
    call = cut(call, room);
    const label = svg('text', { class: 'label' }, call),
      rest = room - call.length - 2;
    if (aside && rest > 5) label.append(svg('tspan', { class: 'softly', dx: 10 }, cut(aside, rest)));
    return label;
  }

  /* Where properties break, and the two steps that raced. */
  drawMarks(first, last) {
    const g = svg('g', {}),
      p = this.place,
      o = this.options;
    for (const mark of o.breaks) {
      const y = this.y(mark.step) + ROW / 2;
      if (mark.step < first || mark.step > last) continue;
      g.append(
        svg('line', { class: 'breaks', x1: (mark.text.length + 3) * CHAR, x2: p.width, y1: y, y2: y }),
        svg('text', { class: 'breaksname label', x: 6, y: y + 4 }, '\u2717 ' + mark.text),
      );
    }
    if (o.race) {
      const [a, b] = o.race.map(s => this.run.steps[s]);
      const x1 = this.x(a),
        y1 = this.y(a.index),
        x2 = this.x(b),
        y2 = this.y(b.index);
      const bend = Math.min(x1, x2) - 26;
      g.append(
        svg('circle', { class: 'ring', cx: x1, cy: y1, r: 9 }),
        svg('circle', { class: 'ring', cx: x2, cy: y2, r: 9 }),
        svg('path', { class: 'racelink', d: `M${x1 - 9} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2 - 9} ${y2}` }),
      );
    }
    return g;
  }
}
