# A race that is pinned is shown by its own order, also when other steps come before it, and is searched for when it has moved.
. tests/lib.sh
pinned=$tmp/torn.json
must "it is pinned" "$fsrace" pin scenarios/empty-lock-window.json --variant create-write --property no_torn_read --out "$pinned"
must "it is a scenario that passes" "$fsrace" run "$pinned"
result "in one order" "$("$fsrace" run "$pinned" --json | grep -q '"executions": 1, .*"orders": "one order"' || echo "it is not")"

# change NAME STATUS WORDS PYTHON: what happens when the scenario s is changed so
change() {
    python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))
s["name"] = "changed"
A, B = s["work"]["A"], s["work"]["B"]
'"$4"'
json.dump(s, open(sys.argv[2], "w"))' "$pinned" "$tmp/changed.json"
    "$fsrace" run "$tmp/changed.json" >"$tmp/out" 2>&1
    status=$?
    result "$1" "$([ $status -eq "$2" ] && grep -qF -- "$3" "$tmp/out" || { echo "status $status:"; tail -n 5 "$tmp/out"; })"
}
change "as it is" 0 "one order" ''
change "other steps before" 0 "one order" 'A.insert(0, {"put": "mine"}); B.insert(0, {"stat": "yours"}); B.insert(0, {"note": "here"})'
change "other steps behind" 0 "one order" 'A.append({"stat": "lock"})'
change "a point that is not reached" 0 "step 1 of the order cannot be followed any more: every order from before it was tried" \
    's["order"][0]["until"] = "fs.rename *"'
change "cured" 1 "every order from before it was tried" \
    'A[0] = {"put": "tmp"}; A.append({"link": ["tmp", "lock"], "as": "got"}); B[0] = {"link": ["tmp", "lock"], "as": "got"}'
change "else is not last" 3 '{"else": …} comes last' 's["order"].reverse()'

# On stdout, of a built-in property, and from a sample.
"$fsrace" pin scenarios/dup-create.json --variant naive --property one_creator --order '{"pos": 200}' >"$tmp/pinned.json" 2>"$tmp/err"
must "on stdout" "$fsrace" run "$tmp/pinned.json"

# A hang counts where it is not named, so the pinned order says that it hangs.
printf '{"fsrace": 1, "name": "hangs", "cluster": {"nodes": {"A": {"role": "actor"}, "B": {"role": "actor"}}},
"work": {"A": [{"watch": "."}, {"next_event": true, "as": "e"}], "B": [{"mkdir": "x"}]},
"properties": {"told": {"finally": {"A.e": "CREATE x"}}}, "expect": {"told": "sometimes", "no_deadlock": "sometimes"}}' >"$tmp/hangs.json"
must "an order that hangs is pinned" "$fsrace" pin "$tmp/hangs.json" --property told --out "$tmp/pinned-hang.json"
must "and passes" "$fsrace" run "$tmp/pinned-hang.json"

# As a person would write it, with what it shows; and what is there stays.
result "it says what it shows" "$(grep -q '^  "title": "The loser reads .* is still empty: an order that breaks no_torn_read",$' "$pinned" || sed -n 4,5p "$pinned")"
result "its members come as one writes them" "$(sed -n 's/^  "\([a-z]*\)":.*/\1/p' "$pinned" | tr '\n' ' ' | grep -v '^fsrace name title doc source cluster work order properties expect $')"
result "no line is too long but for texts" "$(grep -v '^  "\(doc\|title\)"' "$pinned" | awk 'length > 100')"
refused "a file that is there" "torn.json is there already, and stays as it is" pin scenarios/empty-lock-window.json --variant create-write --property no_torn_read --out "$pinned"
refused "a link that is there" "link.json is there already, and stays as it is" pin scenarios/empty-lock-window.json --variant create-write --property no_torn_read \
    --out "$(ln -s nowhere "$tmp/link.json" && echo "$tmp/link.json")"

# Red, fix, green: it is expected to hold, and fails until the race is mended.
red=$tmp/red.json
must "it is pinned for CI" "$fsrace" pin scenarios/empty-lock-window.json --variant create-write --property no_torn_read --expect always --out "$red"
"$fsrace" run "$red" >"$tmp/out" 2>&1
result "red" "$([ $? -eq 1 ] || tail -n 5 "$tmp/out")"
sed 's/{"create_excl": "lock", "data": "\([AB]\)"\([^}]*\)}/{"put": "\1", "data": "\1"}, {"link": ["\1", "lock"]\2}/' "$red" >"$tmp/green.json"
sed -i 's/"name": "red"/"name": "green"/' "$tmp/green.json"
must "green" "$fsrace" run "$tmp/green.json"
refused "another expectation" "--expect sometimes: expected always or never" pin scenarios/dup-create.json --variant naive --property one_creator --expect sometimes

refused "no property" "say with --property what is broken" pin scenarios/dup-create.json --variant naive
refused "no such property" 'did you mean "one_creator"?' pin scenarios/dup-create.json --variant naive --property one_creater
refused "never broken" "is broken in no order that was tried" pin scenarios/dup-create.json --variant marker --property one_creator
refused "no variant" "say which with --variant" pin scenarios/dup-create.json --property one_creator
refused "a file that cannot be written" "$tmp/none/x.json" pin scenarios/dup-create.json --variant naive --property one_creator --out "$tmp/none/x.json"
finish
