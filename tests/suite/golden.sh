# Executions told step by step, byte for byte as they were. tests/golden/NAME.cmd has the arguments of `fsrace replay`,
# NAME.trace what it tells, without the properties that hold; tests/golden/update writes the traces anew.
. tests/lib.sh
story() {
    sed '/^[a-z_]*  *holds$/d; s/"properties":\[[^]]*]/"properties":[]/'
}
for file in tests/golden/*.cmd; do
    name=$(basename "$file" .cmd)
    eval "$fsrace replay $(cat "$file")" >"$tmp/all" 2>"$tmp/err"
    status=$?
    story <"$tmp/all" >"$tmp/out"
    if [ $status -ne 0 ] || [ -s "$tmp/err" ]; then
        bad "$name" "status $status: $(head -n 1 "$tmp/err")"
    elif ! diff "tests/golden/$name.trace" "$tmp/out" >"$tmp/diff"; then
        bad "$name" "the story is another:"
        tell "$tmp/diff"
    else
        ok "$name"
    fi
done

# Wherever the store is, the story is the same.
for file in tests/golden/files-posix-watch.cmd tests/golden/create-proxy-race.cmd; do
    name=$(basename "$file" .cmd)
    mkdir -p "$tmp/another place"
    eval "$fsrace replay --dir '$tmp/another place' $(cat "$file")" 2>&1 | story | diff "tests/golden/$name.trace" - >"$tmp/diff"
    result "$name, in another directory" "$(cat "$tmp/diff")"
done
finish
