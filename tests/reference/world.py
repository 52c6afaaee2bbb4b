"""A state of a scenario between two steps, and every way in which it may go on (docs/scenario-format.md)."""
import collections

from files import Errno, Files
from program import Point, Unsupported, compile_steps, directories_of, holds, plan, references


class Task:
    """Where a client is in its program."""

    __slots__ = ("at", "todo", "descriptor", "private", "error", "value", "until", "loose", "looks", "seen")

    def __init__(self):
        self.at = 0  # the next instruction; None: it is over
        self.todo = ()  # calls that are left of this step
        self.descriptor = None
        self.private = None  # the link of a put's private file
        self.error = None  # the first that failed
        self.value = None
        self.until = None  # the deadline of a wait
        self.loose = False  # `await quiet` is over
        self.looks = ()  # what a predicate's looks have found so far
        self.seen = ()  # ((path, inode, whether another has written it since), ...), for no_lost_update

    def copy(self):
        new = Task.__new__(Task)
        for slot in Task.__slots__:
            setattr(new, slot, getattr(self, slot))
        return new


class Fault:
    """A fault of the scenario; how often it has happened is in the world."""

    def __init__(self, fault, names):
        kinds = [kind for kind in ("crash", "pause", "overflow", "fail", "torn", "slow") if kind in fault]
        allowed = {"at", "anywhere", "times", "for_ms", "errno", "node", *kinds}
        if len(kinds) != 1 or set(fault) - allowed:
            raise Unsupported("a fault with " + ", ".join(fault))
        self.kind = kinds[0]
        self.of_a_call = self.kind in ("fail", "torn")
        self.node = fault.get("node") if self.of_a_call else fault[self.kind]
        if self.node is not None and self.node not in names:
            raise Unsupported("a fault of " + self.node)
        at = fault[self.kind] if self.of_a_call else fault.get("at")
        self.at = Point(at) if at else None
        self.anywhere = fault.get("anywhere", False) and self.kind != "slow"  # that is no event
        self.times = fault.get("times", 1)
        self.for_ms = fault.get("for_ms", 0)
        self.errno = fault.get("errno", "EIO")
        if self.at and not self.of_a_call and self.times != 1:
            raise Unsupported("a fault that happens more than once at one point")


class Variant:
    """What does not change while a variant runs."""

    def __init__(self, document):
        cluster = document["cluster"]
        self.semantics = cluster.get("store", {}).get("semantics", "object")
        self.nodes = list(cluster["nodes"])
        if any(node != {"role": "actor"} for node in cluster["nodes"].values()):
            raise Unsupported("nodes that are no plain actors")
        self.names = list(document["work"])  # of the tasks
        self.node_of = [name.split("#")[0] for name in self.names]
        self.code = [compile_steps(steps, []) for steps in document["work"].values()]
        self.faults = [Fault(fault, self.nodes) for fault in document.get("faults", [])]
        self.time = document.get("time", "patient")
        if self.time not in ("patient", "free"):
            raise Unsupported("time that is counted")
        self.free = self.time == "free"
        self.slow = {fault.node for fault in self.faults if fault.kind == "slow"}
        self.pauses = any(fault.kind == "pause" for fault in self.faults)
        order = document.get("order", "all")
        if order != "all" and set(order) != {"before"}:
            raise Unsupported("this order")
        pairs = [] if order == "all" else order["before"]
        self.before = [tuple((self.names.index(text.split(": ", 1)[0]), Point(text.split(": ", 1)[1])) for text in pair)
                       for pair in pairs]
        self.finally_, self.invariants = {}, {}
        for name, prop in document.get("properties", {}).items():
            (self.finally_ if "finally" in prop else self.invariants)[name] = prop.get("finally") or prop["invariant"]
        for predicate in self.invariants.values():
            list(references(predicate))  # json: is refused
        self.expect = document.get("expect", {})
        self.updates = "no_lost_update" in self.expect  # "only judged where it is expected"
        if self.updates and self.semantics != "object":
            raise Unsupported("no_lost_update under posix")
        self.init = document.get("init", [])
        self.met = collections.Counter()  # (verb, result) of each step that was over


def with_more(counts, n, more):
    """The counts, and the n-th one changed by `more`."""
    return (*counts[:n], counts[n] + more, *counts[n + 1:])


class World:
    """A state between two steps."""

    __slots__ = ("variant", "files", "tasks", "registers", "now", "paused", "down", "fired", "armed", "counts", "broken",
                 "moves", "ended")

    def __init__(self, variant):
        self.variant = variant
        self.files = Files()
        self.tasks = [Task() for _ in variant.names]
        self.registers = {}
        self.now = 0
        self.paused = {}  # node -> until when
        self.down = ()
        self.fired = (0,) * len(variant.faults)
        self.armed = (0,) * len(variant.faults)  # calls that a fault has yet to strike
        self.counts = (0,) * (len(variant.faults) + 2 * len(variant.before))  # how often a point with a number was done
        self.broken = frozenset()  # invariants (and no_lost_update) that were broken at some time
        self.moves = []  # what may happen next: ("step", task), ("strike", fault)
        self.ended = False  # nothing has to happen any more
        for step in variant.init:
            task = Task()
            verb = next(iter(set(step) - {"data"}))
            task.todo = plan(verb, step, "object", None)
            while task.todo:
                self.call(task, None)
            if task.error:
                raise Unsupported(f"init fails: {step}: {task.error}")
        self.files.queues.clear()
        for i in range(len(self.tasks)):
            self.arrive(i)
        self.settle()
        self.judge()

    def copy(self):
        new = World.__new__(World)
        for slot in World.__slots__:
            setattr(new, slot, getattr(self, slot))
        new.files = self.files.copy()
        new.tasks = self.tasks.copy()
        new.registers = self.registers.copy()
        new.paused = self.paused.copy()
        return new

    def key(self):
        """All that can matter from here on; time counts from now."""
        held = [link for task in self.tasks for link in (task.descriptor and task.descriptor[0], task.private)]
        tasks = tuple(
            (task.at, task.todo, task.descriptor and task.descriptor[1], task.error, task.value,
             task.until and max(task.until - self.now, 0), task.loose, task.looks, task.seen) for task in self.tasks)
        paused = tuple(sorted((node, until - self.now) for node, until in self.paused.items()))
        return (self.files.key(held), tasks, tuple(sorted(self.registers.items())), paused, self.down, self.fired, self.armed,
                self.counts, self.broken)

    # ---- where a task is ----

    def instruction(self, i):
        """The verb at which a task waits to go on."""
        return self.variant.code[i][self.tasks[i].at][1]

    def point(self, i):
        task = self.tasks[i]
        if task.todo:
            return task.todo[0][0]
        _, verb, step = self.variant.code[i][task.at]
        return {"next_event": "watch.next", "sleep_ms": f"clock.sleep {step[verb]} ms",
                "await": "client.await" if verb == "await" and self.awaited(i) else "clock.quiet",
                "note": f"note {step[verb]}"}[verb]

    def mine(self, i):
        """The task, to be changed: worlds share their tasks otherwise."""
        task = self.tasks[i] = self.tasks[i].copy()
        return task

    def arrive(self, i):
        """Go on to the next point. What a program does between two points nobody sees half done."""
        task = self.mine(i)
        code = self.variant.code[i]
        while task.at is not None:
            if task.at == len(code):
                task.at = None
                break
            instruction = code[task.at]
            if instruction[0] == "jump":
                task.at = instruction[1]
            elif instruction[0] == "branch":
                looks = self.looks(i, instruction[1])
                if looks:
                    task.todo = looks
                    break
                self.branch(i, task, instruction)
            else:
                _, verb, step = instruction
                if verb == "stop":
                    task.at = None
                elif verb == "next_event":
                    self.files.need_queue(self.variant.node_of[i])
                    task.until = self.now + step["timeout_ms"] if "timeout_ms" in step else None
                    break
                elif verb == "sleep_ms":
                    task.until = self.now + step[verb]
                    break
                elif verb in ("await", "note"):
                    task.until = self.now + step["timeout_ms"] if "timeout_ms" in step else None
                    break
                else:
                    task.todo = plan(verb, step, self.variant.semantics, f".tmp/{i}")
                    break

    # ---- predicates of a program: a look at a file, or at another's register, is a step ----

    def looks(self, i, predicate):
        mine = self.variant.names[i] + "."
        calls = []
        for reference in references(predicate):
            if reference.startswith("exists:"):
                calls.append((f"fs.stat {reference[7:]}", "look_exists", reference[7:]))
            elif reference.startswith("content:"):
                path = reference[8:]
                if self.variant.semantics == "object":
                    calls.append((f"fs.read {path}", "look_whole", path))
                else:
                    calls += [(f"fs.open {path}", "look_open", path), (f"fs.read {path}", "look_read"),
                              (f"fs.close {path}", "close_read")]
            elif not reference.startswith(mine):
                calls.append((f"register.get {reference}", "look_register", reference))
        return tuple(calls)

    def branch(self, i, task, instruction):
        _, predicate, otherwise = instruction
        mine = self.variant.names[i] + "."
        found = iter(task.looks)
        values = {reference: self.registers.get(reference) if reference.startswith(mine) else next(found)
                  for reference in references(predicate)}
        task.looks, task.error, task.value = (), None, None
        task.at = task.at + 1 if holds(predicate, values.get) else otherwise

    # ---- steps ----

    def able(self, i):
        """Whether the task can make a step: it does not wait, nor stand still, nor is it held for a fault or an order."""
        task = self.tasks[i]
        if task.at is None or self.variant.node_of[i] in self.paused:
            return False
        if not task.todo:
            verb = self.instruction(i)
            due = task.until is not None and (self.variant.free or task.until <= self.now)
            if verb == "next_event" and not due and not self.files.has_event(self.variant.node_of[i]):
                return False
            if verb == "await" and self.awaited(i):
                if not due and not holds(self.awaited(i), self.value_of):
                    return False
                verb = None
            if verb == "sleep_ms" and not due or verb == "await" and not task.loose:
                return False
        return not self.held_by_order(i) and not any(self.held_by_fault(i, f) for f in range(len(self.variant.faults)))

    def awaited(self, i):
        """The predicate of an `await`; None: it is for quiet."""
        predicate = self.variant.code[i][self.tasks[i].at][2]["await"]
        return predicate if isinstance(predicate, dict) else None

    def held_by_fault(self, i, f):
        """"when a task of the node is about to do POINT; it is held there until the fault has happened" """
        fault = self.variant.faults[f]
        if fault.of_a_call or not fault.at or self.fired[f] or self.variant.node_of[i] != fault.node:
            return False
        if self.tasks[i].at is None or fault.node in self.paused:
            return False
        return fault.at.matches(self.point(i)) and (fault.at.nth or 1) - 1 == self.counts[f]

    def held_by_order(self, i):
        """The second of a `before` waits for the first."""
        for n, ((_, first), (task, second)) in enumerate(self.variant.before):
            side = len(self.variant.faults) + 2 * n
            if (task == i and self.counts[side] < (first.nth or 1) and self.counts[side + 1] == (second.nth or 1) - 1
                    and second.matches(self.point(i))):
                return True
        return False

    def count(self, i, point):
        """A task is about to do this: what has a number, or waits for its turn, counts it."""
        variant = self.variant
        for f, fault in enumerate(variant.faults):
            if not fault.of_a_call and fault.at and fault.at.nth and fault.node == variant.node_of[i] and fault.at.matches(point):
                self.counts = with_more(self.counts, f, self.counts[f] < fault.at.nth)
        for n, pair in enumerate(variant.before):
            for side, (task, at) in enumerate(pair, len(variant.faults) + 2 * n):
                if task == i and at.matches(point):
                    self.counts = with_more(self.counts, side, self.counts[side] < (at.nth or 1))

    def step(self, i):
        task = self.mine(i)
        if self.variant.faults or self.variant.before:
            self.count(i, self.point(i))
        if not task.todo:
            self.end_of_wait(i, task)
        elif self.variant.semantics == "object":
            self.whole_step(i, task)
        else:
            self.call(task, i, self.struck(i, task))
        if self.tasks[i] is task and not task.todo:
            self.end_of_step(i, task)
            self.arrive(i)

    def whole_step(self, i, task):
        """Under `object` nobody sees a step half done."""
        errno = self.struck(i, task)
        if errno:
            task.todo, task.error = (), errno
            return
        kind, verb, step = self.variant.code[i][task.at]
        noted = self.variant.updates and kind == "do" and isinstance(step[verb], str)
        before = self.inode_at(step[verb]) if noted else None
        while task.todo:
            self.call(task, i)
        if noted:
            self.note_update(i, verb, step[verb], before)

    def struck(self, i, task):
        """The errno that a fault gives to this call, or "torn"; and the fault has happened then."""
        point = task.todo[0][0]
        if not point.startswith(("fs.", "store.")):
            return None
        for f, fault in enumerate(self.variant.faults):
            if not fault.of_a_call or fault.node not in (None, self.variant.node_of[i]) or not fault.at.matches(point):
                continue
            if fault.anywhere and self.armed[f]:
                self.armed = with_more(self.armed, f, -1)
            elif not fault.anywhere and self.fired[f] < fault.times:
                self.fired = with_more(self.fired, f, 1)
            else:
                continue
            return "torn" if fault.kind == "torn" else fault.errno
        return None

    def call(self, task, i, errno=None):
        """One call; and what is left to do if it fails: a descriptor is closed, and a put's private file goes."""
        _, operation, *arguments = task.todo[0]
        rest = task.todo[1:]
        closes = operation in ("close", "close_read")
        try:
            if errno == "torn":
                self.files.write(task.descriptor, arguments[0][:len(arguments[0]) // 2])
                self.crash(self.variant.node_of[i])
                return
            if errno and not closes:
                raise Errno(errno)
            more = OPERATIONS[operation](self, task, i, *arguments)
            if errno and operation == "close":
                raise Errno(errno)  # it has closed all the same: man 2 close
            task.todo = (more or ()) + rest
        except Errno as error:
            if operation.startswith("look_"):  # what is not there is no error for a predicate
                task.looks = (*task.looks, None)
                task.todo = rest[2:] if operation == "look_open" else rest
                return
            task.error = task.error or str(error)
            opens = operation in ("open", "open_private")
            task.todo = tuple(call for call in rest if call[1] in ("close", "close_read") and not opens)
            if operation == "open_private" or task.private is not None:
                task.todo += ((f"fs.unlink .tmp/{i}", "discard"),)

    def end_of_step(self, i, task):
        """The last call was made: set the register, or take the branch."""
        instruction = self.variant.code[i][task.at]
        if instruction[0] == "branch":
            self.branch(i, task, instruction)
            return
        _, verb, step = instruction
        if "as" in step:
            result = task.error or ("ok" if task.value is None else task.value)
            self.registers[f"{self.variant.names[i]}.{step['as']}"] = result
        told = task.value.split(" ")[0] if verb == "next_event" and task.value else "ok"
        self.variant.met[verb, task.error or told] += 1
        task.error, task.value, task.until, task.loose = None, None, None, False
        task.at += 1

    def end_of_wait(self, i, task):
        if self.instruction(i) == "next_event":
            node = self.variant.node_of[i]
            if self.files.has_event(node):
                task.value = self.files.next_event(node)
            else:
                task.error = "ETIMEDOUT"
        elif self.instruction(i) == "await" and self.awaited(i) and not holds(self.awaited(i), self.value_of):
            task.error = "ETIMEDOUT"

    # ---- no_lost_update ----

    def inode_at(self, path):
        try:
            return self.files.links[self.files.find(path)][2]
        except Errno:
            return None

    def note_update(self, i, verb, path, before):
        """"no task writes over what it has not seen: where it has read a file, or found none, and writes it later, nobody has
        written it in between. Adding to a file, and making one that must not be there, lose nothing." """
        task = self.tasks[i]
        if verb in ("read", "stat"):
            task.seen = (*(entry for entry in task.seen if entry[0] != path), (path, before, False))
        if verb not in ("write", "put", "append", "create_excl") or task.error:
            return
        if verb in ("write", "put") and any(at == path and stale for at, _, stale in task.seen):
            self.broken |= {"no_lost_update"}
        for other in range(len(self.tasks)):
            if other != i and self.tasks[other].seen:
                self.mine(other).seen = tuple(
                    (at, inode, stale or at == path or verb != "put" and before is not None and inode == before)
                    for at, inode, stale in self.tasks[other].seen)
        task.seen = tuple(entry for entry in task.seen if entry[0] != path)

    # ---- faults ----

    def crash(self, node):
        """All descriptors of a process that dies are closed (man 2 _exit), so its writers are heard of."""
        self.down = tuple(sorted({*self.down, node}))
        self.files.drop_queue(node)
        self.paused.pop(node, None)
        for i, of in enumerate(self.variant.node_of):
            if of != node:
                continue
            task = self.tasks[i]
            self.tasks[i] = gone = Task()
            gone.at = None
            if task.descriptor:
                self.files.close(task.descriptor)
            if task.private is not None:
                self.files.forget_private(task.private)

    def strike(self, f):
        fault = self.variant.faults[f]
        self.fired = with_more(self.fired, f, 1)
        if fault.of_a_call:
            self.armed = with_more(self.armed, f, 1)
        elif fault.kind == "crash":
            self.crash(fault.node)
        elif fault.kind == "pause":
            self.paused[fault.node] = self.now + fault.for_ms  # without a length: from now on
        else:
            self.files.overflow(fault.node)

    # ---- what may happen next ----

    def faults_at(self):
        """Faults for which a task is held."""
        return [("strike", f) for f in range(len(self.variant.faults))
                if any(self.held_by_fault(i, f) for i in range(len(self.tasks)))]

    def faults_anywhere(self):
        return [("strike", f) for f, fault in enumerate(self.variant.faults)
                if fault.anywhere and self.fired[f] < fault.times and (fault.of_a_call or fault.node not in self.down)]

    def resumes(self):
        """"for so long, or longer": a pause may end from then on; where anybody may be slow, a length is nothing."""
        return [("resume", node) for node, until in sorted(self.paused.items()) if self.variant.free or until <= self.now]

    def resume(self, node):
        del self.paused[node]

    def time_passes(self):
        self.now = min(self.moments())

    def moments(self):
        """What somebody waits for. Where anybody may be slow, a deadline is over at any point, so nobody does."""
        if self.variant.free:
            return []
        return [until for until in [*(task.until for task in self.tasks if task.at is not None), *self.paused.values()]
                if until is not None and until > self.now]

    def time_may_pass(self, steps):
        """"time does not wait for it": for a slow node, or one whose pause may end."""
        prompt = [i for _, i in steps if self.variant.node_of[i] not in self.variant.slow]
        return not prompt and not self.faults_at() and self.moments()

    def settle(self):
        """Find what may happen next. "Time passes only when no task can go on: then it jumps to the next moment that somebody
        waits for." And if nobody waits for time either, all is quiet. A fault that may strike anywhere does so while somebody
        can make a step, or where all are stuck for ever; not while all wait for time, and not when all is over. Where a fault
        makes somebody slow, that time passes is a move like others."""
        while True:
            steps = [("step", i) for i in range(len(self.tasks)) if self.able(i)]
            self.moves = steps + self.faults_at() + self.resumes()
            if (self.variant.slow or self.variant.pauses) and self.time_may_pass(steps):
                self.moves.append(("pass_", None))
            self.ended = False
            if self.moves:
                self.moves += self.faults_anywhere()
                return
            alive = [task for task in self.tasks if task.at is not None]
            waiting = [i for i, task in enumerate(self.tasks)
                       if task.at is not None and not task.todo and self.instruction(i) == "await" and not task.loose
                       and not self.awaited(i)]
            if self.moments():
                self.time_passes()
            elif waiting:
                for i in waiting:
                    self.mine(i).loose = True
            else:
                self.ended = True
                self.moves = self.faults_anywhere() if alive else []
                return

    def pass_(self, _):
        self.time_passes()

    def after(self, move):
        new = self.copy()
        what, which = move
        getattr(new, what)(which)
        new.settle()
        new.judge()
        return new

    def judge(self):
        for name, predicate in self.variant.invariants.items():
            if name not in self.broken and not holds(predicate, self.value_of):
                self.broken |= {name}

    # ---- to look at ----

    def exists(self, path):
        return self.inode_at(path) is not None

    def content(self, path):
        return self.files.content.get(self.inode_at(path))

    def value_of(self, reference):
        """What a property sees."""
        kind, _, path = reference.partition(":")
        if kind == "exists":
            return self.exists(path)
        return self.content(path) if kind == "content" else self.registers.get(reference)


# ---- operations of a plan: what a call does to the task that makes it, and perhaps more calls ----

def op_open(world, task, i, path, mode):
    task.descriptor = world.files.open(path, mode)


def op_read(world, task, i):
    task.value = world.files.read(task.descriptor)


def op_write(world, task, i, data):
    world.files.write(task.descriptor, data)


def op_close(world, task, i):
    world.files.close(task.descriptor)
    task.descriptor = None


def op_open_private(world, task, i):
    task.descriptor = world.files.open_private()
    task.private = task.descriptor[0]


def op_publish(world, task, i, path, again=False):
    """The directories that a put needs are made, if they are missing; once."""
    try:
        world.files.publish(task.private, path)
    except Errno as error:
        if str(error) != "ENOENT" or again:
            raise
        calls = [(f"fs.mkdir {directory}", "mkdir_if_missing", directory) for directory in directories_of(path)]
        return (*calls, (task.todo[0][0], "publish", path, True))
    task.private = None
    return None


def op_mkdir_if_missing(world, task, i, path):
    try:
        world.files.mkdir(path)
    except Errno as error:
        if str(error) != "EEXIST":
            raise


def op_discard(world, task, i):
    if task.private is not None:
        world.files.forget_private(task.private)
        task.private = None


def op_watch(world, task, i, path):
    world.files.watch(world.variant.node_of[i], path)


def op_stat(world, task, i, path):
    task.value = world.files.stat(path)


def op_list(world, task, i, path):
    task.value = world.files.list(path)


def op_look_exists(world, task, i, path):
    task.looks = (*task.looks, world.exists(path))


def op_look_whole(world, task, i, path):
    task.looks = (*task.looks, world.content(path))


def op_look_open(world, task, i, path):
    task.descriptor = world.files.open(path, "read")


def op_look_read(world, task, i):
    task.looks = (*task.looks, world.files.read(task.descriptor))


def op_look_register(world, task, i, reference):
    task.looks = (*task.looks, world.registers.get(reference))


OPERATIONS = {
    "fsync": lambda world, task, i: None,
    "close_read": lambda world, task, i: op_close(world, task, i),
    "mkdir": lambda world, task, i, path: world.files.mkdir(path),
    "rmdir": lambda world, task, i, path: world.files.rmdir(path),
    "unlink": lambda world, task, i, path: world.files.unlink(path),
    "link": lambda world, task, i, old, new: world.files.link(old, new),
    "rename": lambda world, task, i, old, new: world.files.rename(old, new),
    "rename_noreplace": lambda world, task, i, old, new: world.files.rename(old, new, replace=False),
    **{name[3:]: function for name, function in globals().items() if name.startswith("op_")},
}
