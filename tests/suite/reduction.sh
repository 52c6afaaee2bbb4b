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

# Where every order is too many: a sample sees no class that the search has not.
sampled() {
    for variant in stale-version:marker stale-version:naive schema-type:later-marker-versioned; do
        file=scenarios/${variant%%:*}.json
        name="--backend model --variant ${variant#*:}"
        # shellcheck disable=SC2086
        searched=$($fsrace run $name --json "$file" | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["executions"])')
        # shellcheck disable=SC2086
        seen=$($fsrace run $name --order '{"pos": 6000}' --json "$file" |
            python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["classes"])')
        if [ "$seen" -gt "$searched" ]; then
            bad "${variant%%:*}" "6000 samples see $seen classes; the search has $searched"
        else
            ok "${variant%%:*}"
        fi
    done
}

[ $# -gt 0 ] || set -- sampled $(ls tests/reduction/*.json | sed 's|.*/||; s|\.json$||')
for name in "$@"; do
    if [ "$name" = sampled ]; then
        sampled
        continue
    fi
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
