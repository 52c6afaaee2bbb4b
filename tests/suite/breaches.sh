# Contracts that are broken on purpose stop at an assert (tests/breaches.c), in every room.
. tests/lib.sh
must "they compile" build build/breaches || finish
build/breaches >"$tmp/out" 2>&1
grep '^FAIL' "$tmp/out"
add_counts "$tmp/out" breaches
finish
