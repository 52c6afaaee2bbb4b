# Pictures of executions for other tools are what those tools read. And the documentation's own is what its command prints.
. tests/lib.sh
for format in mermaid plantuml shiviz perfetto jsonl; do
    n=0
    while read -r arguments; do
        n=$((n + 1))
        eval "$fsrace replay $arguments --format $format" >"$tmp/$n.$format" 2>"$tmp/err" || bad "$format of $arguments" "$(cat "$tmp/err")"
    done <<'END'
tests/golden/faults.json
tests/golden/create.json --variant proxy --order '[{"run": "i1", "through": "net.send *"}, {"run": "i2"}]'
tests/golden/files.json --variant posix --order '[{"run": "n", "through": "watch.add *"}, {"run": "w", "through": "fs.create d/b"}, {"run": "r"}]'
tests/golden/lock.json --order '[{"run": "q1", "through": "lock.take app"}, {"run": "i1"}, {"run": "q1/rpc1"}]'
END
    must "$format: $n pictures are well formed" python3 tests/pictures.py $format "$tmp"/*.$format
done
result "messages and events have their ends" "$(for id in message event; do
    grep -q "\"ph\":\"s\".*\"$id\"" "$tmp"/*.perfetto || echo "no $id"
done)"

# A picture that is not well formed is not.
for spoilt in 's/->>store: .*/&; x/' 's/as A/as A #1/' 's/t1->>store/t9->>store/'; do
    sed "$spoilt" "$tmp/1.mermaid" >"$tmp/spoilt"
    python3 tests/pictures.py mermaid "$tmp/spoilt" >/dev/null && bad "$spoilt" "nothing is wrong with it" || ok "$spoilt is found"
done

if [ -d build/mermaid/node_modules/mermaid ]; then
    must "Mermaid parses it" node tests/mermaid.mjs "$tmp"/*.mermaid
else
    skip "Mermaid's own parser" "npm install --prefix build/mermaid mermaid@10 jsdom@22"
fi

# What commands print stands in the documentation as they print it. tests/blocks.py --update README.md docs/*.md writes it anew.
mkdir "$tmp/tree"
ln -s "$PWD/scenarios" "$PWD/tests" "$tmp/tree"
mkdir "$tmp/tree/build"
ln -s "$(realpath "$fsrace")" "$tmp/tree/build/fsrace"
top=$PWD
(cd "$tmp/tree" && python3 "$top/tests/blocks.py" "$top"/README.md "$top"/docs/*.md) >"$tmp/blocks" 2>&1
result "blocks of the documentation" "$([ $? -eq 0 ] || cat "$tmp/blocks")"
result "there is a picture" "$(grep -q '^```mermaid' docs/verdicts.md || echo "it has none")"
finish
