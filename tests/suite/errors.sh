# Scenarios that are wrong. tests/cli/bad/NAME.json gives one line on stderr, with the place and the words of NAME.err, status 3,
# nothing on stdout, and leaves nothing behind.
. tests/lib.sh
for file in tests/cli/bad/*.json; do
    name=$(basename "$file" .json)
    mkdir "$tmp/dir"
    $fsrace run "$file" --dir "$tmp/dir" >"$tmp/out" 2>"$tmp/err"
    status=$?
    want="fsrace: $file:$(cat "${file%.json}.err")"
    if [ $status -ne 3 ]; then
        bad "$name" "status $status, not 3"
    elif [ "$(wc -l <"$tmp/err")" -ne 1 ]; then
        bad "$name" "$(wc -l <"$tmp/err") lines on stderr, not one"
    elif [ "$(cat "$tmp/err")" != "$want" ]; then
        bad "$name" "it says: $(cat "$tmp/err"), not: $want"
    elif [ -s "$tmp/out" ]; then
        bad "$name" "it says something on stdout: $(head -n 1 "$tmp/out")"
    elif [ -n "$(ls -A "$tmp/dir")" ]; then
        bad "$name" "it leaves something behind: $(ls -A "$tmp/dir")"
    else
        ok "$name"
    fi
    rm -rf "$tmp/dir"
done
finish
