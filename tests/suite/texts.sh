# What scenarios put into texts is shown by every output, and obeyed by no terminal, CI log or browser (tests/texts.py).
. tests/lib.sh
python3 tests/texts.py "$fsrace" 20 >"$tmp/out" 2>&1
status=$?
cat "$tmp/out"
passed=$((passed + $(grep -c '^ok' "$tmp/out")))
failed=$((failed + $(grep -c '^FAIL' "$tmp/out")))
result "it ran" "$([ $status -le 1 ] && ! grep -q Traceback "$tmp/out" || tail -n 3 "$tmp/out")"
finish
