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
    scenario flock 'flock lock -c "read n <count; echo \$((n+1)) >count"; [ $(cat count) = 2 ]'
}
orders naive 180 514 sometimes
orders mkdir 2 6 always
orders noclobber 10 24 always

run "$tmp/flock.json" >"$tmp/out" 2>&1
result "flock: nothing is lost, nobody waits for ever" "$(grep -q 'no_deadlock *always' "$tmp/out" || tell "$tmp/out")"

run "$tmp/naive.json" --witness >"$tmp/once" 2>&1
run "$tmp/naive.json" --witness >"$tmp/twice" 2>&1
result "the same, byte by byte" "$(diff "$tmp/once" "$tmp/twice" | head -n 5)"
result "nothing is left" "$(ls -A "$tmp/dir")"
finish
