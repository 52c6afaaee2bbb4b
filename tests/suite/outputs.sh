# Where the options write: never onto an input, through what is no regular file, as a whole or not at all.
. tests/lib.sh

typed() { # the command is typed in $tmp/at
    (cd "$tmp/at" && timeout 20 "$program" "$@") >"$tmp/out" 2>"$tmp/err" </dev/null
    status=$?
}
program=$(realpath "$fsrace")
mkdir "$tmp/at" "$tmp/dir"
cp tests/reduction/excl.json "$tmp/at/excl.json"
ln -s excl.json "$tmp/at/link.json"
ln "$tmp/at/excl.json" "$tmp/at/hard.json"
cp "$tmp/at/excl.json" "$tmp/same.json"
property=$(python3 -c 'import json, sys; print(next(iter(json.load(open(sys.argv[1]))["expect"])))' "$tmp/same.json")

# kept NAME WORDS: refused, and the input is as it was.
kept() {
    result "$1" "$([ $status -eq 3 ] && grep -qF -- "$2" "$tmp/err" || echo "status $status: $(head -n 2 "$tmp/err")"
        cmp "$tmp/same.json" "$tmp/at/excl.json" 2>&1
        ls -A "$tmp/at" | grep '^\.fsrace')"
}
for option in --html --junit --schedule; do
    for path in excl.json link.json ./excl.json "$tmp/at/excl.json" hard.json ../at/link.json; do
        typed run excl.json $option "$path" --dir "$tmp/dir"
        kept "run $option $path" "$path: it is read or written by this command already"
    done
done
rm "$tmp/at/link.json" "$tmp/at/hard.json"
typed run . --junit excl.json --dir "$tmp/dir"
kept "a file of the directory" "excl.json: it is read or written"
ln -s excl.json "$tmp/at/link.json"
typed run excl.json --resume journal --html journal --dir "$tmp/dir"
kept "a page over the journal" "journal: it is read or written"
rm -f "$tmp/at/journal"
typed run excl.json --html new --junit new --dir "$tmp/dir"
kept "two outputs into one file" "new: it is read or written"
typed pin excl.json --property "$property" --out link.json --dir "$tmp/dir"
kept "pin --out" "link.json is there already, and stays as it is"
typed run excl.json --resume journal --shard 1/1 --dir "$tmp/dir"
cp "$tmp/at/journal" "$tmp/journal"
for path in journal excl.json; do
    typed merge journal --junit $path --dir "$tmp/dir"
    kept "merge --junit $path" "$path: it is read or written"
done
result "the journal is as it was" "$(cmp "$tmp/journal" "$tmp/at/journal")"

# through NAME PATH: what the user named is there still, and of the same kind.
kind() { stat -c '%F %t,%T' "$1"; }
before=$(kind /dev/null)
typed run excl.json --html /dev/null --junit /dev/null --schedule /dev/null --dir "$tmp/dir"
result "a device is written through" "$([ $status -eq 0 ] && [ "$(kind /dev/null)" = "$before" ] || cat "$tmp/err")"
typed run excl.json --html /dev/full --dir "$tmp/dir"
result "a device that is full is told" "$([ $status -eq 3 ] && grep -q '^fsrace: /dev/full: No space left on device$' "$tmp/err" || echo "status $status: $(cat "$tmp/err")")"
mkfifo "$tmp/at/pipe"
timeout 20 cat "$tmp/at/pipe" >"$tmp/read" &
typed run excl.json --junit pipe --dir "$tmp/dir"
wait $!
result "a pipe is written through" "$([ $status -eq 0 ] && [ -p "$tmp/at/pipe" ] && grep -q '</testsuites>' "$tmp/read" || cat "$tmp/err")"
typed run excl.json --junit /dev/stdout --dir "$tmp/dir"
result "stdout has both, in their order" "$(awk '/all orders/ { text = NR } /<\/testsuites>/ { junit = NR } END { exit !(text && junit > text) }' "$tmp/out" || head -n 5 "$tmp/out")"
typed run excl.json --junit /dev/fd/1 --dir "$tmp/dir"
result "/dev/fd/1, too" "$(grep -q '</testsuites>' "$tmp/out" && grep -q 'executions:' "$tmp/out" || cat "$tmp/out")"

# Links are followed, modes are kept, and nothing is half.
ln -s ../to.html "$tmp/at/to.html"
typed run excl.json --html to.html --dir "$tmp/dir"
result "a link that leads nowhere is followed" "$([ -L "$tmp/at/to.html" ] && grep -q '</html>' "$tmp/to.html" || cat "$tmp/err")"
chmod 640 "$tmp/to.html"
echo old >"$tmp/to.html"
typed run excl.json --html to.html --dir "$tmp/dir"
result "a link is followed, and the mode is kept" "$([ -L "$tmp/at/to.html" ] && grep -q '</html>' "$tmp/to.html" && [ "$(stat -c %a "$tmp/to.html")" = 640 ] || stat "$tmp/to.html")"
(umask 077 && typed run excl.json --junit private.xml --dir "$tmp/dir")
result "what is new has the usual mode" "$([ "$(stat -c %a "$tmp/at/private.xml")" = 600 ] || stat "$tmp/at/private.xml")"
echo old >"$tmp/at/old.html"
(ulimit -f 8 && typed run excl.json --html old.html --dir "$tmp/dir" 2>/dev/null)
result "what cannot be written leaves what was there" "$([ "$(cat "$tmp/at/old.html")" = old ] || echo "it is changed")"
typed run excl.json --html at/none/x.html --dir "$tmp/dir"
result "a directory that is not there is told before anything runs" "$([ $status -eq 3 ] && [ ! -s "$tmp/out" ] || cat "$tmp/out")"

# What the dead have left is swept, what the living write is not.
echo dead >"$tmp/at/.fsrace-1-0.tmp"
echo alive >"$tmp/at/.fsrace-2-0.tmp"
exec 9<"$tmp/at/.fsrace-2-0.tmp"
flock 9
typed run excl.json --html swept.html --dir "$tmp/dir"
result "temporary files of the dead are swept" "$([ ! -e "$tmp/at/.fsrace-1-0.tmp" ] && [ -e "$tmp/at/.fsrace-2-0.tmp" ] || ls -A "$tmp/at")"
exec 9<&-
rm -f "$tmp/at/.fsrace-2-0.tmp"
result "no temporary file is left" "$(ls -A "$tmp/at" | grep '^\.fsrace')"
finish
