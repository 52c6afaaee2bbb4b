# No wrong verdict from a sick machine: calls, allocations and new processes that fail, in every command. All of them:
# python3 tests/sick.py build/sick_fsrace
. tests/lib.sh
must "it builds" build build/sick_fsrace
timeout 300 python3 tests/sick.py build/sick_fsrace 8 >"$tmp/sick" 2>&1
grep '^ok\|^FAIL' "$tmp/sick"
add_counts "$tmp/sick" "the sweep"

# What a verdict rests on, and cannot be read: the words.
told() { # told CALLS WORDS COMMAND...
    calls=$1 words=$2
    shift 2
    for k in $calls; do
        SICK=$k build/sick_fsrace "$@" --dir "$tmp" 2>"$tmp/err" >"$tmp/out" || grep -h "$words" "$tmp/err"
    done >"$tmp/told"
    result "it says \"$words\"" "$([ -s "$tmp/told" ] || echo "never in calls $calls")"
}
told "$(seq 30 90)" "cannot read d/k: Input/output error" run tests/cli/sick-one.json --backend dir
told "$(seq 30 90)" "cannot list d: Input/output error" run tests/cli/sick-one.json --backend dir
finish
