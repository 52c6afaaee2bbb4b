"""sick.py PROGRAM [MOST [NAME]]: runs build/sick_fsrace (tests/sick.c) with each call failing in turn, once and from there on for ever
(MOST of a command, evenly spread; by default all; NAME: of the commands with that in their name). For every one the result has to be as without, or status 3 with a line that says why; nothing
is left, and a journal that was left can be gone on with. Last line: "N passed, N failed"."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

program = os.path.abspath(sys.argv[1])
most = int(sys.argv[2]) if len(sys.argv) > 2 else 1 << 30
chosen = sys.argv[3] if len(sys.argv) > 3 else ""
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cli")
two, one, many = (os.path.join(here, name) for name in ("sick.json", "sick-one.json", "made-twice.json"))
top = tempfile.mkdtemp()
work, at = os.path.join(top, "work"), os.path.join(top, "at")
passed = failed = 0

COMMANDS = {
    "run": ["run", two],
    "run on the directory": ["run", two, "--backend", "dir"],
    "run --jobs": ["run", many, "--variant", "naive", "--jobs", "2"],
    "run --resume": ["run", many, "--variant", "naive", "--resume", "journal"],
    "run --html": ["run", two, "--html", "page.html", "--junit", "junit.xml", "--schedule", "schedule"],
    "stress": ["stress", one, "--runs", "3"],
    "compare": ["compare", many, "--variant", "marker", "--budget", "1", "--work", "out"],
    "replay": ["replay", two],
    "check": ["check", here + "/bad/../sick.json"],
}


def run(command, **env):
    for directory in work, at:
        shutil.rmtree(directory, ignore_errors=True)
        os.mkdir(directory)
    return again(command, **env)


def again(command, **env):
    where = [] if command[0] == "check" else ["--dir", work]
    try:
        p = subprocess.run([program, *command, *where], cwd=at, capture_output=True, text=True, errors="replace", timeout=30,
                           stdin=subprocess.DEVNULL, env={**os.environ, **env})
    except subprocess.TimeoutExpired:
        return "no end", "", ""
    return p.returncode, p.stdout, p.stderr


def wrong(command, good, sick, got):
    """Why this is not as it should be; '' if it is."""
    status, out, err = got
    if status == 3:
        if not re.search("^fsrace: ", err, re.M):
            return "status 3, and nothing says why: " + err[:200]
    elif (status, out) != good[:2]:
        return f"status {status}, and it says: {out[:300]} {err[:300]}"
    if not sick["SICK"].endswith("+"):
        left = os.listdir(work) + [f for f in os.listdir(at) if f.startswith(".fsrace")]
        if left:
            return f"it leaves {left}"
    if "--resume" in command and again(command)[:2] != good[:2]:
        return "the journal cannot be gone on with"
    return ""


def sweep(name, command, of):
    global passed, failed
    good = run(command)
    count = os.path.join(top, "count")
    run(command, SICK_OF=of, SICK_COUNT=count)
    calls = int(open(count).read())
    right = refused = 0
    step = max(1, calls // most)
    for k in range(1 + step // 2, calls + 1, step):
        for sick in f"{k}", f"{k}+":
            env = {"SICK_OF": of, "SICK": sick}
            got = run(command, **env)
            why = wrong(command, good, env, got)
            if why:
                failed += 1
                if failed < 30:
                    print(f"FAIL sick: {name}: {of} {sick}: {why}", flush=True)
            else:
                passed += 1
                right += got[0] != 3
                refused += got[0] == 3
    print(f"ok sick: {name}: {calls} calls ({of}), {right + refused} failed: {right} right, {refused} refused", flush=True)


for name, command in COMMANDS.items():
    for of in ("sys", "mem", "fork"):
        if of != "fork" or "--jobs" in command or "--resume" in command:
            if chosen in name:
                sweep(name, command, of)
shutil.rmtree(top)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
