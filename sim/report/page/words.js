/*
 * words: a step as a sentence, for the caption and for those who do not see the picture.
 */
function has(text) {
  return text !== '' && text !== '(nothing)';
}

const SAID_MAX = 160;

function said(result) {
  return !has(result) ? 'nothing' : result.length > SAID_MAX ? result.slice(0, SAID_MAX) + '\u2026' : result;
}

function errno(result) {
  return /^E[A-Z0-9]+$/.test(result);
}

const ERRNO = {
  ENOENT: 'it is not there',
  EEXIST: 'it is there already',
  ENOSPC: 'the disk is full',
  EIO: 'the disk fails',
  ENOTEMPTY: 'it is not empty',
  ETIMEDOUT: 'no answer in time',
  ECONNREFUSED: 'nobody is there',
  ESTALE: 'it is out of date',
  EAGAIN: 'nothing is there yet',
};

function because(result) {
  return result + (ERRNO[result] ? ' (' + ERRNO[result] + ')' : '');
}

/* what happens → [if it went well, if it failed]; $o is the object, $r the result */
const SENTENCES = {
  'fs.stat': ['looks whether $o is there: yes', 'looks whether $o is there'],
  'fs.open': ['opens $o'],
  'fs.create': ['opens $o for writing, empty'],
  'fs.create_excl': [
    'makes $o with O_EXCL: it was not there, so it is the one who made it',
    'tries to make $o with O_EXCL',
  ],
  'fs.append': ['opens $o to append'],
  'fs.read': ['reads $o: $r'],
  'fs.write': ['writes $o: $r'],
  'fs.fsync': ['brings $o to the disk'],
  'fs.close': ['closes $o'],
  'fs.rename': ['renames $o'],
  'fs.rename_noreplace': ['renames $o, unless the new name is taken'],
  'fs.link': ['gives $o a second name'],
  'fs.unlink': ['removes $o'],
  'fs.mkdir': ['makes the directory $o'],
  'fs.rmdir': ['removes the directory $o'],
  'fs.list': ['lists $o: $r'],
  'store.get': ['reads $o: $r'],
  'store.put': ['writes $o: $r'],
  'store.put_if_absent': [
    'makes $o with O_EXCL: it was not there, so the claim is its own',
    'tries to make $o with O_EXCL',
  ],
  'store.publish': ['publishes $o, if it is not there: $r', 'tries to publish $o'],
  'store.head': ['looks whether $o is there: yes', 'looks whether $o is there'],
  'store.list': ['lists $o: $r'],
  'store.delete': ['deletes $o'],
  'watch.add': ['watches $o from now on'],
  'watch.next': ['is told by inotify: $r', 'looks for inotify events'],
  'node.restart': ['restarts $o'],
  'node.stop': ['stops $o'],
  'net.send': ['sends $o: $r', 'sends $o'],
  'net.receive': ['receives $r'],
  'net.answer': ['answers $o: $r'],
  'net.await': ['has its answer: $r', 'waits for an answer'],
  'task.take': ['takes up its next job: $r'],
  'lock.take': ['takes the lock of $o in its node\u2019s memory'],
  'lock.release': ['sets the lock of $o free'],
  'clock.sleep': ['has slept $o'],
  'clock.pause': ['has waited $o'],
  'clock.quiet': ['goes on, now that all is quiet'],
  note: ['notes: \u201c$o\u201d'],
  'register.get': ['looks at $o: $r'],
  start: ['starts'],
};

function stepWords(step) {
  const failed = errno(step.result);
  let forms = SENTENCES[step.op];
  if (!forms && step.op.startsWith('client.'))
    forms = ['is asked by its client to ' + step.op.slice(7) + ' $o' + (has(step.result) ? ' ($r)' : '')];
  if (!forms && step.op.startsWith('fault.')) forms = ['strikes: ' + step.op.slice(6) + ' $o $r'];
  if (!forms) forms = ['comes to ' + step.text];
  const object = step.object === '.' ? 'the store' : step.object;
  const result = step.op === 'fs.write' && !has(step.result) ? 'nothing' : said(step.result);
  const parts = ((failed && forms[1]) || forms[0]).split(/(\$[or])/);
  const text = parts
    .map(p => (p === '$o' ? object : p === '$r' ? result : p))
    .join('')
    .trim();
  return failed ? text + ': ' + because(step.result) : text;
}

function asideWords(aside) {
  switch (aside.kind) {
    case KIND.RECALL:
      return aside.object === '*' ? '' : 'it remembers ' + aside.object + ' as ' + said(aside.result);
    case KIND.REMEMBER:
      return aside.object === '*' ? '' : 'it notes in memory: ' + aside.object + ' is ' + said(aside.result);
    case KIND.REGISTER:
      return aside.object + ' is now ' + said(aside.result);
    case KIND.CREATED:
      return 'it takes itself for the creator of ' + aside.object + ', incarnation ' + aside.result;
    case KIND.ANSWER:
      return 'the client is told: ' + aside.result;
    default:
      return aside.object + ' does not hold any more';
  }
}

/* The short forms for the picture: "put app/.schema", and with what came of it. */
function stepCall(step, short) {
  const op = /^(fs|store|net|lock|client)\./.test(step.op)
    ? step.op.slice(step.op.indexOf('.') + 1)
    : step.op;
  const object = short
    ? step.object
        .split(' ')
        .map(o => (o.includes('/') ? '\u2026' + o.slice(o.lastIndexOf('/')) : o))
        .join(' ')
    : step.object;
  return object ? op + ' ' + object : op;
}

function stepLabel(step, short) {
  const call = stepCall(step, short);
  if (!has(step.result)) return /\.(list|read|get)$/.test(step.op) ? call + ' = nothing' : call;
  return step.result === 'ok' || step.result === 'sent' ? call : call + ' = ' + step.result;
}

function asideLabel(step) {
  const notes = step.asides.filter(
    a =>
      (a.kind === KIND.REMEMBER && a.object !== '*' && a.object !== 'incarnations') ||
      a.kind === KIND.CREATED ||
      a.kind === KIND.ANSWER,
  );
  return notes
    .map(a =>
      a.kind === KIND.CREATED
        ? 'created ' + a.object
        : a.kind === KIND.ANSWER
          ? 'answer: ' + a.result
          : a.object + ' \u2190 ' + a.result,
    )
    .join(', ');
}
