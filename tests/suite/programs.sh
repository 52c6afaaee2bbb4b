# Scenarios of programs: nothing is run because a file was read.
. tests/lib.sh
mkdir "$tmp/dir"
cat >"$tmp/evil.json" <<END
{"fsrace": 1, "name": "evil",
 "cluster": {"store": {"semantics": "posix"},
             "nodes": {"A": {"role": "program", "run": ["touch", "$tmp/touched"], "env": {"X": "a b"}},
                       "B": {"role": "program", "run": "echo \u001b[2J; touch $tmp/touched", "mount": {"/var/lock": "l"}}}},
 "properties": {"p": {"finally": {"A.exit": 0}}}}
END
sed "s|TMP|$tmp|" >"$tmp/want" <<'END'
fsrace: TMP/evil.json would run on this machine:
  A: X='a b' touch TMP/touched
  B: sh -c 'echo \x1b[2J; touch TMP/touched', with l for /var/lock
fsrace: TMP/evil.json: nothing was run; if all that is meant, --allow-run
END
for command in run replay step stress "pin --property p"; do
    # shellcheck disable=SC2086
    "$fsrace" $command "$tmp/evil.json" --dir "$tmp/dir" >"$tmp/out" 2>"$tmp/err" </dev/null
    status=$?
    result "$command: refused" "$([ $status -eq 3 ] || echo "status $status")"
    result "$command: says what it would run" "$(diff "$tmp/want" "$tmp/err")"
    result "$command: has run nothing" "$(ls -A "$tmp/dir" "$tmp/touched" 2>/dev/null | grep -v "^$tmp/dir" | grep .)"
done
must "check reads it" "$fsrace" check "$tmp/evil.json"
result "check runs nothing" "$([ ! -e "$tmp/touched" ] || echo "it has")"
finish
