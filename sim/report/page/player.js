/*
 * player: one execution, step by step, forwards and back.
 */
const PLAY_MS = 900;

function areBroken(names) {
  return names.join(', ') + (names.length > 1 ? ' are broken' : ' is broken');
}

class Player {
  constructor() {
    this.position = 0;
    this.buildControls();
    this.diagram = new Diagram(
      el('div', { class: 'card diagram', tabindex: '0', role: 'group', 'aria-label': 'Space-time diagram' }),
      p => this.go(p),
    );
    this.panels = el('div', { class: 'panels' });
    this.list = el('details', {}, el('summary', {}, 'All steps as a list'));
    this.list.addEventListener('toggle', () => this.drawList());
    this.root = el(
      'section',
      { 'aria-labelledby': 'player-title' },
      el('h2', { id: 'player-title' }, 'Step by step'),
      (this.title = el('p', { class: 'soft' })),
      (this.runs = el('div', { class: 'runs', role: 'group', 'aria-label': 'Which execution' })),
      (this.command = el('div', { class: 'command' })),
      el('div', { class: 'bar' }, this.controls, this.scrub),
      this.caption,
      el('div', { class: 'player' }, el('div', {}, this.diagram.box, this.legend(), this.list), this.panels),
    );
    document.addEventListener('keydown', e => this.key(e));
    addEventListener('beforeprint', () => this.print(true));
    addEventListener('afterprint', () => this.print(false));
  }

  buildControls() {
    const b = (text, label, run) => button(text, run, { 'aria-label': label, title: label });
    this.playButton = b('\u25b6 play', 'play (space)', () => this.play(!this.playing));
    this.breakButton = b('\u2717 to the violation', 'jump to the violation (v)', () => this.toViolation());
    this.raceButton = b('\u21c4 to the race', 'jump to the racing pair (r)', () => this.toRace());
    this.where = el('span', { class: 'where soft' });
    this.controls = el(
      'div',
      { class: 'controls' },
      b('|\u25c0', 'to the start (Home)', () => this.go(0)),
      b('\u25c0 back', 'one step back (left arrow)', () => this.go(this.position - 1)),
      b('step \u25b6', 'one step on (right arrow)', () => this.go(this.position + 1)),
      b('\u25b6|', 'to the end (End)', () => this.go(Infinity)),
      this.playButton,
      this.breakButton,
      this.raceButton,
      this.where,
    );
    this.range = el('input', {
      type: 'range',
      min: 0,
      value: 0,
      'aria-label': 'Step',
      on: { input: () => this.go(Number(this.range.value)) },
    });
    this.marks = el('div', { 'aria-hidden': 'true' });
    this.scrub = el('div', { class: 'scrub' }, this.marks, this.range);
    this.caption = el('div', { class: 'caption', 'aria-live': 'polite' });
  }

  legend() {
    return el(
      'p',
      { class: 'soft hint' },
      'Time goes down, a row a step. Filled dots at the store write, hollow ones read; slanted lines are messages, dashed ones inotify events; ' +
        'a red ring is a call that failed, a shaded band a node that is down or paused. Keys: \u2190 \u2192 step, space plays, v jumps to the violation, r to the race.',
    );
  }

  /* choices: [{label, run, property}]; chosen: one of them */
  show(variant, choices, chosen) {
    this.variant = variant;
    this.play(false);
    this.runs.replaceChildren(
      ...choices.map(c =>
        button(c.label, () => this.show(variant, choices, c), { 'aria-pressed': String(c === chosen) }),
      ),
    );
    this.load(chosen.run, chosen.property, chosen.race);
  }

  load(number, property, race) {
    const run = (this.run = this.variant.run(number));
    this.breaks = run.variant.properties
      .map((p, i) => ({ property: i, step: brokeAt(run, i), text: p.name }))
      .filter(b => b.step >= 0 && run.why[b.property]);
    this.breaks.sort((a, b) => (b.property === property) - (a.property === property) || a.step - b.step);
    this.race = race && race.map(r => run.stepOfRecord[r]);
    this.range.max = run.steps.length;
    this.title.textContent = this.describe();
    this.breakButton.disabled = !this.breaks.length;
    this.raceButton.disabled = !this.race;
    this.drawMarks();
    this.command.replaceChildren(...drawCommand(run.replay));
    this.go(0);
    this.drawList();
  }

  describe() {
    const run = this.run,
      broken = this.breaks.map(b => b.text);
    return (
      plural(run.steps.length, 'step') +
      ', ' +
      plural(run.preemptions, 'preemption') +
      '. ' +
      (broken.length ? 'Broken here: ' + broken.join(', ') + '.' : 'Every property holds here.') +
      (run.end === 'deadlock' ? ' It ends in a deadlock.' : '')
    );
  }

  /* What is drawn into the diagram: at most one line a step. */
  breakLines() {
    const at = new Map();
    for (const b of this.breaks) at.set(b.step, (at.get(b.step) || []).concat(b.text));
    return [...at].map(([step, names]) => ({ step, text: areBroken(names) }));
  }

  /* Properties that break for one reason are told together. */
  reasons(breaks) {
    const by = new Map();
    for (const b of breaks)
      by.set(this.run.why[b.property], (by.get(this.run.why[b.property]) || []).concat(b.text));
    return [...by];
  }

  drawMarks() {
    const n = Math.max(this.run.steps.length, 1);
    const mark = (step, kind) =>
      el('span', {
        class: 'mark ' + kind,
        css: { left: 'calc(8px + (100% - 16px) * ' + (step + 1) / n + ')' },
      });
    this.marks.replaceChildren(
      ...this.breaks.map(b => mark(b.step, '')),
      ...(this.race || []).map(s => mark(s, 'race')),
    );
  }

  go(position) {
    const run = this.run;
    if (!run) return;
    this.position = Math.max(0, Math.min(run.steps.length, position));
    this.range.value = this.position;
    this.where.textContent = 'step ' + this.position + ' of ' + run.steps.length;
    this.drawCaption();
    this.diagram.show(run, this.position, { breaks: this.breakLines(), race: this.race });
    this.panels.replaceChildren(...drawPanels(run, this.position, p => this.go(p)));
    for (const li of this.list.querySelectorAll('li'))
      li.classList.toggle('now', Number(li.dataset.step) === this.position - 1);
    if (this.position === run.steps.length) this.play(false);
  }

  drawCaption() {
    const step = this.run.steps[this.position - 1];
    if (!step) {
      this.caption.replaceChildren('Before the first step. The nodes are up, and nothing has happened yet.');
      this.range.setAttribute('aria-valuetext', 'before the first step');
      return;
    }
    const asides = step.asides.map(asideWords).filter(w => w);
    const words = stepWords(step) + (asides.length ? '; ' + asides.join('; ') : '') + '.';
    const breaking = this.breaks.filter(b => b.step === this.position - 1);
    this.caption.replaceChildren(
      el('strong', { class: 'lane' + (step.node < 0 ? 6 : step.node % 10) }, step.name),
      ' ' + words,
      ...this.reasons(breaking).map(([why, names]) =>
        el('div', { class: 'why' }, '\u2717 ' + areBroken(names) + ': ' + why + '.'),
      ),
    );
    this.range.setAttribute('aria-valuetext', 'step ' + this.position + ': ' + step.name + ' ' + words);
  }

  drawList() {
    if (!this.list.open) return;
    this.list.replaceChildren(
      this.list.firstElementChild,
      stepList(this.run, 0, this.run.steps.length, {
        go: i => this.go(i + 1),
        race: this.race,
        breaks: this.breaks.map(b => b.step),
      }),
    );
  }

  toViolation() {
    if (!this.breaks.length) return;
    const next = this.breaks.find(b => b.step + 1 > this.position && b.property === this.breaks[0].property);
    this.go((next || this.breaks[0]).step + 1);
  }

  toRace() {
    if (this.race) this.go(this.position === this.race[0] + 1 ? this.race[1] + 1 : this.race[0] + 1);
  }

  play(on) {
    clearInterval(this.timer);
    this.playing = on;
    this.playButton.textContent = on ? '\u2016 pause' : '\u25b6 play';
    if (!on) return;
    if (this.position === this.run.steps.length) this.go(0);
    this.timer = setInterval(() => this.go(this.position + 1), PLAY_MS);
  }

  key(e) {
    const typing = /^(SELECT|TEXTAREA)$/.test(e.target.tagName);
    const pressing = e.key === ' ' && /^(BUTTON|SUMMARY|A)$/.test(e.target.tagName);
    const keys = {
      ArrowLeft: () => this.go(this.position - 1),
      ArrowRight: () => this.go(this.position + 1),
      Home: () => this.go(0),
      End: () => this.go(Infinity),
      ' ': () => this.play(!this.playing),
      v: () => this.toViolation(),
      r: () => this.toRace(),
    };
    if (typing || pressing || e.ctrlKey || e.altKey || e.metaKey || !this.run || !keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  }

  print(on) {
    this.diagram.printing = on;
    this.diagram.draw(true);
  }
}

/* A list of steps, from one to before another; each goes there. */
const LIST_MAX = 1500;

function stepList(run, from, to, options) {
  const rows = run.steps.slice(from, Math.min(to, from + LIST_MAX)).map(step => {
    const racing = options.race && options.race.includes(step.index);
    const breaking = options.breaks && options.breaks.includes(step.index);
    return el(
      'li',
      { class: (racing ? 'racing ' : '') + (breaking ? 'breaking' : ''), 'data-step': step.index },
      button(
        [
          el('span', { class: 'num' }, String(step.index + 1)),
          el('span', { class: 'who lane' + (step.node < 0 ? 6 : step.node % 10) }, step.name),
          el(
            'span',
            {},
            el('span', { class: 'code' }, cut(stepLabel(step), 110)),
            racing &&
              el(
                'span',
                { class: 'badge sometimes' },
                'race ' + '\u2460\u2461'[options.race.indexOf(step.index)],
              ),
            breaking && el('span', { class: 'badge broken' }, 'breaks'),
          ),
        ],
        () => options.go(step.index),
      ),
    );
  });
  if (to - from > LIST_MAX)
    rows.push(el('li', { class: 'soft' }, '\u2026 and ' + (to - from - LIST_MAX) + ' more'));
  return el('ol', { class: 'steps' }, rows);
}

function drawCommand(command) {
  const copy = button(
    'copy',
    () => {
      const selection = getSelection();
      selection.selectAllChildren(text);
      if (navigator.clipboard)
        navigator.clipboard.writeText(command).catch(() => document.execCommand('copy'));
      else document.execCommand('copy');
      copy.textContent = 'copied';
    },
    { class: 'copy', 'aria-label': 'copy the command that replays this execution' },
  );
  const text = el('pre', { class: 'code' }, command);
  return [text, copy];
}
