"""Figures of the code, and the rules about them: prints the figures, then a line for each rule that is broken, with status 1.

A function is what clang-format leaves of it: `{` and `}` alone in their columns, and its name above.
"""
import glob
import os
import re
import sys
from collections import defaultdict

LAYERS = ("base", "fsstore", "nodes", "sim")
LONGEST = 50  # lines of a function's body
TABLES = {"set", "worked"}  # a switch with a line for each row: as long as the table is
WIDEST = 140  # columns of a line in code, prose included; code itself has 100 from clang-format
ASSERTS = float(os.environ.get("ASSERTS", "0"))  # a function


def sources(pattern):
    return sorted(f for top in LAYERS for f in glob.glob(top + "/**/" + pattern, recursive=True))


def read(file):
    with open(file, encoding="utf-8") as text:
        return text.read()


def functions(file):
    """Name, lines and asserts of each function that the file defines."""
    lines = read(file).split("\n")
    for i, line in enumerate(lines):
        if line != "{":
            continue
        head = i - 1
        while lines[head].startswith((" ", "\t")):
            head -= 1
        name = re.search(r"(\w+)\(", lines[head])
        if not name:
            continue
        body = lines[i + 1:lines.index("}", i)]
        yield name.group(1), len(body), sum(len(re.findall(r"\bassert\(", b)) for b in body)


def percentile(sorted_values, p):
    return sorted_values[min(len(sorted_values) - 1, len(sorted_values) * p // 100)]


def includes(file):
    return re.findall(r'^#include "([^"]+)"', read(file), re.M)


def reach(file, seen):
    for other in includes(file):
        if other not in seen and os.path.exists(other):
            seen.add(other)
            reach(other, seen)
    return seen


broken = []

# --- functions and asserts ---
rooms = defaultdict(lambda: [0, 0])
lengths = []
static_asserts = sum(len(re.findall(r"\b_Static_assert\(", read(f))) for f in sources("*.[ch]"))
for file in sources("*.[ch]"):
    for name, length, asserts in functions(file):
        lengths.append(length)
        rooms[os.path.dirname(file)][0] += 1
        rooms[os.path.dirname(file)][1] += asserts
        if length > LONGEST and name not in TABLES:
            broken.append(f"{file}: {name} has {length} lines; {LONGEST} are enough")
lengths.sort()
count, asserts = (sum(room[i] for room in rooms.values()) for i in (0, 1))
print(f"functions: {count}; lines of one: {percentile(lengths, 50)} at the median, {percentile(lengths, 90)} at the 90th of 100, "
      f"{percentile(lengths, 99)} at the 99th, {lengths[-1]} at most")
print(f"asserts: {asserts}, {asserts / count:.2f} a function; and {static_asserts} of the compiler's")
for room in sorted(rooms):
    n, a = rooms[room]
    print(f"  {room:24} {n:5} functions {a:5} asserts  {a / n:.2f}")
if asserts < ASSERTS * count:
    broken.append(f"{asserts} asserts in {count} functions; at least {ASSERTS} a function")

# --- headers ---
reached = {file: reach(file, set()) for file in sources("*.[ch]")}
users = {h: sum(h in r for f, r in reached.items() if f != h) for h in sources("*.h")}
brings = sorted(((len(reached[h]), h) for h in sources("*.h")), reverse=True)
sizes = sorted(n for n, _ in brings)
print(f"headers: {len(brings)}; one brings {percentile(sizes, 50)} others at the median, {brings[0][0]} at most ({brings[0][1]})")
print("  reached by most files: " + ", ".join(f"{h} ({n})" for h, n in sorted(users.items(), key=lambda u: -u[1])[:8]))
for header in sources("*.h"):
    text = read(header)
    guard = re.sub(r"\W", "_", header).upper()
    if f"#ifndef {guard}\n#define {guard}\n" not in text:
        broken.append(f"{header}: its guard is {guard}")
    name = os.path.basename(header)[:-2]
    if not re.match(r"/\*\n \* \w+: ", text):
        broken.append(f"{header}: it begins with '{name}: what it is for'")

# --- lines ---
for file in sources("*.[ch]"):
    for i, line in enumerate(read(file).split("\n"), 1):
        if len(line) > WIDEST:
            broken.append(f"{file}:{i}: {len(line)} columns")
        if re.search(r"\b(TODO|FIXME|XXX)\b", line):
            broken.append(f"{file}:{i}: what is left to do is an issue, not a comment")

for line in broken:
    print("rule: " + line)
sys.exit(bool(broken))
