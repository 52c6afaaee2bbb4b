"""The examples of public headers compile, and so does each header by itself.

An example is an indented block in a header's comment that has statements in it. What is said beside a statement stands behind
`//`, and so does a line that is left out (`// …`). What an example takes as given is in tests/examples.given. Prints a line for each
header that fails.
"""
import re
import subprocess
import sys

GIVEN = "tests/examples.given"
COMPILE = ["-std=c11", "-D_GNU_SOURCE", "-I.", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-x", "c", "-"]
INDENT = " *     "


def given():
    rows = {}
    with open(GIVEN, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                header, _, declarations = line.partition(" ")
                rows[header] = rows.get(header, "") + declarations
    return rows


def examples(text):
    block, lines = [], text.split("\n") + ["", ""]
    for line, after in zip(lines, lines[1:]):
        if line.startswith(INDENT) or line == " *" and block and after.startswith(INDENT):
            block.append(line[len(INDENT):])
            continue
        code = [re.sub(r"//.*", "", b).rstrip() for b in block]
        if any(re.search(r"\);$| = .*;$", c) for c in code):
            yield "\n".join(code)
        block = []


def wrong(cc, source):
    out = subprocess.run([cc] + COMPILE, input=source, capture_output=True, text=True)
    return None if out.returncode == 0 else out.stderr.split("\n")[0:2]


def main(cc, headers):
    rows, count = given(), 0
    for header in headers:
        with open(header, encoding="utf-8") as file:
            text = file.read()
        bad = wrong(cc, f'#include "{header}"\n')
        if bad:
            print(f"{header}: alone: {bad}")
        declarations = rows.pop(header, "")
        includes = "".join(f"#include {w}\n" for w in re.findall(r"[<\"][\w/]+\.h[>\"]", declarations))
        declarations = re.sub(r"#include [<\"][\w/]+\.h[>\"]", "", declarations)
        for i, example in enumerate(examples(text), 1):
            count += 1
            source = f'{includes}#include "{header}"\nint example(void);\nint example(void)\n{{\n{declarations}\n{{\n{example}\n}}\nreturn 0;\n}}\n'
            bad = wrong(cc, source)
            if bad:
                print(f"{header}: example {i}: {bad}")
    for header in rows:
        print(f"{GIVEN}: {header} has no example")
    print(f"{count} examples in {len(headers)} headers", file=sys.stderr)


main(sys.argv[1], sys.argv[2:])
