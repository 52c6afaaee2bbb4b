# Directories that cannot hold a store: full, read-only, not ours. Each is told with its name, status 3. Mounts need a namespace of
# our own.
. tests/lib.sh

mkdir "$tmp/mount" "$tmp/dir"
unshare -rm true 2>/dev/null || {
    skip "full and read-only directories" "no mount namespace is allowed here"
    finish
}

# mounted OPTIONS COMMAND: the command runs with $tmp/mount mounted so.
mounted() {
    unshare -rm sh -c "mount -t tmpfs -o '$1' none '$tmp/mount' && cd '$PWD' && $2" >"$tmp/out" 2>"$tmp/err"
    status=$?
}
# told NAME WORDS
told() {
    if [ $status -ne 3 ]; then
        bad "$1" "status $status, not 3: $(tail -n 1 "$tmp/err")"
    elif [ "$(wc -l <"$tmp/err")" -ne 1 ] || ! grep -q "^fsrace: .*$2" "$tmp/err"; then
        bad "$1" "it should say \"$2\" on one line, but says: $(cat "$tmp/err")"
    elif [ -s "$tmp/out" ]; then
        bad "$1" "it says on stdout: $(head -n 1 "$tmp/out")"
    else
        ok "$1"
    fi
}

run="$fsrace run tests/golden/create.json --variant marker --dir '$tmp/mount'"
mounted size=64k "$run"
result "a small one is enough" "$([ $status -eq 0 ] || cat "$tmp/err")"
mounted size=64k "head -c 100000 /dev/zero >'$tmp/mount/fill' 2>/dev/null; $run"
told "full" "has no space left"
mounted size=64k,nr_inodes=12 "$run"
told "full of files, in the middle of a run" "No space left on device"
mounted size=64k,nr_inodes=12 "$run; ls -A '$tmp/mount' >&2; exit 3"
result "nothing is left there" "$(sed 1d "$tmp/err")"
mounted ro "$run"
told "read-only" "read-only"
mounted size=64k "mkdir '$tmp/mount/d' && chmod 500 '$tmp/mount/d' && setpriv --bounding-set=-all --inh-caps=-all $fsrace run tests/golden/create.json --dir '$tmp/mount/d'"
case "$(cat "$tmp/err")" in
*setpriv*) skip "not ours" "capabilities cannot be dropped here" ;;
*) told "not ours" "not writable" ;;
esac
$fsrace run tests/golden/create.json --dir /proc >"$tmp/out" 2>"$tmp/err"
status=$?
told "/proc" "/proc"
unshare -rm sh -c "ulimit -n 5; $fsrace run tests/golden/create.json --dir '$tmp/dir'" >"$tmp/out" 2>"$tmp/err"
status=$?
told "too few descriptors" "limit allows (ulimit -n)"
finish
