# Programs under the gate: the orders of real ones, on a real directory.
. tests/lib.sh
mkdir "$tmp/dir"

# scenario NAME COMMAND [SECOND]: two nodes, of which one at most is to end well.
scenario() {
    python3 - "$@" >"$tmp/$1.json" <<'END'
import json, sys
name, first, second = sys.argv[1], sys.argv[2], sys.argv[-1]
print(json.dumps({"fsrace": 1, "name": name, "cluster": {"store": {"semantics": "posix"}, "nodes": {
    "A": {"role": "program", "run": first}, "B": {"role": "program", "run": second}}},
    "properties": {"one": {"finally": {"not": {"all": [{"A.exit": "0"}, {"B.exit": "0"}]}}}}}))
END
}

run() {
    "$fsrace" run --allow-run --dir "$tmp/dir" "$@"
}

# orders NAME EXECUTIONS INTERLEAVINGS VERDICT: as many classes as executions, with the same verdict.
orders() {
    run "$tmp/$1.json" >"$tmp/reduced" 2>&1
    run "$tmp/$1.json" --no-reduction >"$tmp/plain" 2>&1
    result "$1: $2 classes, one $4" "$(
        grep -q "^$1, default: $2 executions.*all orders" "$tmp/reduced" &&
            grep -q "one  *$4 " "$tmp/reduced" || tell "$tmp/reduced" 5
    )"
    result "$1: of $3 interleavings" "$(
        grep -q "^$1, default: $3 executions, $2 classes.*all orders" "$tmp/plain" &&
            grep -q "one  *$4 " "$tmp/plain" || tell "$tmp/plain" 5
    )"
}

# shellcheck disable=SC2016
{
    scenario naive '[ -e lock ] && exit 1; echo $NODE > lock; : > got.$NODE; rm lock'
    scenario mkdir 'mkdir lock 2>/dev/null || exit 1; echo x > got.$NODE'
    scenario noclobber '(set -C; echo x > lock) 2>/dev/null || exit 1; echo x > got.$NODE'
    scenario links 'echo x >a; ln -s a b; ln a c; rm a' 'cat b; [ "$(stat -c %h c)" = 1 ]'
    scenario flock 'flock lock -c "read n <count; echo \$((n+1)) >count"; [ $(cat count) = 2 ]'
}
# Of Python: its locks, and its end, which sets them free.
locks() {
    scenario "$1" "python3 -I -S -c 'import fcntl; f = open(\"lock\"); $2'" ${3+"$3"}
    python3 - "$tmp/$1.json" <<'END'
import json, sys
s = json.load(open(sys.argv[1]))
s["init"] = [{"write": "lock", "data": ""}]
json.dump(s, open(sys.argv[1], "w"))
END
}
locks shared 'fcntl.flock(f, 1)'
locks turned 'fcntl.flock(f, 1); fcntl.flock(f, 2)'
locks readers 'fcntl.lockf(f, 1, 1)'
orders shared 14 150 never
orders turned 6 82 never
orders readers 14 150 never
# Who finds the file by its other name finds it locked.
locks renamed 'fcntl.flock(f, 2); open("in", "w")' "python3 -I -S -c 'import fcntl, posix; posix.rename(\"lock\", \"l2\")
fcntl.flock(open(\"l2\"), 6)'"
run "$tmp/renamed.json" >"$tmp/out" 2>&1
result "renamed: 3 outcomes" "$(grep -q ', 3 outcomes, all orders' "$tmp/out" || tell "$tmp/out")"
orders naive 56 514 sometimes
orders mkdir 2 6 always
orders noclobber 6 24 always
orders links 61 74 sometimes

run "$tmp/flock.json" >"$tmp/out" 2>&1
result "flock: nothing is lost, nobody waits for ever" "$(grep -q 'no_deadlock *always' "$tmp/out" || tell "$tmp/out")"

# What goes wrong, and what is told of it: node A is the program, B ends well.
# shellcheck disable=SC2016
{
    scenario wall "echo x >/tmp/own && echo x >/etc/fsrace-evil; touch $tmp/evil /var/tmp/fsrace-evil /dev/shm/fsrace-evil" true
    scenario chance 'cat /proc/sys/kernel/random/uuid >f' 'cat f'
    scenario bomb 'f() { f | f & }; f; wait' true
    scenario socket 'python3 -c "import socket; socket.socket()" 2>/dev/null || exit 7' true
    scenario thread 'python3 -c "import threading; threading.Thread(target=print).start()"' true
    scenario same 'date +%s%N; sleep 1; date +%s; head -c 8 /dev/urandom | od -An -tx1; mktemp -p .; echo $$; : >b; : >a; ls -iU --full-time a b; pwd' true
    scenario outputs 'echo a & echo b & wait' true
    scenario left '(sleep 1; rm lock) & echo x >lock' true
    scenario ordered 'echo a; (echo b; (echo c)); echo d | cat; { echo e & wait; }; echo f >&2 & echo g; wait' true
    scenario moved 'mkdir d && cd d && env pwd' 'mv d e'
    scenario copies 'echo a >f; cp f g; cat g' true
    scenario pipes 'echo a | cat | cat >f; { sleep 2; echo b >>f; } & wait; cat f' true
}
run "$tmp/wall.json" >"$tmp/out" 2>&1
result "walls: all but the store is read-only" "$(ls -d /etc/fsrace-evil "$tmp/evil" /var/tmp/fsrace-evil /dev/shm/fsrace-evil 2>/dev/null)"
run "$tmp/chance.json" >"$tmp/out" 2>&1
result "chance: a sample, and no proof" "$(
    grep -q '^chance.*a sample, no proof: A is not deterministic: transition . was fs.write f = .*, is fs.write f = ' "$tmp/out" &&
        grep -q 'no_deadlock  *undecided' "$tmp/out" || tell "$tmp/out"
)"
sampled() {
    run "$tmp/$1.json" >"$tmp/out" 2>&1
    result "$1: a sample, and no proof" "$(grep -q "^$1, .*a sample, no proof: A: $2" "$tmp/out" || tell "$tmp/out")"
}
sampled outputs "its processes write to one thing in any order"
sampled left "it leaves a process behind that sleeps"
run "$tmp/ordered.json" >"$tmp/out" 2>&1
result "ordered: what is written in one order is a proof" "$(grep -q '^ordered, .* all orders' "$tmp/out" || tell "$tmp/out")"
run "$tmp/moved.json" >"$tmp/out" 2>&1
run "$tmp/moved.json" --no-reduction >"$tmp/plain" 2>&1
result "moved: where it is may be called otherwise" "$(
    grep -q ', 5 outcomes' "$tmp/out" && grep -q ', 5 outcomes' "$tmp/plain" || tell "$tmp/out"
)"
refused() {
    run "$tmp/$1.json" >"$tmp/out" 2>&1
    status=$?
    result "$1: refused" "$([ $status -eq 3 ] && grep -q "A: $2" "$tmp/out" || tell "$tmp/out")"
}
refused bomb "more than 1000 processes"
refused thread "it starts a thread"
told() { # NAME REGISTER VALUE
    "$fsrace" replay --allow-run --dir "$tmp/dir" "$tmp/$1.json" --order '[]' >"$tmp/out" 2>&1
    result "$1: $2" "$(grep -qF "$2 = $3" "$tmp/out" || tell "$tmp/out")"
}
told socket A.exit 7
told copies A.stdout 'a\n'
told pipes A.stdout 'a\nb\n'
"$fsrace" replay --allow-run --dir "$tmp/dir" "$tmp/same.json" --order '[]' --format list >"$tmp/once" 2>&1
"$fsrace" replay --allow-run --dir "$tmp" "$tmp/same.json" --order '[]' --format list >"$tmp/twice" 2>&1
result "clocks, chance, numbers: the same in every place" "$(diff "$tmp/once" "$tmp/twice" | head -n 5)"
result "… and there are some" "$(grep -q 'A.stdout = 1000000000' "$tmp/once" || tell "$tmp/once")"

# Faults at programs' points, as at actors'.
python3 - "$tmp" <<'END'
import json, sys
def fault(name, fault, first, second="true"):
    json.dump({"fsrace": 1, "name": name, "cluster": {"store": {"semantics": "posix"}, "nodes": {
        "A": {"role": "program", "run": first}, "B": {"role": "program", "run": second}}}, "faults": [fault],
        "properties": {"one": {"finally": {"A.exit": "0"}}}}, open(f"{sys.argv[1]}/{name}.json", "w"))
work = "mkdir lock || exit 1; echo x >f || exit 9; rmdir lock"
fault("crash", {"crash": "A", "at": "fs.rmdir lock"}, work, "mkdir lock")
fault("full", {"fail": "fs.write f", "errno": "ENOSPC", "node": "A"}, work)
fault("pause", {"pause": "A", "at": "fs.rmdir lock", "for_ms": 1000}, work)
fault("anywhere", {"crash": "A", "anywhere": True}, work, "mkdir lock")
END
told crash A.exit SIGKILL
told full A.exit 9
told pause A.exit 0
run "$tmp/anywhere.json" >"$tmp/reduced" 2>&1
run "$tmp/anywhere.json" --no-reduction >"$tmp/plain" 2>&1
outcomes() { sed -n 's/.*, \([0-9]*\) outcomes.*/\1/p' "$1"; }
result "a crash anywhere: as many outcomes as of all interleavings" "$(
    [ -n "$(outcomes "$tmp/plain")" ] && [ "$(outcomes "$tmp/reduced")" = "$(outcomes "$tmp/plain")" ] || tell "$tmp/reduced"
)"

# Whether another node's program lives: that of A is asked for by its pid, between two calls.
python3 - >"$tmp/lives.json" <<'END'
import json
print(json.dumps({"fsrace": 1, "name": "lives", "cluster": {"store": {"semantics": "posix"}, "nodes": {
    "A": {"role": "program", "run": ": >a; : >b"},
    "B": {"role": "program", "run": ": >c; kill -0 2000; s=$?; : >d; exit $s"}}},
    "properties": {"lives": {"finally": {"B.exit": 0}}}, "expect": {"lives": "sometimes"}}))
END
run "$tmp/lives.json" >"$tmp/out" 2>&1
result "kill(pid, 0) of another node" "$(grep -q '  ok  lives .*sometimes' "$tmp/out" && grep -q 'all orders' "$tmp/out" || tell "$tmp/out")"
run "$tmp/lives.json" --no-reduction >"$tmp/plain" 2>&1
result "as of all interleavings" "$(grep -q '  ok  lives .*sometimes' "$tmp/plain" || tell "$tmp/plain")"

run "$tmp/naive.json" --witness >"$tmp/once" 2>&1
run "$tmp/naive.json" --witness >"$tmp/twice" 2>&1
result "the same, byte by byte" "$(diff "$tmp/once" "$tmp/twice" | head -n 5)"
result "nothing is left" "$(ls -A "$tmp/dir")"


# On several processors, and with nobody between.
run "$tmp/naive.json" >"$tmp/once" 2>&1
run "$tmp/naive.json" --jobs 2 >"$tmp/twice" 2>&1
result "--jobs: the same" "$(diff "$tmp/once" "$tmp/twice" | head -n 5)"
must "stress: all at once" "$fsrace" stress --allow-run --dir "$tmp/dir" "$tmp/mkdir.json" --runs 5

# What is rewound does what one that is begun anew does: fsrace compares, and says so if not.
run "$tmp/naive.json" --runs 300 --no-audit --check-determinism >"$tmp/out" 2>&1
result "rewound and begun anew: the same" "$(grep -q '^naive, default: 300 executions.*sampled$' "$tmp/out" || tell "$tmp/out")"

scenario snake 'exec /usr/bin/python3 -I -S -c "
import os
if not os.path.exists(\"lock\"):
    open(\"lock\", \"w\").write(\"x\" * 100000)
    [\"y\" * i for i in range(5000)]"' true
run "$tmp/snake.json" --runs 20 --no-audit --check-determinism >"$tmp/out" 2>&1
result "… and of python, whose memory moves" "$(grep -q '^snake, default: 20 executions.*sampled$' "$tmp/out" || tell "$tmp/out")"

# Nothing is left of a program whose fsrace is killed.
scenario waits 'sleep 1000000 & echo $! >pid; while :; do read x <pid; done' true
"$fsrace" run --allow-run --dir "$tmp/dir" "$tmp/waits.json" >/dev/null 2>&1 &
pid=$!
until [ "$(ps -o pid= --ppid $pid 2>/dev/null)" ]; do :; done
children=$(ps -o pid= --ppid $pid)
kill -9 $pid
wait $pid 2>/dev/null
for child in $children; do
    while kill -0 "$child" 2>/dev/null && [ "$(ps -o stat= "$child" | cut -c1)" != Z ]; do :; done
done
ok "nothing runs on behind an fsrace that was killed"
rm -rf "$tmp"/dir/*
# A link that a program makes leads nobody out of the store.
mkdir "$tmp/outside"
cat >"$tmp/leak.json" <<END
{"fsrace": 1, "name": "leak", "cluster": {"store": {"semantics": "posix"}, "nodes": {
  "A": {"role": "program", "run": ["ln", "-s", "$tmp/outside", "d"]}, "B": {"role": "actor"}}},
 "work": {"B": [{"write": "d/evil", "data": "x"}]}, "expect": {}}
END
run "$tmp/leak.json" >"$tmp/out" 2>&1
status=$?
result "a link that leads out is not followed" "$([ $status -eq 3 ] && grep -q 'cannot write d/evil: Invalid cross-device link' "$tmp/out" &&
    [ -z "$(ls "$tmp/outside")" ] || tell "$tmp/out" 5)"
finish
