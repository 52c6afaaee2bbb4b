# A search that is divided comes to the same, by any number of processes, in any number of shards, and when it was killed.
. tests/lib.sh
build build/bench/literature >/dev/null

# the_same NAME FILE: as $tmp/whole has it
the_same() {
    result "$1" "$(diff "$tmp/whole" "$2" | head -n 5)"
}
# counts ARGUMENTS...: what a divided search has to share with one that is not: not what it had to give up, nor which witness it met
counts() {
    $fsrace run --json --backend model "$@" | sed 's/"redundant": [0-9]*, //'
}

for program in "creators 5" "lastzero 7" "marker 6" "append3 3" "indexer 13"; do
    name=$(echo "$program" | tr ' ' -)
    # shellcheck disable=SC2086
    build/bench/literature $program >"$tmp/$name.json"
    counts "$tmp/$name.json" >"$tmp/whole"
    counts "$tmp/$name.json" --jobs 3 >"$tmp/jobs"
    the_same "$name: 3 processes" "$tmp/jobs"
done
for name in tests/reduction/*.json scenarios/dup-create.json; do
    counts "$name" >"$tmp/whole"
    counts "$name" --jobs 2 >"$tmp/jobs"
    the_same "$(basename "$name" .json): 2 processes" "$tmp/jobs"
done

# One that is large enough, with witnesses.
scenario=$tmp/three.json
python3 - "$tmp" >"$scenario" <<'END'
import json, sys
steps = lambda n: [{"stat": "x", "as": "seen"}, {"when": {n + ".seen": "ENOENT"}, "put": "x", "data": n, "as": "put"}, {"read": "x", "as": "mine"}]
names = "ABCDE"
print(json.dumps({"fsrace": 1, "name": "three",
    "cluster": {"nodes": {n: {"role": "actor"} for n in names}},
    "work": {n: steps(n) if n < "D" else [{"append": "x", "data": n}] for n in names},
    "properties": {"one_winner": {"finally": {"at_most": 1, "of": [{n + ".put": "ok"} for n in "ABC"]}},
                   "own": {"finally": {"all": [{n + ".mine": n} for n in "ABC"]}}}}))
END
told() {
    "$fsrace" "$@" >"$tmp/told" 2>"$tmp/err"
    status=$?
    [ $status -eq 0 ] || echo "status $status: $(head -n 1 "$tmp/err")" >>"$tmp/told"
}
told run "$scenario" --witness --jobs 1
cp "$tmp/told" "$tmp/whole"
for jobs in 2 3; do
    told run "$scenario" --witness --jobs $jobs
    the_same "$jobs processes, with witnesses" "$tmp/told"
done
told run "$scenario" --witness --jobs 2 --threads --backend dir --dir build/check
cp "$tmp/whole" "$tmp/kept"
sed 's/ (model[^)]*)//; /^model+dir: /d' "$tmp/kept" >"$tmp/whole"
the_same "on the directory, with threads" "$tmp/told"
cp "$tmp/kept" "$tmp/whole"

for k in 1 2 3; do
    told run "$scenario" --shard $k/3 --resume "$tmp/part-$k" --jobs 2
    result "shard $k/3" "$(grep -q "^shard $k/3 of three, default: [0-9]* of [0-9]* parts, done$" "$tmp/told" || cat "$tmp/told")"
done
told merge "$tmp/part-2" "$tmp/part-1" "$tmp/part-3" --witness
the_same "3 shards, merged" "$tmp/told"

# Killed, and gone on with.
journal=$tmp/journal
"$fsrace" run "$scenario" --resume "$journal" >"$tmp/told" 2>"$tmp/err" &
pid=$!
: >>"$journal"
while [ "$(wc -l <"$journal")" -lt 6 ] && kill -0 $pid 2>/dev/null; do :; done
kill -KILL $pid 2>/dev/null
wait $pid 2>/dev/null
lines=$(wc -l <"$journal")
result "it was killed on its way" "$([ "$lines" -ge 2 ] || echo "$lines lines")"
head -c -7 "$journal" >"$tmp/torn"
tail -n 1 "$journal" | head -c 50 >>"$tmp/torn"
for file in "$journal" "$tmp/torn"; do
    told run "$scenario" --witness --resume "$file" --jobs 2
    the_same "gone on with: $(basename "$file")" "$tmp/told"
done
cp "$journal" "$tmp/before"
told run "$scenario" --witness --resume "$journal"
the_same "nothing left to do" "$tmp/told"
result "nothing is done twice" "$(cmp "$tmp/before" "$journal" 2>&1)"
told run "$scenario" --budget 100 --resume "$tmp/short" --json
result "the budget ends it" "$(grep -q 'undecided: budget' "$tmp/told" || cat "$tmp/told")"
told run "$scenario" --witness --resume "$tmp/short"
the_same "and it goes on" "$tmp/told"

# What is refused.
refused "a shard is missing" "shard 2/3 is missing" merge "$tmp/part-1" "$tmp/part-3"
refused "a shard twice" "shard 1/3 is there twice" merge "$tmp/part-1" "$tmp/part-1"
refused "a shard of another search" "of another search" merge "$tmp/part-1" "$journal"
told run "$scenario" --shard 3/3 --resume "$tmp/undone" --budget 100
head -n 2 "$tmp/part-3" >"$tmp/undone"
refused "a shard that is not done" "parts are missing: not all shards are done" merge "$tmp/part-1" "$tmp/part-2" "$tmp/undone"
refused "no journal" "no line of a journal" merge "$scenario"
: >"$tmp/nothing"
refused "an empty file" "it is empty" merge "$tmp/nothing"
refused "a device" "/dev/zero: it is not a regular file" merge /dev/zero
refused "a device, to go on with" "/dev/zero: it is not a regular file" run "$scenario" --resume /dev/zero
refused "no file" "No such file" merge "$tmp/none"
refused "another search's journal" "of another search" run "$scenario" --resume "$journal" --order '{"random": 100}'
sed '3s/"part":/"trap":/' "$journal" >"$tmp/damaged"
refused "a damaged journal" "damaged:3: no line of a journal of fsrace, or damaged" run "$scenario" --resume "$tmp/damaged"
refused "a shard without a file" "say with --resume FILE" run "$scenario" --shard 1/3
refused "several variants" "say which with --variant" run scenarios/dup-create.json --resume "$tmp/several"
refused "one order" "one order cannot be divided" run "$scenario" --order '[{"run": "A"}]' --jobs 2
refused "without reduction" "--no-reduction is for one process" run "$scenario" --no-reduction --jobs 2
for value in 0/3 4/3 3 a/b 1/3x; do
    refused "--shard $value" "expected one of so many" run "$scenario" --shard $value --resume "$tmp/x"
done
refused "--jobs 0" "expected a number" run "$scenario" --jobs 0
refused "--jobs 257" "at most 256" run "$scenario" --jobs 257
sed 's/"x"/"y"/g' "$scenario" >"$tmp/other" && mv "$tmp/other" "$scenario"
refused "the scenario has changed" "is not what it was" merge "$tmp/part-1" "$tmp/part-2" "$tmp/part-3"

# Samples are divided, too.
sample='{"pct": 300, "depth": 2, "seed": "0x7"}'
counts scenarios/dup-create.json --variant naive --order "$sample" >"$tmp/whole"
counts scenarios/dup-create.json --variant naive --order "$sample" --jobs 2 >"$tmp/jobs"
the_same "a sample" "$tmp/jobs"
finish
