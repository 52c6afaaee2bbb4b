# The command line, as it is typed.
. tests/lib.sh

# try NAME STATUS COMMAND...: its output is then in $tmp/out and $tmp/err.
try() {
    name=$1 want=$2
    shift 2
    "$@" >"$tmp/out" 2>"$tmp/err"
    status=$?
    [ $status -eq "$want" ] && ok "$name: status $want" || {
        bad "$name" "status $status, not $want"
        tell "$tmp/err" 5
    }
}
says() { # says WORDS...: on stdout
    grep -qF -- "$*" "$tmp/out" && ok "$name: says \"$*\"" || {
        bad "$name" "does not say \"$*\", but:"
        tell "$tmp/out" 5
    }
}
errs() { # one line on stderr, with these words, and nothing on stdout
    if [ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -qF -- "$*" "$tmp/err" && [ ! -s "$tmp/out" ]; then
        ok "$name: $*"
    else
        bad "$name" "should say \"$*\" on one line of stderr and nothing else, but says:"
        tell "$tmp/err" 5
        tell "$tmp/out" 5
    fi
}
quiet() { # nothing on stderr
    result "$name: nothing on stderr" "$(head -n 3 "$tmp/err")"
}

# --- help ---
try "help" 0 "$fsrace" --help
says "usage: fsrace COMMAND"
says "exit status: 0 as expected, 1 not as expected, 2 undecided, 3 bad scenario or usage"
commands=$(sed -n 's/^  \([a-z]*\) .*/\1/p' "$tmp/out" | grep -v '^fsrace$')
result "help lists the commands" "$(for c in run compare replay stress check list index; do
    case " $(echo $commands) " in *" $c "*) ;; *) echo "not $c" ;; esac; done)"
for command in $commands; do
    try "$command --help" 0 "$fsrace" "$command" --help
    says "usage: fsrace $command"
    says "example: fsrace $command"
done
try "version" 0 "$fsrace" --version
says "fsrace 0."
try "no command" 3 "$fsrace"

# --- slips ---
try "unknown command" 3 "$fsrace" rnu
errs 'no command "rnu": did you mean "run"?'
try "unknown command, near none" 3 "$fsrace" xylophone
errs 'no command "xylophone" (fsrace --help lists them)'
try "an option without a command" 3 "$fsrace" -n 4
errs '-n: a command goes first: fsrace COMMAND'
try "unknown option" 3 "$fsrace" run --varaint naive tests/golden/create.json
errs 'no option --varaint: did you mean --variant?'
try "option of another command" 3 "$fsrace" check --seed 1 tests/golden/create.json
errs 'no option --seed'
try "short option" 3 "$fsrace" run -x tests/golden/create.json
errs 'no option -x'
try "missing value" 3 "$fsrace" run tests/golden/create.json --variant
errs '--variant needs a value'
try "value that none is taken of" 3 "$fsrace" run --json=yes tests/golden/create.json
errs '--json takes no value'
try "no file" 3 "$fsrace" run
errs 'usage: fsrace run'
try "no such file" 3 "$fsrace" run nowhere.json
errs 'nowhere.json: No such file or directory'
try "two files where one is taken" 3 "$fsrace" replay a.json b.json
errs 'takes one scenario'
mkdir "$tmp/mixed"
cp tests/cli/bad/unknown-key.json tests/golden/create.json "$tmp/mixed"
echo '{"compilerOptions": {}}' >"$tmp/mixed/tsconfig.json"
try "one bad file of a directory" 3 "$fsrace" run "$tmp/mixed" --github
says "create, naive: "
says "::error file=$tmp/mixed/unknown-key.json,line="
result "it is told, and what is no scenario, too" "$([ "$(wc -l <"$tmp/err")" -eq 2 ] &&
    grep -q 'unknown-key.json:.*unknown key' "$tmp/err" &&
    grep -qF 'tsconfig.json is no scenario (it has no "fsrace"), and passed over' "$tmp/err" || cat "$tmp/err")"
rm "$tmp/mixed/unknown-key.json"
try "a foreign file in a directory" 0 "$fsrace" run "$tmp/mixed"
try "a foreign file by its name" 3 "$fsrace" run "$tmp/mixed/tsconfig.json"
rm "$tmp/mixed/create.json"
try "nothing but a foreign file" 3 "$fsrace" check "$tmp/mixed"
mkdir "$tmp/pipes"
mkfifo "$tmp/pipes/pipe.json"
try "a pipe" 3 timeout 20 "$fsrace" run "$tmp/pipes/pipe.json"
errs 'pipe.json: it is not a regular file'
try "a pipe in a directory" 3 timeout 20 "$fsrace" run "$tmp/pipes"
errs 'pipe.json: it is not a regular file'
try "a device" 3 timeout 20 "$fsrace" run /dev/zero
errs '/dev/zero: it is not a regular file'
try "no such variant" 3 "$fsrace" run tests/golden/create.json --variant naiv
errs 'did you mean "naive"?'
try "no variant named" 3 "$fsrace" replay tests/golden/create.json
errs 'say which with --variant'
for value in 0 -1 x 1x ''; do
    try "--runs '$value'" 3 "$fsrace" run tests/golden/create.json --runs "$value"
    errs 'expected a number'
done
for value in 0 -1 x 1x inf nan; do
    try "--budget '$value'" 3 "$fsrace" run tests/golden/create.json --budget "$value"
    errs '--budget'
done
try "--seed that is none" 3 "$fsrace" run tests/golden/create.json --runs 1 --seed zero
errs '--seed'
try "--order that is not JSON" 3 "$fsrace" run tests/golden/create.json --order 'all'
errs '--order:1:1: '
try "--order of an unknown task" 3 "$fsrace" run tests/golden/create.json --variant naive --order '[{"run": "i3"}]'
errs '--order:1:10: no task "i3"'
mkdir "$tmp/empty"
try "directory without scenarios" 3 "$fsrace" run "$tmp/empty"
errs 'no scenarios (*.json) in this directory'
try "one bad file stops all before it begins" 3 "$fsrace" run tests/golden/create.json tests/cli/bad/unknown-key.json
errs 'unknown-key.json:5:3'

# --- verdicts ---
try "as expected" 0 "$fsrace" run tests/golden/create.json
quiet
says "  ok  one_creator        sometimes"
says "9 properties as expected, 0 not, 0 undecided"
try "all orders by an option" 0 "$fsrace" run tests/golden/create.json --variant marker --order '"all"'
says "1 variant, "
try "check" 0 "$fsrace" check tests/golden
says "$(ls tests/golden/*.json | wc -l) scenarios checked, 0 bad"
try "check, and one is bad" 3 "$fsrace" check tests/cli/bad
try "list" 0 "$fsrace" list tests/golden
says "create                 Two ingestors create one stream"
says "  marker"
try "stress" 0 "$fsrace" stress tests/golden/lock.json --runs 5
says "5 of 5"
try "undecided: budget" 2 "$fsrace" run tests/golden/create.json --variant marker --budget 3
says "undecided: budget"
result "undecided: no verdict is told" "$(grep -E ' (always|never) +[0-9]+ of' "$tmp/out")"
says "undecided  3 of 3 so far"
try "undecided: no time" 2 "$fsrace" run tests/golden/create.json --variant marker --budget 0.001s
# Nothing is expected, so a hang is what counts.
printf '{"fsrace": 1, "name": "silent", "cluster": {"nodes": {"A": {"role": "actor"}, "B": {"role": "actor"}}},
"work": {"A": [{"put": "k"}, {"put": "k"}], "B": [{"put": "k"}, {"put": "k"}]}}' >"$tmp/silent.json"
try "nothing is expected" 0 "$fsrace" run "$tmp/silent.json"
says "nothing is expected of it but no hang"
try "nothing is expected, of several" 0 "$fsrace" run "$tmp/silent.json" tests/golden/lock.json
says "nothing is expected of it but no hang"
try "nothing is expected, undecided" 2 "$fsrace" run "$tmp/silent.json" --budget 1
says "undecided  1 of 1 so far"
try "nothing is expected, undecided, for programs" 2 "$fsrace" run "$tmp/silent.json" --budget 1 --json
says '"no_deadlock": {"holds": null, "expected": "always", "ok": null, "held": 1, "broken": 0}'
try "run --strict" 3 "$fsrace" run "$tmp/silent.json" --strict
errs "silent.json, default: nothing is expected (--strict)"
try "check --strict" 3 "$fsrace" check "$tmp/silent.json" --strict
result "says why" "$(grep -q 'nothing is expected (--strict)$' "$tmp/err" || cat "$tmp/err")"
try "check --strict of what expects something" 0 "$fsrace" check scenarios --strict
try "a hang that nobody named" 1 "$fsrace" run tests/cli/hang.json --variant unnamed
says "no_deadlock should hold always, and holds sometimes"
try "a hang that is expected" 0 "$fsrace" run tests/cli/hang.json --variant named

# Reading is linear: a hundred thousand of anything is read at once, or refused with the bound.
many() { # many WHAT FILE: of 10^5
    python3 - "$1" >"$tmp/many.json" <<'END'
import json, sys
n = 10**5
file = {"fsrace": 1, "name": "many", "cluster": {"nodes": {"A": {"role": "actor"}}}, "work": {"A": [{"stat": "f", "as": "r"}]}}
if sys.argv[1] == "steps":
    file["work"]["A"] = [{"note": "n%d" % i} for i in range(n)]
elif sys.argv[1] == "order":
    file["order"] = [{"run": "A"}] * n
elif sys.argv[1] == "registers":
    file["work"]["A"] = [{"stat": "f", "as": "r%d" % i} for i in range(n)]
elif sys.argv[1] == "variants":
    file["variants"] = {"v%d" % i: {} for i in range(n)}
print(json.dumps(file, indent=1))
END
}
for what in steps order; do
    many $what
    try "10^5 $what" 0 "$fsrace" check "$tmp/many.json"
done
many registers
try "10^5 registers" 3 "$fsrace" run "$tmp/many.json"
errs 'more than 4096 registers ("as")'
many variants
try "10^5 variants" 3 "$fsrace" run "$tmp/many.json"
errs "100000 variants, at most 10000 are taken"

# A budget ends it: what was done by then is a proof all the same, and what a round of few preemptions shows is known.
early=tests/cli/early-race.json
try "a race within one preemption, and a long tail" 0 "$fsrace" run $early --variant look --budget 2000
says "  ok  one                sometimes  2000 of 2000 so far"
says "      broken in an order with at most 1 preemption"
says "  ok  no_deadlock        always     nobody waits      expected always"
says "undecided: budget (model; 325 of 2000 outcomes repeated on dir)"
try "the same, of time" 0 "$fsrace" run $early --variant look --budget 1s --backend model
says "      broken in an order with at most 1 preemption"
try "its witness" 0 "$fsrace" run $early --variant look --budget 2000 --backend model --witness
says "The shortest order that shows it, which is proved: "
try "no proof of all orders, but of some" 2 "$fsrace" run $early --variant excl --budget 2000
says "   ?  one                undecided  2000 of 2000 so far"
says "      no order with at most 2 preemptions breaks it (all 314 tried); 3: begun"
result "undecided: no verdict is told" "$(grep -E ' (always|never) +[0-9]+ of' "$tmp/out")"
try "these are all" 0 "$fsrace" run $early --variant excl --bound 2
says "314 executions"
try "the same again" 2 "$fsrace" run $early --variant excl --budget 2000 --json
cp "$tmp/out" "$tmp/json"
try "as often as one likes" 2 "$fsrace" run $early --variant excl --budget 2000 --json
result "the same, to the byte" "$(diff "$tmp/json" "$tmp/out")"
python3 - "$tmp/json" >"$tmp/python" 2>&1 <<'END'
import json, sys
(v,) = json.load(open(sys.argv[1], encoding="utf-8"))
assert [(b["preemptions"], b["complete"]) for b in v["bounds"]] == [(0, True), (1, True), (2, True), (3, False)], v["bounds"]
assert [b["orders"] for b in v["bounds"]][:3] == [2, 26, 314], v["bounds"]
one = v["properties"]["one"]
assert (one["holds"], one["ok"], one["unbroken_up_to"], one["broken_up_to"]) == (None, None, 2, None), one
END
result "for programs: how far, of how many" "$(tail -n 2 "$tmp/python")"
try "not reached: there is no proof" 2 "$fsrace" run $early --variant excl --budget 200 --json
result "$name: and none is told" "$(grep -E 'bounds|up_to' "$tmp/out")"
try "divided: there are no rounds" 2 "$fsrace" run $early --variant excl --budget 2000 --jobs 2 --backend model
result "$name: and nothing is told of any" "$(grep preemption "$tmp/out")"
try "test lines have it, too" 2 "$fsrace" run $early --budget 2000 --tap
says "no order with at most 2 preemptions breaks it (all 314 tried); 3: begun"

# A bound is reached: what is known all the same is told, the rest is not.
for options in "" "--jobs 2" "--backend dir" "--backend both"; do
    # shellcheck disable=SC2086
    try "broken before a bound $options" 1 "$fsrace" run tests/cli/bound.json $options
    says "FAIL  never_bad          not always 0 of 1 so far"
    says "   ?  ends               undecided  none ended"
    says "never_bad should hold always, and does not. Here it is broken:"
    result "$name: 10000 steps are not told" "$([ "$(wc -l <"$tmp/out")" -lt 40 ] || wc -l <"$tmp/out")"
done

try "sampled" 0 "$fsrace" run tests/golden/create.json --variant marker --runs 20 --seed 0x2a
says "20 of 20"
says "sampled"
cp "$tmp/out" "$tmp/sampled"
try "sampled once more" 0 "$fsrace" run tests/golden/create.json --variant marker --runs 20 --seed 0x2a
result "the same seed, the same sample" "$(diff "$tmp/sampled" "$tmp/out")"

try "sampled by pct" 0 "$fsrace" run tests/golden/create.json --variant marker --order '{"pct": 50, "depth": 2}' --seed 7
says "pct: a bug of depth 2 is hit by one run with a chance of 1 in "
says " classes, "
try "sampled by pct, once more and shorter" 0 "$fsrace" run tests/golden/create.json --variant marker --order '{"pct": 1000, "depth": 2}' --seed 7 --runs 50 --json
says '"orders": "sampled", "classes": '
says '"sampler": "pct", "chance": '
try "sampled by pos" 0 "$fsrace" run tests/golden/create.json --variant marker --order '{"pos": 50}'
says " classes, "
try "--seed that is none, of a sample" 3 "$fsrace" run tests/golden/create.json --order '{"pos": 50}' --seed x
errs '--seed x: expected a number'

try "within a bound" 0 "$fsrace" run tests/golden/create.json --variant marker --bound 1
says "within 1 preemption"
try "within a bound of delays" 0 "$fsrace" run tests/golden/create.json --variant marker --bound 1d
says "within 1 delay"
try "within a bound, and not found" 2 "$fsrace" run tests/golden/create.json --variant naive --bound 0
for value in -1 x '' 1001; do
    try "--bound '$value'" 3 "$fsrace" run tests/golden/create.json --bound "$value"
    errs "--bound $value: expected a number from 0 to 1000, or 2d for delays"
done
try "--bound of a sample" 3 "$fsrace" run tests/golden/create.json --variant naive --runs 5 --bound 1
errs "does not try all orders"
try "each execution twice" 0 "$fsrace" run tests/golden/create.json --variant marker --check-determinism
quiet

# A race that the scenario says is not there. The line "Replay:" is a command; typed into a shell it shows the same.
mkdir "$tmp/it is a test's"
sed 's/"sometimes"/"always"/' tests/golden/create.json >"$tmp/it is a test's/create.json"
try "not as expected" 1 "$fsrace" run "$tmp/it is a test's/create.json" --variant naive --schedule "$tmp/race.json"
says "FAIL  one_creator        sometimes"
says "one_creator should hold always, and holds sometimes. Here it is broken:"
says "In the end:"
why=$(sed -n '/one_creator should hold/{n;s/^  //;s/\.$//;p;}' "$tmp/out")
sed -n '/^   ms /,/^$/p' "$tmp/out" | sed 's/ \* /   /' >"$tmp/story"
sed -n 's/^ *Replay: //p' "$tmp/out" >"$tmp/replay"
result "one witness" "$([ "$(wc -l <"$tmp/replay")" -eq 1 ] || echo "$(wc -l <"$tmp/replay") of them")"
try "the command that replays it" 0 sh "$tmp/replay"
says "one_creator       is broken: $why"
sed -n '/^   ms /,/^$/p' "$tmp/out" | sed 's/ \* /   /' >"$tmp/again"
result "it tells the same story" "$(diff "$tmp/story" "$tmp/again")"

# A witness for the terminal: what raced is marked, nothing is wider than 80 columns, and a pipe has no colours.
try "--witness" 0 "$fsrace" run scenarios/empty-lock-window.json --variant create-write --witness
says "      ! from here on one_owner is broken"
says "B then believed: B.got = EEXIST, B.owner = (nothing)."
says "The store then held lock = (empty)."
says "B's \"fs.read lock\" and A's \"fs.write lock\" raced (*)"
result "two lines are marked" "$([ "$(grep -c '^ *[0-9]* \* ' "$tmp/out")" -eq 2 ] || grep '\*' "$tmp/out")"
result "80 columns" "$(sed -n '/^   ms /,/^  In the end/p' "$tmp/out" | grep '.\{81\}')"
result "no colours" "$(grep "$(printf '\033')" "$tmp/out")"
typed() { # what a terminal of 100 columns is told
    python3 - "$@" <<'END'
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
END
}
if python3 -c "import os; os.openpty()" 2>/dev/null; then
    try "a terminal" 0 typed "$fsrace" replay tests/golden/faults.json
    says "$(printf '\033[33m')"
    result "is used as wide as it is" "$(grep -q 'publish ../.stream.json' "$tmp/out" || head -n 20 "$tmp/out")"
    try "a terminal without colours" 0 typed env NO_COLOR=1 "$fsrace" replay tests/golden/faults.json
    result "no colours on it" "$(grep "$(printf '\033')" "$tmp/out")"
else
    skip "a terminal" "there are no pseudo-terminals here"
fi

# Pictures for other tools.
for format in columns list mermaid plantuml shiviz perfetto jsonl; do
    try "--format $format" 0 "$fsrace" replay tests/golden/faults.json --format $format
    quiet
done
try "--format of no such name" 3 "$fsrace" replay tests/golden/faults.json --format mermiad
errs 'no format "mermiad": did you mean "mermaid"?'

# The same order, saved and repeated.
scenario="$tmp/it is a test's/create.json"
try "--schedule repeats it" 0 "$fsrace" replay "$scenario" --variant naive --schedule "$tmp/race.json"
says "one_creator       is broken: $why"
sed -n '/^   ms /,/^$/p' "$tmp/out" | sed 's/ \* /   /' >"$tmp/again"
result "it tells the same story, too" "$(diff "$tmp/story" "$tmp/again")"
sed 's/store.put app/store.put ppa/' "$tmp/race.json" >"$tmp/other.json"
try "a schedule that cannot be followed" 4 "$fsrace" replay "$scenario" --variant naive --schedule "$tmp/other.json"
result "says where" "$(grep -q 'step [0-9]' "$tmp/err" || cat "$tmp/err")"
sed '/q1\/scan/d' "$tmp/race.json" | head -n 12 | sed '$s/,$//' >"$tmp/short.json"
printf '  ]\n}\n' >>"$tmp/short.json"
try "a schedule that ends early goes on in the fixed order" 0 "$fsrace" replay "$scenario" --variant naive --schedule "$tmp/short.json"
try "a schedule that is no JSON" 3 "$fsrace" replay "$scenario" --variant naive --schedule setup
errs 'setup:1:1: '
try "a schedule that is not there" 3 "$fsrace" replay "$scenario" --variant naive --schedule "$tmp/none.json"
errs 'none.json'
try "a schedule of another variant" 3 "$fsrace" replay "$scenario" --variant marker --schedule "$tmp/race.json"
errs 'race.json:'
try "a schedule that cannot be written" 3 "$fsrace" run "$scenario" --variant naive --schedule "$tmp/none/race.json"
result "says which file" "$(grep -q 'none/race.json' "$tmp/err" || cat "$tmp/err")"

# --- new ---
mkdir "$tmp/a b"
try "new" 0 "$fsrace" new "$tmp/a b/mine"
says "$tmp/a b/mine.json is a scenario. Next: $fsrace run '$tmp/a b/mine.json' --witness"
cp "$tmp/a b/mine.json" "$tmp/mine.json"
try "new is as it says" 0 "$fsrace" run "$tmp/a b/mine.json"
says "  ok  one_owner          sometimes"
says "  ok  one_owner          always"
try "new, and it is there" 3 "$fsrace" new "$tmp/a b/mine.json"
errs 'mine.json is there already, and stays as it is'
result "it stays as it is" "$(cmp "$tmp/mine.json" "$tmp/a b/mine.json" 2>&1)"
try "new, nowhere" 3 "$fsrace" new "$tmp/none/mine"
errs 'none/mine.json: No such file or directory'
try "new, without a name" 3 "$fsrace" new "$tmp/"
errs '.json'
result "nothing is left of that" "$(ls -A "$tmp/a b" | grep -v '^mine.json$'; ls -A "$tmp" | grep '^.json$')"
try "new, of a name that is a format" 0 "$fsrace" new "$tmp/%s%n"
try "it is one all the same" 0 "$fsrace" check "$tmp/%s%n.json"

# --- step ---
stepped() { # stepped NAME STATUS LINES: that are typed
    name=$1
    printf "$3" | "$fsrace" step tests/golden/files.json --variant object >"$tmp/out" 2>"$tmp/err"
    status=$?
    result "$name: status $2" "$([ $status -eq "$2" ] || echo "status $status: $(cat "$tmp/err")")"
    quiet
}
stepped "step, nothing typed" 0 ''
says "   1  w  fs.create_excl d/lock"
says "one_lock          holds"
says "Replay: $fsrace replay tests/golden/files.json --variant object --order '[]'"
stepped "step, the third first" 0 '3\n'
says "[    0] r > fs.create_excl d/lock = ok"
says "choice 2"
sed -n 's/^Replay: //p' "$tmp/out" >"$tmp/replay"
grep '^\[' "$tmp/out" >"$tmp/story"
must "step: what it did can be replayed" sh -c "$(cat "$tmp/replay") --format list | grep '^\[' | diff '$tmp/story' -"
stepped "step, there and back" 0 '3\n\nb 2\n1\nq\n'
result "step: choices 1, 2, 3, and 1, 2" "$([ "$(sed -n 's/^choice //p' "$tmp/out" | tr '\n' ' ')" = "1 2 3 1 2 " ] || cat "$tmp/out")"
says "[    0] w > fs.create_excl d/lock = ok"
result "step: left in the middle there is no verdict" "$(grep 'holds' "$tmp/out")"
stepped "step, back from the end" 0 'end\nb\nq\n'
result "step: it ended once, and went back once" "$([ "$(grep -c '^one_lock' "$tmp/out")" -eq 1 ] && [ "$(grep -c '^choice' "$tmp/out")" -eq 2 ] || cat "$tmp/out")"
stepped "step, further back than there is" 0 '1\nb 99\nq\n'
result "step: choices 1, 2 and 1" "$([ "$(sed -n 's/^choice //p' "$tmp/out" | tr '\n' ' ')" = "1 2 1 " ] || cat "$tmp/out")"
stepped "step, what is no answer" 0 '0\n4\n-1\n99999999999999999999\n1x\nqq\nback\nq\n'
says '"1x": expected 1 to 3, or one of these:'
result "step: seven slips" "$([ "$(grep -c 'expected 1 to 3' "$tmp/out")" -eq 7 ] || cat "$tmp/out")"
printf '1\n' | "$fsrace" step tests/golden/faults.json >"$tmp/out" 2>&1
name="step, with faults"
says "fault/2"
says "never_there       is broken"

# --- for programs ---
try "--json" 0 "$fsrace" run tests/golden/create.json --json
quiet
python3 - "$tmp/out" >"$tmp/json" 2>&1 <<'END'
import json, sys
text = json.load(open(sys.argv[1]))
assert [(v["scenario"], v["variant"]) for v in text] == [("create", "naive"), ("create", "proxy"), ("create", "marker")]
for v in text:
    assert v["exhaustive"] is True and v["backend"] == "model" and v["executions"] >= v["outcomes"] == v["repeated"] >= 1
    for name, p in v["properties"].items():
        assert p["holds"] in ("always", "sometimes", "never"), name
        assert p["expected"] in ("always", "sometimes", "never", None) and p["ok"] in (True, False, None), name
assert text[0]["properties"]["one_creator"] == dict(text[0]["properties"]["one_creator"],
                                                    holds="sometimes", expected="sometimes", ok=True)
assert text[0]["properties"]["converged"]["expected"] is None
END
result "--json has what it should" "$(tail -n 2 "$tmp/json")"
try "--json, not as expected" 1 "$fsrace" run "$scenario" --variant naive --json
python3 - "$tmp/out" >"$tmp/replay" 2>&1 <<'END'
import json, sys
for name, p in json.load(open(sys.argv[1]))[0]["properties"].items():
    assert ("evidence" in p) == (p["ok"] is False), name
    if "evidence" in p:
        e = p["evidence"]
        assert not e["holds"] and e["order"] and e["story"][0].startswith("[    0] "), name
        print(e["replay"])
END
must "--json has commands that replay" sh -e "$tmp/replay"
must "it is JSON, too" python3 -m json.tool "$tmp/out"
try "--json, undecided" 2 "$fsrace" run "$scenario" --variant marker --budget 1 --json
must "it is JSON, as well" python3 -m json.tool "$tmp/out"

# --- in memory, on the directory, on both ---
excl=tests/reduction/excl.json
try "orders are tried on the model" 0 "$fsrace" run $excl
says 'all orders (model+dir)'
says 'model+dir: tried in memory, and each outcome once more on the real directory'
try "--backend model" 0 "$fsrace" run $excl --backend model --dir /nowhere
says 'all orders (model)'
try "--backend dir" 0 "$fsrace" run $excl --backend dir
result "says nothing of a model" "$(grep model "$tmp/out")"
try "--backend both" 0 "$fsrace" run $excl --backend both
says 'all orders (model and dir)'
try "--backend both --sample" 0 "$fsrace" run $excl --backend both --sample 1/2
says 'all orders (model, 1 in 2 on dir)'
try "--backend both --json" 0 "$fsrace" run $excl --backend both --json
says '"backend": "both"'
try "a sample, too" 0 "$fsrace" run $excl --runs 20
says 'sampled (model+dir)'
try "a backend that there is not" 3 "$fsrace" run $excl --backend dri
errs '--backend dri: expected dir, model or both; did you mean dir?'
try "a sample of nothing" 3 "$fsrace" run $excl --backend both --sample 1/0
errs '--sample 1/0: expected one in so many, 1/100'
try "a sample of what is not done" 3 "$fsrace" run $excl --sample 1/10
errs '--sample goes with --backend both'
try "to keep what is not there" 3 "$fsrace" run $excl --backend model --keep
errs '--keep: with --backend model there is no directory'
for backend in dir model both; do
    "$fsrace" replay tests/golden/files.json --variant posix --backend $backend >"$tmp/on-$backend" 2>&1
done
result "a replay on the model is the one on the directory" "$(diff "$tmp/on-dir" "$tmp/on-model" | head -n 3)"
result "and the one on both" "$(diff "$tmp/on-dir" "$tmp/on-both" | head -n 3)"
# --- the schemes side by side, and scenarios in tables ---
try "compare" 0 "$fsrace" compare tests/cli/made-twice.json
quiet
says "made-twice, naive: One stream is asked for at two ingestors"
for scheme in naive proxy proxy-memory marker push verify registry hybrid hybrid-registry; do
    result "$scheme has a row" "$(grep -q "^$scheme  " "$tmp/out" || echo none)"
done
result "no line is wider than 80" "$(awk 'length > 80' "$tmp/out")"
try "compare, a variant" 0 "$fsrace" compare tests/cli/made-twice.json --variant marker --format markdown
says "| naive | sometimes |"
try "compare --json" 0 "$fsrace" compare tests/cli/made-twice.json --json
python3 - "$tmp/out" >"$tmp/json" 2>&1 <<'END'
import json, sys
(table,) = json.load(open(sys.argv[1]))
rows = {row["scheme"]: row for row in table["rows"]}
assert table["table"] == "made-twice"
assert rows["naive"]["one_creator"] == "sometimes" and rows["marker"]["one_creator"] == "always"
assert all(row["orders"] == "all" for row in table["rows"])
END
result "--json has the rows" "$(tail -n 2 "$tmp/json")"
try "compare, undecided" 2 "$fsrace" compare tests/cli/made-twice.json --budget 2
says "undecided"
says "always?"
try "compare --work" 0 "$fsrace" compare tests/cli/made-twice.json --work "$tmp/work"
must "what was compared can be run" "$fsrace" run "$tmp/work/made-twice.json" --variant marker
try "compare --work that is not there" 3 "$fsrace" compare tests/cli/made-twice.json --work "$tmp/none/none"
errs 'none/made-twice.json: No such file or directory'
try "compare, and there is nothing to compare" 3 "$fsrace" compare tests/golden/files.json
errs 'no ingestor and no querier: there is no creation to compare'
try "compare, a variant of nothing" 3 "$fsrace" compare --variant naive
errs '--variant is of a scenario: name its file'
try "compare, no such format" 3 "$fsrace" compare --format xml
errs '--format xml: expected text, markdown or json'
try "index" 0 "$fsrace" index tests/golden/create.json tests/golden/lock.json
says "create: Two ingestors create one stream"
try "index --format markdown" 0 "$fsrace" index --format markdown tests/golden/create.json
says "| [create](create.json) | Two ingestors create one stream, by each scheme |  |"
says "| naive | sometimes |"
try "index --json" 0 "$fsrace" index tests/golden/create.json --json
must "index: it is JSON" python3 -m json.tool "$tmp/out"
try "index, not as expected" 1 "$fsrace" index "$scenario"
try "index, undecided" 2 "$fsrace" index tests/golden/create.json --budget 2
try "index, and there is no file" 3 "$fsrace" index nowhere.json
errs 'nowhere.json: No such file or directory'

# --- the directory ---
mkdir "$tmp/dir"
try "--dir" 0 "$fsrace" run tests/golden/create.json --variant marker --dir "$tmp/dir"
result "nothing is left there" "$(ls -A "$tmp/dir")"
try "--keep" 0 "$fsrace" run tests/golden/create.json --variant marker --dir "$tmp/dir" --keep
kept=$(sed -n 's/^fsrace: create, marker: kept in //p' "$tmp/err")
result "says where it is" "$([ -d "$kept" ] || echo "there is no '$kept'")"
result "just that one" "$([ "$(ls -A "$tmp/dir" | wc -l)" -eq 1 ] || ls -A "$tmp/dir")"
try "replay --keep" 0 "$fsrace" replay tests/golden/create.json --variant naive --dir "$tmp/dir" --keep --order '[{"run": "i1"}]'
kept=$(sed -n 's/^fsrace: create, naive: kept in //p' "$tmp/err")
result "what the replay left is there to be looked at" "$([ -f "$kept/app/.stream/.ingestor.i1.stream.json" ] || find "$kept")"
try "--dir that is not there" 3 "$fsrace" run tests/golden/create.json --dir "$tmp/none"
errs "$tmp/none' does not exist"
try "--dir where nothing can be made" 3 "$fsrace" run tests/golden/create.json --dir /proc
errs "'/proc' is not writable for this user"
try "too few files may be open" 3 sh -c "ulimit -n 5; $fsrace run tests/golden/create.json --dir '$tmp/empty'"
errs "needs more open files than the limit allows (ulimit -n)"
result "too few, and nothing is left there" "$(ls -A "$tmp/empty")"
try "--dir that is a file" 3 "$fsrace" run tests/golden/create.json --dir setup
errs "setup"

# --- a page for the browser ---
"$fsrace" run tests/golden/create.json --variant naive >"$tmp/plain" 2>&1
try "--html" 0 "$fsrace" run tests/golden/create.json --variant naive --html "$tmp/page.html"
result "the same on stdout" "$(diff "$tmp/plain" "$tmp/out")"
quiet
result "a page that needs nothing else" "$(grep -q '^<!DOCTYPE html>' "$tmp/page.html" && grep -q '"fsrace_report":1' "$tmp/page.html" || head -c 100 "$tmp/page.html"
    grep -oE '(src|href)="[^"]*"|url\([^)]*\)|@import' "$tmp/page.html")"
result "as others may read it" "$([ "$(stat -c %a "$tmp/page.html")" = "$(touch "$tmp/usual" && stat -c %a "$tmp/usual")" ] || stat -c %a "$tmp/page.html")"
cp "$tmp/page.html" "$tmp/first.html"
try "--html again" 0 "$fsrace" run tests/golden/create.json --variant naive --html "$tmp/page.html"
result "the same page, byte for byte" "$(cmp "$tmp/first.html" "$tmp/page.html")"
try "--html of several" 0 "$fsrace" run scenarios/rename-lock.json scenarios/late-watch.json --html "$tmp/pages"
result "a page each, and an index" "$([ "$(ls "$tmp/pages" | tr '\n' ' ')" = "index.html late-watch.html rename-lock.html " ] || ls "$tmp/pages")"
cp scenarios/late-watch.json "$tmp/index.json"
sed -i 's/"name": "late-watch"/"name": "index"/' "$tmp/index.json"
mkdir "$tmp/there"
try "--html, a directory that is there" 0 "$fsrace" run "$tmp/index.json" --html "$tmp/there"
result "a name that is taken gets a number" "$([ "$(ls "$tmp/there" | tr '\n' ' ')" = "index-2.html index.html " ] || ls "$tmp/there")"
try "--html where nothing can be" 3 "$fsrace" run tests/golden/create.json --html "$tmp/none/page.html"
errs "$tmp/none/page.html: No such file or directory"
try "--html of several into a file" 3 "$fsrace" run scenarios/rename-lock.json scenarios/late-watch.json --html "$tmp/page.html"
errs "$tmp/page.html/index.html: Not a directory"
sed 's/"fsrace": 1,/&"faults": [{"crash": "i1", "at": "store.get nowhere"}],/' tests/golden/create.json >"$tmp/create.json"
try "--html, and the run goes wrong" 3 "$fsrace" run "$tmp/create.json" --variant naive --html "$tmp/wrong.html"
result "nothing is half done" "$(cd "$tmp" && ls -d wrong.html* page.html.* pages/*.html.* none 2>/dev/null)"

# --- output that cannot be written ---
try "stdout is full" 3 sh -c "$fsrace run tests/golden/create.json --variant marker >/dev/full"
errs "cannot write the output: No space left on device"
try "stdout is closed" 3 sh -c "$fsrace list tests/golden >&-"
errs "cannot write the output: Bad file descriptor"
try "help, and stdout is full" 3 sh -c "$fsrace --help >/dev/full"
try "help of a command, and stdout is full" 3 sh -c "$fsrace run --help >/dev/full"
finish
