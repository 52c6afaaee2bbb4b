# Every scenario that is shipped finds what it expects, in all its variants.
. tests/lib.sh
build/fsrace run scenarios/ >"$tmp/out" 2>&1
status=$?
build/fsrace list scenarios/ | awk '/^[^ ]/ { name = $1 } /^  / { print name, $1 }' >"$tmp/variants"
while read -r name variant; do
    if ! grep -q "^[^,]* $name  *$variant " "$tmp/out"; then
        bad "$name, $variant" "there is no line for it"
    elif grep "^FAIL $name  *$variant \|^  ? $name  *$variant " "$tmp/out" >"$tmp/not"; then
        bad "$name, $variant" "not as expected"
        tell "$tmp/not"
    else
        ok "$name, $variant"
    fi
done <"$tmp/variants"
[ -s "$tmp/variants" ] && [ "$status" -eq 0 ] && ok "exit status" || {
    bad "exit status" "$status"
    tell "$tmp/out"
}
must "make demo is that run" sh -c 'make -n demo | grep -qx "build/fsrace run scenarios/"'
finish
