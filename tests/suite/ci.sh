# What a CI system reads: JUnit by its schema, TAP by prove, annotations for GitHub, and what docs/ci.md tells to write.
. tests/lib.sh

# A directory of scenarios: one as expected; one not, with names that are mark-up somewhere; one that expects
# nothing; and the one that is not as expected stays undecided with a budget.
mkdir -p "$tmp/good" "$tmp/all, 100%: <&\">"
all="$tmp/all, 100%: <&\">"
cp tests/golden/lock.json "$tmp/good"
cp tests/golden/lock.json "$all"
cat >"$all/race.json" <<'END'
{
  "fsrace": 1,
  "name": "race",
  "cluster": { "nodes": { "A": {"role": "actor"}, "B": {"role": "actor"} } },
  "work": { "A": [ {"write": "]]>&lt; % #x", "data": "#1 \ud83d\ude00 é"} ], "B": [ {"stat": "]]>&lt; % #x", "as": "x"} ] },
  "properties": { "found": {"finally": {"B.x": "file"}} },
  "expect": {
    "found": "always"
  },
  "variants": { "odd": {} }
}
END
printf '{"fsrace": 1, "name": "silent", "cluster": {"nodes": {"A": {"role": "actor"}}}, "work": {"A": []}}' >"$all/silent.json"

# ran NAME STATUS OPTION...
ran() {
    name=$1 want=$2
    shift 2
    "$fsrace" run "$@" >"$tmp/out" 2>"$tmp/err"
    status=$?
    result "$name: status $want" "$([ $status -eq "$want" ] || head -n 3 "$tmp/err" | sed "s/^/status $status: /")"
    result "$name: nothing on stderr" "$([ "$want" -eq 3 ] || head -n 3 "$tmp/err")"
}
lint() {
    xmllint --noout --nonet --schema tests/junit.xsd "$1"
}
count() { # count XPATH WANT
    got=$(xmllint --xpath "count($1)" "$tmp/junit.xml")
    result "junit: $1 are $2" "$([ "$got" = "$2" ] || echo "$got")"
}

# --- JUnit ---
ran "junit, as expected" 0 "$tmp/good" --junit "$tmp/junit.xml"
must "junit: by the schema" lint "$tmp/junit.xml"
count '//testcase[failure or error]' 0
ran "junit, not as expected" 1 "$all" --junit "$tmp/junit.xml"
cp "$tmp/out" "$tmp/text"
must "junit: by the schema, with failures" lint "$tmp/junit.xml"
count '//testsuite' 3
count '//testcase/failure' 1
count '//testsuite[@package="race"]/testcase[@name="found"]' 1
count '//testsuite[@package="silent"]/testcase[@name="no_deadlock"]' 1
count '//testsuite[@failures=count(testcase/failure) and @tests=count(testcase)]' 3
xmllint --xpath 'string(//failure)' "$tmp/junit.xml" >"$tmp/failure"
result "junit: the failure has its line" "$(grep -qF "all, 100%: <&\">/race.json:8:5: found: expected always, found sometimes" "$tmp/failure" || cat "$tmp/failure")"
result "junit: the witness is in it" "$(xmllint --xpath 'string(//system-out)' "$tmp/junit.xml" | grep -q . || xmllint --xpath '//testsuite[@package="race"]/system-out' "$tmp/junit.xml" | grep -q 'Replay: ' || echo "it is not")"
"$fsrace" run "$all" >"$tmp/again" 2>&1
result "junit: the text is as without" "$(diff "$tmp/text" "$tmp/again")"
ran "junit, undecided" 2 tests/golden/create.json --variant marker --budget 2 --junit "$tmp/junit.xml"
must "junit: by the schema, with errors" lint "$tmp/junit.xml"
count '//testcase/error[@type="undecided"]' 3
result "junit, undecided: no verdict is told" "$(xmllint --xpath '//error/@message' "$tmp/junit.xml" | grep 'found always')"
ran "junit, what a budget ended" 2 tests/cli/early-race.json --variant excl --budget 2000 --junit "$tmp/junit.xml"
result "junit: what is known is told" "$(xmllint --xpath '//error/@message' "$tmp/junit.xml" | grep -q 'no order with at most 2 preemptions breaks it (all 314 tried); 3: begun' || xmllint --xpath '//error/@message' "$tmp/junit.xml")"
ran "junit, nowhere to write" 3 "$tmp/good" --junit "$tmp/none/junit.xml"
result "says where" "$(grep -q 'none/junit.xml: No such file' "$tmp/err" || cat "$tmp/err")"

# --- TAP ---
ran "tap, as expected" 0 "$tmp/good" --tap
cp "$tmp/out" "$tmp/good.tap"
ran "tap, not as expected" 1 "$all" --tap
cp "$tmp/out" "$tmp/bad.tap"
must "prove passes what is as expected" prove -e cat "$tmp/good.tap"
prove -e cat "$tmp/bad.tap" >"$tmp/proved" 2>&1
result "prove fails what is not" "$([ $? -eq 1 ] || cat "$tmp/proved")"
result "just that one" "$(grep -q 'Failed 1/' "$tmp/proved" || cat "$tmp/proved")"
result "prove can parse it" "$(grep -i 'parse error' "$tmp/proved")"
must "prove runs fsrace" prove -e "$fsrace run --tap" "$tmp/good/lock.json"
"$fsrace" run tests/cli/bad/unknown-key.json --tap >"$tmp/bail.tap" 2>/dev/null
prove -e cat "$tmp/bail.tap" >"$tmp/proved" 2>&1
result "a bad scenario stops prove" "$([ $? -ne 0 ] && grep -q 'unknown-key.json:5:3' "$tmp/proved" || cat "$tmp/proved")"

# --- GitHub ---
ran "github, as expected" 0 "$tmp/good" --github
result "no annotation" "$(grep '^::' "$tmp/out")"
ran "github, not as expected" 1 "$all" --github
python3 - "$tmp/out" "$all/race.json" >"$tmp/python" 2>&1 <<'END'
import re, sys
from urllib.parse import unquote
lines = [l.rstrip("\n") for l in open(sys.argv[1], encoding="utf-8") if l.startswith("::")]
assert len(lines) == 1, lines
match = re.fullmatch(r"::error ([^:]*)::(.*)", lines[0]) # no colon is left in a property
properties = dict(p.split("=", 1) for p in match[1].split(","))
assert unquote(properties["file"]) == sys.argv[2], properties
assert (properties["line"], properties["col"]) == ("8", "5"), properties
assert unquote(properties["title"]) == "race, odd: found", properties
assert unquote(match[2]).startswith("expected always, found sometimes"), match[2]
END
result "github: the annotation points to the expectation" "$(tail -n 2 "$tmp/python")"
ran "github, undecided" 2 tests/golden/create.json --variant marker --budget 2 --github
result "github: that is a warning" "$(grep -q '^::warning file=tests/golden/create.json,line=1[0-9],' "$tmp/out" || cat "$tmp/out")"
ran "github, a bad scenario" 3 tests/cli/bad/unknown-key.json --github
result "github: an annotation for it" "$(grep -q '^::error file=tests/cli/bad/unknown-key.json,line=5,col=3,' "$tmp/out" || cat "$tmp/out")"

# --- docs/ci.md ---
mkdir "$tmp/bin" "$tmp/repo" "$tmp/repo/races"
ln -s "$(realpath "$fsrace")" "$tmp/bin/fsrace"
cp tests/golden/lock.json "$tmp/repo/races"
awk '/^```/ { inside = !inside; next } inside' docs/ci.md |
    sed -n 's/^ *- \(run: \)\{0,1\}\(fsrace run .*\)/\2/p; s/^\(prove .*\)/\1/p; /^git diff/p' >"$tmp/commands"
result "docs/ci.md has four commands" "$([ "$(wc -l <"$tmp/commands")" -eq 4 ] || cat "$tmp/commands")"
(cd "$tmp/repo" && git init -q && git add races) >"$tmp/out" 2>&1
top=$PWD
while read -r command; do
    cd "$tmp/repo" || exit 1
    PATH="$tmp/bin:$PATH" sh -c "$command" >"$tmp/out" 2>&1 </dev/null
    status=$?
    cd "$top" || exit 1
    result "docs/ci.md: $command" "$([ $status -eq 0 ] && grep -qE 'as expected|lock' "$tmp/out" || cat "$tmp/out")"
done <"$tmp/commands"

# --- what does not go together ---
for options in "--json --tap" "--json --github" "--tap --github"; do
    # shellcheck disable=SC2086
    ran "$options" 3 "$tmp/good" $options
    result "$options: says so, and nothing on stdout" "$([ -s "$tmp/out" ] || [ "$(wc -l <"$tmp/err")" -ne 1 ] && cat "$tmp/out" "$tmp/err")"
done
finish
