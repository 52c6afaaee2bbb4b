# The CUnit suites.
. tests/lib.sh
build/unit >"$tmp/out" 2>&1
grep '^FAIL' "$tmp/out"
add_counts "$tmp/out" suites
finish
