"""Loader, schema and reference have the same words: schema.py FILE... [--refused FILE...]

The loader's are read out of its source: a list `keys[]` in a function parse_X is an object of the
schema, $defs/X; any other list of words is an enum; and there are the tables of verbs and faults.
Every file, and each of its variants, has to be valid by the schema; those behind --refused have not.
"""
import glob
import json
import re
import sys

import jsonschema

SOURCES = sorted(glob.glob("sim/scenario/*.c")) + ["nodes/create/create.c", "sim/workload/predicate.c"]
bad = 0


def wrong(text):
    global bad
    bad += 1
    print(text)


schema = json.load(open("docs/scenario.schema.json", encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
defs = schema["$defs"]


def enums(node):
    if isinstance(node, dict):
        if "enum" in node:
            yield frozenset(node["enum"])
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from enums(child)


def words(body):
    return [w for w in re.findall(r'"((?:[^"\\]|\\.)*)"', body)]


def lists(source):
    """(function, name, words) of each array of words."""
    function = None
    at = 0
    pattern = re.compile(
        r"^(?:static )?(?:enum \w+|bool|int|void|const \w+[ \w]*\*?) \*?(\w+)\([^;]*?\)\n\{"
        r"|\*const (\w+)\[\] = \{(.*?)\};", re.S | re.M)
    while match := pattern.search(source, at):
        at = match.end()
        if match[1]:
            function = match[1]
        else:
            yield function, match[2], words(match[3])


def rows(source, table):
    """{"word", ..., {"more", NULL}} of a table."""
    match = re.search(r"\b%s\[\] = \{\n(.*?)\n\};" % table, source, re.S)
    for row in re.findall(r"\{(\"(?:[^{}]|\{[^{}]*\})*)\}", match[1]):
        inner = re.search(r"\{([^{}]*)\}", row)
        yield words(row)[0], words(inner[1]), row


def same(where, name, properties):
    if name and name not in defs:
        wrong(f"{where}: docs/scenario.schema.json has no $defs/{name}; the loader's keys are {sorted(properties)}")
        return
    got = set(defs[name]["properties"] if name else schema["properties"])
    if got != properties:
        wrong(f"{where}: only in the loader {sorted(properties - got)}, "
              f"only in the schema's {name or 'root'} {sorted(got - properties)}")


spoken = set()
known = set(enums(schema))
for path in SOURCES:
    source = open(path, encoding="utf-8").read()
    for function, name, found in lists(source):
        if name == "sampler_names":  # keys of an order, which are in a list of keys, too
            continue
        spoken |= set(found)
        where = f"{path}: {function}(), {name}[]"
        if function == "check_head":
            same(where, None, set(found) | {"variants"})
        elif name == "keys":
            same(where, re.sub("^parse_", "", function), set(found))
        elif frozenset(found) not in known and len(found) > 1:
            wrong(f"{where}: the schema has no enum of {found}")

verbs = {}
for verb, more, row in rows(open("sim/scenario/work.c").read(), "verbs"):
    properties = verbs.setdefault(verb, set())
    properties |= {verb, *more}
    if "ACT_IF" not in row:
        properties.add("when")
    if not re.search(r"ACT_(IF|REPEAT|STOP|BREAK|WHILE|UNTIL|SET),", row):
        properties.add("as")
for verb, properties in verbs.items():
    spoken |= properties
    same("sim/scenario/work.c: verbs[]", "verb_" + verb, properties)
faults = {}
for fault, more, row in rows(open("sim/scenario/faults.c").read(), "words"):
    spoken |= {fault, *more}
    faults[fault] = more
    same("sim/scenario/faults.c: words[]", "fault_" + fault, {fault, *more})
for kind, table in ("verb_", verbs), ("fault_", faults):
    listed = {r["$ref"].split("/")[-1] for r in defs[kind.rstrip("_") if kind == "fault_" else "step"]["oneOf"]}
    if listed != {kind + w for w in table}:
        wrong(f"the schema's list of {kind}… is another: {sorted(listed ^ {kind + w for w in table})}")

# In the reference, each word is in code or in bold somewhere.
text = open("docs/scenario-format.md", encoding="utf-8").read()
code = " ".join(re.findall(r"```.*?```|`[^`\n]+`|\*\*\w+\*\*", text, re.S))
for word in sorted(spoken):
    if not re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(word), code):
        wrong(f"docs/scenario-format.md does not say what \"{word}\" is")


def merged(target, patch):
    if not isinstance(patch, dict):
        return patch
    out = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merged(out.get(key), value)
    return out


def errors(path):
    whole = json.load(open(path, encoding="utf-8"))
    rest = {k: v for k, v in whole.items() if k != "variants"}
    for name, patch in {"(file)": None, **whole.get("variants", {})}.items():
        error = jsonschema.exceptions.best_match(
            validator.iter_errors(whole if patch is None else merged(rest, patch)))
        if error:
            yield f"{path}, {name}: {'/'.join(map(str, error.path))}: {error.message[:200]}"


refused = False
for path in sys.argv[1:]:
    if path == "--refused":
        refused = True
    elif not refused:
        for text in errors(path):
            wrong(text)
    elif not list(errors(path)):
        wrong(f"{path}: the schema takes it")
sys.exit(bad != 0)
