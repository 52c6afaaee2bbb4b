#!/usr/bin/env python3
"""texts FSRACE [COUNT]: what scenarios put into texts comes out of every output as something to be shown.

In scenarios with drawn texts at every field (titles, sources, notes, data, paths, names), nothing of any output is a control character, a
break of lines but our own, a mark that turns the direction of writing, a byte that is no UTF-8, a workflow command, or the end of an element:
a terminal, a CI log and a browser have nothing to obey. XML and JSON parse, and have the texts. Prints a line for each output, ok or FAIL."""

import json, os, random, re, shlex, subprocess, sys, tempfile, xml.dom.minidom

FSRACE = os.path.abspath(sys.argv[1])
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 20
ATOMS = ["\x1b[31m", "\n::error::boo", "\r\n::stop-commands::x\n", "]]>", "</script>", "<script>alert(1)</script>", "<img src=x onerror=1>", "\u2028", "\u2029",
         "\u202e", "\u2066", "\u200f", "\x85", "\x9b", "\x7f", "\t", "|", "`", "%s%n", "\\", "\"", "'", "&amp;", "--><!--", "#", "@enduml", "*_~", "é", "漢"]
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u200e\u200f\u2066-\u2069]")
failed = {}


def text(rng, path=False):
    drawn = "x" + "".join(rng.sample(ATOMS, 6))
    return re.sub("[\x00-\x1f\x7f/]", "", drawn)[:60] if path else drawn


def scenario(rng):
    t = lambda: text(rng)
    return {"fsrace": 1, "name": text(rng, True).translate({c: None for c in range(0x7f, 0xa0)} | {ord(c): None for c in "\u2028\u2029\u202e\u2066\u200f"}),
            "title": t(), "doc": t(), "source": [t(), t()],
            "cluster": {"nodes": {"A": {"role": "actor"}, "B": {"role": "actor"}}}, "init": [{"write": "f", "data": t()}],
            "work": {"A": [{"note": t()}, {"read": "f", "as": "r"}, {"write": text(rng, True), "data": t()}, {"list": ".", "as": "l"}],
                     "B": [{"put": "f", "data": t()}, {"list": ".", "as": "l"}, {"next_event": True, "timeout_ms": 5, "as": "e"}]},
            "properties": {"p": {"finally": {"A.r": t()}}}, "expect": {"p": "always"}}


def note(output, seed, wrong):
    failed.setdefault(output, [])
    if wrong:
        failed[output].append(f"seed {seed}: {wrong}")


def look(output, seed, raw):
    try:
        told = raw.decode()
    except UnicodeDecodeError as error:
        note(output, seed, str(error))
        return
    found = OBEYED.search(told)
    note(output, seed, f"{found.group()!r} in {told[max(0, found.start() - 30):found.start() + 10]!r}" if found else "")
    if output != "--github":
        note(output, seed, "a workflow command" if re.search("^::[a-z-]+", told, re.M) else "")


def run(*arguments):
    return subprocess.run([FSRACE, *arguments], capture_output=True, stdin=subprocess.DEVNULL)


def one(seed):
    rng = random.Random(seed)
    with open("race.json", "w") as file:
        json.dump(scenario(rng), file)
    replay = None
    for arguments in (["run", "--witness"], ["run", "--github"], ["run", "--tap"], ["run", "--json"], ["run", "--junit", "j.xml"], ["run", "--html", "h.html"], ["check"], ["list"],
                      ["index"], ["index", "--format", "markdown"], ["stress", "--runs", "2"]):
        done = run(*arguments, "race.json")
        name = next((a for a in arguments if a.startswith("--")), arguments[0]) if arguments[0] == "run" else " ".join(arguments)
        look(name, seed, done.stdout)
        look(name, seed, done.stderr)
        note(name, seed, f"status {done.returncode}: {done.stderr[:200]!r}" if done.returncode not in (0, 1, 2) else "")
        if arguments[1:] == ["--json"]:
            json.loads(done.stdout)
        for line in done.stdout.decode(errors="replace").split("\n"):
            replay = line.split("Replay: ")[1] if "Replay: " in line and arguments == ["run", "--witness"] else replay
    xml.dom.minidom.parse("j.xml")
    look("the file of --junit", seed, open("j.xml", "rb").read())
    page = open("h.html", "rb").read()
    look("the file of --html", seed, page)
    note("the file of --html", seed, "an element of the scenario's" if b"onerror=1>" in page or b"<script>alert" in page else "")
    for form in ("columns", "mermaid", "plantuml", "shiviz", "perfetto", "jsonl"):
        done = run(*shlex.split(replay)[1:], "--format", form)
        look("replay --format " + form, seed, done.stdout)
        note("replay --format " + form, seed, f"status {done.returncode}: {done.stderr[:200]!r}" if done.returncode not in (0, 1) else "")
    os.path.exists("pinned.json") and os.unlink("pinned.json")
    done = run("pin", "race.json", "--property", "p", "--out", "pinned.json")
    look("pin", seed, done.stdout + done.stderr)
    look("the file of pin", seed, open("pinned.json", "rb").read())


with tempfile.TemporaryDirectory() as place:
    os.chdir(place)
    for seed in range(COUNT):
        one(seed)
for output, wrong in failed.items():
    print(f"FAIL texts: {output}: {wrong[0]}" if wrong else f"ok texts: {output}")
sys.exit(any(failed.values()))
