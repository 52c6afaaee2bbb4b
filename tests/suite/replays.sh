# What is printed for a replay tells the story that it was made from: the Replay line, the schedule, the pin; in memory and on the
# directory. Here as much of the catalogue and of generated scenarios as fits into a time; all of it in `make truth`.
. tests/lib.sh
build build/made >/dev/null
FSRACE=$fsrace tests/truth.d/replays --jobs --generated 0 --files tests/replays/*.json tests/reduction/*.json >"$tmp/out" 2>&1
grep '^FAIL' "$tmp/out"
add_counts "$tmp/out" "some that were told otherwise"
FSRACE=$fsrace tests/truth.d/replays --generated 100 --seconds "${REPLAYS_SECONDS:-40}" >"$tmp/out" 2>&1
grep '^FAIL' "$tmp/out"
add_counts "$tmp/out" "the catalogue and generated scenarios"

must "a script goes on where a task waits at its point" "$fsrace" run tests/replays/waits-there.json
result "all of it is told" "$("$fsrace" run tests/replays/waits-there.json --json | grep -q '"exhaustive": true' || echo "it is not")"

# A fault that may come anywhere, and does not.
spared=tests/replays/spared.json
told() { # told STATUS WORDS ORDER
    "$fsrace" replay $spared --order "$3" >"$tmp/told" 2>&1
    status=$?
    result "$3" "$([ $status -eq "$1" ] && grep -qF -- "$2" "$tmp/told" || { echo "status $status:"; cat "$tmp/told"; })"
}
told 0 "p                 is broken" '[{"run":"B"},{"no_fault":true},{"run":"A"},{"no_fault":true}]'
told 0 "p                 holds" '[{"run":"fault/1","through":"fault.crash B"}]'
told 3 "step 2 says that no fault happens, but that is for where nobody can go on" '[{"run":"fault/1","through":"fault.crash B"},{"no_fault":true}]'
told 3 "expected true" '[{"no_fault":false}]'
told 3 '"run"' '[{"no_fault":true,"run":"A"}]'
"$fsrace" run $spared --schedule "$tmp/schedule" --backend model >"$tmp/out" 2>&1
result "a schedule says which fault did not come" "$(grep -qF '["-", "no fault happens"]' "$tmp/schedule" || cat "$tmp/schedule")"
sed '/"-", "no fault happens"/d' "$tmp/schedule" | sed 'N;s/,\n  \]/\n  ]/;P;D' >"$tmp/without"
"$fsrace" replay $spared --schedule "$tmp/without" >"$tmp/told" 2>&1
status=$?
result "without it, it says something else" "$([ $status -eq 4 ] && grep -qF 'step 2 of the schedule is A at "clock.sleep 5 ms"' "$tmp/told" || cat "$tmp/told")"
finish
