"""Blocks of the documentation that a command makes, or that are files: blocks.py [--update] FILE.md...

    <!-- file: races/a.json -->     the block behind it is written there, relative to the directory we are in
    <!-- build/fsrace … -->         the block behind it is what the command prints, on both outputs

In the order of the text. --update writes into FILE.md what the commands print now.
"""
import os
import re
import subprocess
import sys

BLOCK = re.compile(r"^<!-- (file: |)(.*) -->\n(```.*\n)((?:.*\n)*?)```$", re.M)
update = sys.argv[1] == "--update"
count = differ = 0


def made(match):
    global count, differ
    is_file, what, fence, body = match.groups()
    if is_file:
        os.makedirs(os.path.dirname(what) or ".", exist_ok=True)
        open(what, "w", encoding="utf-8").write(body)
        return match[0]
    count += 1
    printed = subprocess.run(what, shell=True, text=True, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
    if printed != body:
        differ += 1
        if not update:
            print(f"{what}\nprints:\n{printed}and not:\n{body}")
    return match[0].replace(fence + body, fence + printed)


for path in sys.argv[1 + update:]:
    text = open(path, encoding="utf-8").read()
    new = BLOCK.sub(made, text)
    if update and new != text:
        open(path, "w", encoding="utf-8").write(new)
print(f"{count} blocks, {differ} differ")
sys.exit(0 if update else differ != 0)
