# Every scenario that is shipped finds what it expects, in all its variants.
. tests/lib.sh
build/fsrace run scenarios/ --long >"$tmp/out" 2>&1
status=$?
build/fsrace list scenarios/ | awk '/^[^ ]/ { name = $1 } /^  / { print name ", " $1 }' >"$tmp/variants"
while read -r variant; do
    # Its headline, and the lines under it, up to the next one.
    awk -v head="$variant: " '/^[^ ]+, [^ ]+: / { mine = index($0, head) == 1 } mine' "$tmp/out" >"$tmp/mine"
    if ! [ -s "$tmp/mine" ]; then
        bad "$variant" "it was not run"
    elif grep '^FAIL\|^   ?' "$tmp/mine" >"$tmp/not"; then
        bad "$variant" "not as expected"
        tell "$tmp/not"
    else
        ok "$variant"
    fi
done <"$tmp/variants"
[ -s "$tmp/variants" ] && [ "$status" -eq 0 ] && ok "exit status" || {
    bad "exit status" "$status"
    tell "$tmp/out"
}
must "make demo is that run" sh -c 'make -n demo | grep -qx "build/fsrace run scenarios/"'
finish
