"""Every interleaving of an actor scenario, states merged: what may come of it, and which properties hold.

A world is a state between two steps. From the first one, everything that anybody can do next is done, until nothing is new. There
is no reduction here: two worlds are one if they are equal in all that can still matter (World.key), and that is all.

    python3 tests/reference/explore.py FILE...

says of each variant how many outcomes it has and how each property holds, and has status 1 if that is not what the scenario
expects. Left out: loss of power, restarts, `json:` in an `if`, a `when` or an invariant, orders that sample or that are a script, no_torn_read.
"""
import json
import sys

from program import Unsupported, holds
from world import Variant, World


class Outcome:
    """One way in which a run may end, to be asked by properties."""

    def __init__(self, world):
        self.registers = world.registers
        self.tree = world.files.tree()
        self.deadlock = any(task.at is not None for task in world.tasks)
        self.broken = world.broken
        self.key = (tuple(sorted(self.registers.items())), tuple(self.tree.items()), self.deadlock, self.broken)

    def value_of(self, reference):
        kind, _, path = reference.partition(":")
        if kind == "exists":
            return path == "." or path in self.tree
        if kind == "json":
            return self.json_value(*path.split("#", 1))
        return self.tree.get(path) if kind == "content" else self.registers.get(reference)

    def json_value(self, path, pointer):
        """RFC 6901, as far as scenarios use it."""
        try:
            value = json.loads(self.tree[path])
            for part in pointer.split("/")[1:]:
                value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, ValueError, TypeError, IndexError):
            return None
        return value


class TooLarge(Exception):
    """There are more worlds than asked for."""


class Result:
    """What may come of a variant."""

    def __init__(self, document, most=None):
        self.variant = Variant(document)
        self.outcomes = {}  # key -> Outcome
        self.worlds = 0
        self.stuck = False  # an order in which the first of a `before` never comes
        self.happened = set()  # faults
        first = World(self.variant)
        known, todo = {first.key()}, [first]
        while todo:
            world = todo.pop()
            self.worlds += 1
            if most and self.worlds > most:
                raise TooLarge
            if world.ended:
                self.end(world)
            for move in world.moves:
                new = world.after(move)
                key = new.key()
                if key not in known:
                    known.add(key)
                    todo.append(new)

    def end(self, world):
        self.happened |= {f for f, count in enumerate(world.fired) if count}
        if any(task.at is not None and world.held_by_order(i) for i, task in enumerate(world.tasks)):
            self.stuck = True
        outcome = Outcome(world)
        self.outcomes.setdefault(outcome.key, outcome)

    def verdicts(self):
        """Name -> always, sometimes or never."""
        ends = self.outcomes.values()
        told = {name: [holds(predicate, end.value_of) for end in ends] for name, predicate in self.variant.finally_.items()}
        told |= {name: [name not in end.broken for end in ends] for name in self.variant.invariants}
        told["no_deadlock"] = [not end.deadlock for end in ends]
        if self.variant.updates:
            told["no_lost_update"] = ["no_lost_update" not in end.broken for end in ends]
        return {name: "always" if all(held) else "sometimes" if any(held) else "never" for name, held in told.items()}


def merge_patch(target, patch):
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def variants_of(document):
    base = {key: value for key, value in document.items() if key != "variants"}
    for name, patch in document.get("variants", {"default": {}}).items():
        yield name, merge_patch(base, patch)


def main(paths):
    if not paths or any(path.startswith("-") for path in paths):
        print(__doc__, file=sys.stderr)
        return 3
    wrong = False
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                document = json.load(file)
        except (OSError, ValueError) as why:
            print(f"{path}: {why}", file=sys.stderr)
            return 3
        for name, variant in variants_of(document):
            try:
                result = Result(variant)
            except Unsupported as why:
                print(f"{path}, {name}: left out: {why}")
                continue
            verdicts = result.verdicts()
            expected = {prop: how for prop, how in result.variant.expect.items() if prop in verdicts}
            differ = {prop for prop, how in expected.items() if verdicts[prop] != how}
            wrong = wrong or bool(differ)
            print(f"{path}, {name}: {len(result.outcomes)} outcomes, {result.worlds} worlds; "
                  + ", ".join(f"{prop} {how}" + (f" (expected {expected[prop]})" if prop in differ else "")
                              for prop, how in verdicts.items()))
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
