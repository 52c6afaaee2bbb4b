# Contracts that are broken on purpose stop at an assert (tests/breaches.c), in every room.
. tests/lib.sh
must "they compile" build build/breaches || finish
build/breaches >"$tmp/out" 2>&1
grep '^FAIL' "$tmp/out"
add_counts "$tmp/out" breaches
# sim/cli hands what it is given to options.c, nodes/ itself has declarations only.
result "a breach in each room" "$(sed -n '/^| room | /,/^$/s/^| `\([a-z/]*\)\/` |.*/\1/p' docs/ARCHITECTURE.md | grep -vx -e sim/cli -e nodes | while read -r room; do
    grep -q "{\"$room\"," tests/breaches.c || echo "none in $room"
done)"
finish
