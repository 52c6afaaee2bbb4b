"""Are the pictures of an execution well formed? pictures.py KIND FILE...

Mermaid and PlantUML: nothing but lines of the few forms that fsrace writes, between lanes that were
declared. ShiViz: its parser's expression, and clocks that are vector clocks. Perfetto: what the Trace
Event Format asks of each phase. JSON lines: causes are earlier steps.
"""
import json
import re
import sys

TEXT = r"[^#;%<>\n]*(?:#\d+;[^#;%<>\n]*)*"  # Mermaid: whatever has a meaning is a number


def mermaid(text):
    lines = text.split("\n")
    assert lines[0] == "sequenceDiagram" and lines[-1] == "", "head or end"
    lanes, depth = set(), 0
    for line in lines[1:-1]:
        if match := re.fullmatch(rf"    participant (t\d+|store)(?: as {TEXT})?", line):
            assert match[1] not in lanes, line
            lanes.add(match[1])
        elif match := re.fullmatch(rf"    (t\d+|store)(?:->>|-->>|-\)|-x)(t\d+|store): {TEXT}", line):
            assert match[1] in lanes and match[2] in lanes, line
        elif match := re.fullmatch(rf"    Note over (t\d+|store)(?:,(store))?: {TEXT}", line):
            assert match[1] in lanes, line
        elif re.fullmatch(r"    rect rgb\(\d+, \d+, \d+\)", line):
            depth += 1
        else:
            assert line == "    end", line
            depth -= 1
        assert 0 <= depth <= 1, line
    assert depth == 0 and "store" in lanes


def plantuml(text):
    lines = text.split("\n")
    plain = r"(?:[^~%!\\<>|#]|<U\+[0-9A-F]{4}>)*"
    assert lines[0] == "@startuml" and lines[-2:] == ["@enduml", ""], "head or end"
    lanes = set()
    for line in lines[1:-2]:
        if match := re.fullmatch(rf'participant "{plain}" as (t\d+)|database (store)', line):
            lanes.add(match[1] or match[2])
        elif match := re.fullmatch(rf"(t\d+|store) (?:->|-->|->>|->x) (t\d+|store) : {plain}", line):
            assert match[1] in lanes and match[2] in lanes, line
        else:
            assert re.fullmatch(rf"title {plain}|note over (t\d+|store) : {plain}|hnote across : {plain}"
                                r"|group raced|end", line), line


def shiviz(text):
    latest = {}
    events = re.findall(r"(?P<event>.*)\n(?P<host>\S*) (?P<clock>{.*})\n", text)
    assert len(events) * 2 == text.count("\n"), "a line that is no event"
    for what, host, clock in events:
        clock = json.loads(clock)
        assert clock[host] == latest.get(host, {}).get(host, 0) + 1, (what, host, clock)
        for other, n in clock.items():
            assert other == host or n <= latest[other][other], (what, host, clock)
        for other, n in latest.get(host, {}).items():
            assert clock[other] >= n, (what, host, clock)
        latest[host] = clock
    assert len(latest) >= 2


def perfetto(text):
    events = json.loads(text)["traceEvents"]
    starts, names = {}, set()
    for e in events:
        assert isinstance(e["name"], str) and isinstance(e["pid"], int) and isinstance(e["tid"], int), e
        if e["ph"] == "M":
            assert e["name"] in ("process_name", "thread_name") and isinstance(e["args"]["name"], str), e
            names.add((e["pid"], e["tid"] if e["name"] == "thread_name" else 0))
            continue
        assert isinstance(e["ts"], (int, float)) and e["ts"] >= 0 and isinstance(e["cat"], str), e
        assert (e["pid"], 0) in names and (e["pid"], e["tid"]) in names, e
        if e["ph"] == "X":
            assert e["dur"] > 0, e
        elif e["ph"] == "i":
            assert e["s"] in ("g", "p", "t"), e
        elif e["ph"] == "s":
            assert e["id"] not in starts, e
            starts[e["id"]] = e
        else:
            assert e["ph"] == "f" and e["bp"] == "e", e
            start = starts.pop(e["id"])
            assert (start["name"], start["cat"]) == (e["name"], e["cat"]) and start["ts"] < e["ts"], e
    assert not starts and any(e["ph"] == "X" for e in events)


def jsonl(text):
    head, *records = [json.loads(line) for line in text.splitlines()]
    assert head["fsrace_trace"] == 1 and head["properties"]
    for n, r in enumerate(records):
        assert r["record"] == n and r["ms"] >= (records[n - 1]["ms"] if n else 0), r
        assert ("op" in r) == (r["kind"] == "step"), r
        assert set(r["broken"]) <= set(head["properties"]), r
        for cause in r["causes"]:
            assert cause < n and records[cause]["kind"] == "step", r


for path in sys.argv[2:]:
    try:
        globals()[sys.argv[1]](open(path, encoding="utf-8").read())
    except (AssertionError, KeyError, ValueError) as problem:
        print(f"{path}: {type(problem).__name__}: {problem}")
        sys.exit(1)
