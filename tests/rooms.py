"""Arrows between rooms point left only, by what files include and by what their objects call; and no files beyond a few that
are named call each other in a circle. Prints a line for each arrow or circle that should not be there.

The rooms are those of the table in docs/ARCHITECTURE.md, from left to right.
"""
import glob
import os
import re
import subprocess
from collections import defaultdict

# What the world does for nodes and clients is declared to the left, and done by sim/engine/.
WORLD = ["nodes/world.h", "sim/workload/client_world.h"]

# Circles that there are; a new one, or a larger one, is not allowed, and one that is gone has to go from here.
KNOWN = [
    {"sim/engine/clock", "sim/engine/fault", "sim/engine/freerun", "sim/engine/locks", "sim/engine/net", "sim/engine/node",
     "sim/engine/power", "sim/engine/programs", "sim/engine/scheduler", "sim/engine/task", "sim/engine/wait"},
]


def rooms():
    with open("docs/ARCHITECTURE.md", encoding="utf-8") as file:
        text = file.read()
    table = text[text.index("| room | "):]
    return re.findall(r"^\| `([a-z/]+)/` \|", table[:table.index("\n\n")], re.M)


def sources(pattern):
    return sorted(f for top in ("base", "fsstore", "nodes", "sim") for f in glob.glob(top + "/**/" + pattern, recursive=True))


def includes(file):
    with open(file, encoding="utf-8") as text:
        return re.findall(r'^#include "([^"]+)"', text.read(), re.M)


def declared(file):
    with open(file, encoding="utf-8") as text:
        return set(re.findall(r"\b(world_\w+)\(", text.read()))


def symbols(files):
    """What each object defines for others, and what it needs."""
    defined, needed = {}, defaultdict(set)
    for file in files:
        out = subprocess.run(["nm", "-g", "build/" + file[:-2] + ".o"], capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            *_, kind, name = line.split()
            if kind == "U":
                needed[file].add(name)
            else:
                defined[name] = file
    return defined, needed


def calls(files):
    defined, needed = symbols(files)
    world = set().union(*map(declared, WORLD))
    arrows = defaultdict(lambda: defaultdict(set))
    for file in files:
        for name in needed[file] - world:
            if defined.get(name, file) != file:
                arrows[file][defined[name]].add(name)
    return arrows


def circles(arrows):
    """The strongly connected components of more than one node: Tarjan's algorithm."""
    index, low, stack, found = {}, {}, [], []

    def visit(v):
        index[v] = low[v] = len(index)
        stack.append(v)
        for w in arrows.get(v, ()):
            if w not in index:
                visit(w)
            if w in stack:
                low[v] = min(low[v], low[w])
        if low[v] == index[v]:
            at = stack.index(v)
            if len(stack) - at > 1:
                found.append(set(stack[at:]))
            del stack[at:]

    for v in list(arrows):
        if v not in index:
            visit(v)
    return found


def check():
    order = {room: i for i, room in enumerate(rooms())}
    files = sources("*.c")
    both = files + sources("*.h")
    place = lambda file: order.get(os.path.dirname(file))

    for file in both:
        if place(file) is None:
            yield f"{file}: in none of the rooms"
            return
    for file in both:
        for other in includes(file):
            if place(other) is None or place(other) > place(file):
                yield f"{file} includes {other}"
    called = calls(files)
    for file in files:
        for other, names in called[file].items():
            if place(other) > place(file):
                yield f"{file} calls {', '.join(sorted(names))} of {other}"
    for circle in circles({file: includes(file) for file in both}):
        yield "these include each other: " + ", ".join(sorted(circle))
    met = [{file[:-2] for file in circle} for circle in circles(called)]
    for circle in met:
        if circle not in KNOWN:
            yield "a circle of calls: " + ", ".join(sorted(circle))
    for circle in KNOWN:
        if circle not in met:
            yield "no circle any more: " + ", ".join(sorted(circle))


for line in check():
    print(line)
