# Exploration leaves out orders that end alike, and only those: with and without reduction (run --no-reduction) there are as many
# outcomes, and every property holds as often, and as the file expects. tests/reduction/NAME.json; names may be given.
. tests/lib.sh
digest() { # outcomes, and how each property holds
    $fsrace run --json "$@" | python3 -c '
import json, sys
for v in json.load(sys.stdin):
    assert v["exhaustive"] and all(p["ok"] for p in v["properties"].values())
    print(v["variant"], v["outcomes"], "outcomes", {n: p["holds"] for n, p in sorted(v["properties"].items())})'
}

[ $# -gt 0 ] || set -- $(ls tests/reduction/*.json | sed 's|.*/||; s|\.json$||')
for name in "$@"; do
    digest "tests/reduction/$name.json" --no-reduction >"$tmp/every"
    digest "tests/reduction/$name.json" >"$tmp/reduced"
    if [ ! -s "$tmp/every" ]; then
        bad "$name" "it does not run"
    elif ! cmp -s "$tmp/every" "$tmp/reduced"; then
        bad "$name" "every order gives (<), the reduced search gives (>):"
        diff "$tmp/every" "$tmp/reduced" | grep '^[<>]'
    else
        ok "$name"
    fi
done
finish
