"""What an actor's steps mean (docs/scenario-format.md): a step is a plan of calls, each with the point by which it is known."""
import fnmatch
import re


class Unsupported(Exception):
    """The scenario has what the reference knows nothing of."""


# ---- predicates ----

def references(predicate):
    """What a predicate looks at, in order."""
    for key, value in predicate.items():
        if key in ("all", "any", "of"):
            for part in value:
                yield from references(part)
        elif key == "not":
            yield from references(value)
        elif key not in ("at_most", "at_least", "exactly"):
            if key.startswith("json:"):
                raise Unsupported("json: in a predicate")
            yield key


def number(value):
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return float(value)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


COMPARE = {"lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b}


def compares(found, wanted):
    """"What is not there equals nothing, is neither less nor greater, and is `ne` to everything." """
    if isinstance(wanted, dict):
        (how, value), = wanted.items()
        if found is None:
            return how == "ne"
        if how == "ne":
            both = number(found) is not None and number(value) is not None
            return number(found) != number(value) if both else not compares(found, value)
        if number(found) is not None and number(value) is not None:
            return COMPARE[how](number(found), number(value))
        return COMPARE[how](str(found).encode(), str(value).encode())
    if found is None or isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if not isinstance(wanted, str):
        return number(found) == wanted
    return found == wanted


def holds(predicate, value_of):
    """`value_of` tells the text (or truth) of a reference, None for what is not there."""
    if "all" in predicate:
        return all(holds(part, value_of) for part in predicate["all"])
    if "any" in predicate:
        return any(holds(part, value_of) for part in predicate["any"])
    if "not" in predicate:
        return not holds(predicate["not"], value_of)
    if "of" in predicate:
        count = sum(holds(part, value_of) for part in predicate["of"])
        return (count <= predicate.get("at_most", count) and count >= predicate.get("at_least", count)
                and count == predicate.get("exactly", count))
    (reference, wanted), = predicate.items()
    return compares(value_of(reference), wanted)


# ---- plans ----

# Under `posix` each of these calls is a point: (word of the point, operation, arguments). P is the step's path, D its data.
FILE_CALLS = {
    "read": lambda p, d: [("open", "open", p, "read"), ("read", "read"), ("close", "close_read")],
    "fsync": lambda p, d: [("open", "open", p, "read"), ("fsync", "fsync"), ("close", "close_read")],
    "write": lambda p, d: [("create", "open", p, "write"), ("write", "write", d or ""), ("close", "close")],
    "append": lambda p, d: [("append", "open", p, "append"), ("write", "write", d or ""), ("close", "close")],
    "create_excl": lambda p, d: ([("create_excl", "open", p, "excl")] + ([("write", "write", d)] if d is not None else [])
                                 + [("close", "close")]),
}
ONE_PATH = ("stat", "list", "mkdir", "rmdir", "unlink")
TWO_PATHS = ("rename", "rename_noreplace", "link")
WAITS = ("next_event", "sleep_ms", "await", "note")
VERBS = (*FILE_CALLS, "put", "watch", *ONE_PATH, *TWO_PATHS, *WAITS, "stop")


def verb_of(step):
    verbs = [key for key in step if key in VERBS]
    if len(verbs) != 1 or set(step) - {*VERBS, "data", "as", "when", "timeout_ms"}:
        raise Unsupported("a step with " + ", ".join(step))
    return verbs[0]


def plan(verb, step, semantics, private):
    """The calls of a step, each (point, operation, arguments...). Under `object` they have one point, and are done at once."""
    target = step[verb]
    if verb in FILE_CALLS:
        calls = [(f"fs.{word} {target}", *call) for word, *call in FILE_CALLS[verb](target, step.get("data"))]
        one = f"fs.{verb} {target}"
    elif verb == "put":
        calls = [(f"fs.create {private}", "open_private"), (f"fs.write {private}", "write", step["data"]),
                 (f"fs.close {private}", "close"), (f"fs.rename {private} {target}", "publish", target)]
        one = f"store.put {target}"
    elif verb == "watch":
        calls = [(f"watch.add {target}", "watch", target)]
        one = calls[0][0]
    elif verb in TWO_PATHS:
        calls = [(f"fs.{verb} {target[0]} {target[1]}", verb, *target)]
        one = calls[0][0]
    else:
        calls = [(f"fs.{verb} {target}", verb, target)]
        one = calls[0][0]
    return tuple((one, *call[1:]) for call in calls) if semantics == "object" else tuple(calls)


def directories_of(path):
    """`a` and `a/b`, of `a/b/c`."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:i + 1]) for i in range(len(parts))]


# ---- programs ----

def compile_steps(steps, code):
    """Steps as a flat list: ("do", verb, step), ("branch", predicate, where to if it does not hold), ("jump", where to)."""
    for step in steps:
        guard = len(code) if "when" in step else None
        if guard is not None:
            code.append(None)
        if "if" in step:
            at = len(code)
            code.append(None)
            compile_steps(step.get("then", []), code)
            over = len(code)
            code.append(None)
            code[at] = ("branch", step["if"], len(code))
            compile_steps(step.get("else", []), code)
            code[over] = ("jump", len(code))
        elif "repeat" in step:
            for _ in range(step["repeat"]):
                compile_steps(step["do"], code)
        else:
            code.append(("do", verb_of(step), step))
        if guard is not None:
            code[guard] = ("branch", step["when"], len(code))
    return code


class Point:
    """A POINT of a fault or an order: a glob, and which time ("#2"; None: any)."""

    def __init__(self, text):
        glob, mark, nth = text.rpartition("#")
        self.nth = int(nth) if mark and nth.isdigit() else None
        self.glob = glob if self.nth is not None else text
        self.matching = {}  # known answers

    def matches(self, point):
        found = self.matching.get(point)
        if found is None:
            found = self.matching[point] = fnmatch.fnmatchcase(point, self.glob)
        return found
