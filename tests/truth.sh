#!/bin/sh
# make truth: the checks of what "all orders" rests on, as a whole: every script of tests/truth.d, or those that are named, one after
# the other. An hour in all; `make check` has a slice of each. A script is run from the top of the tree, and fails by its status. One
# that has a line "# chunks: N" is run N times, with 1 to N as its argument. What has passed is remembered in build/truth, for this
# very tree: a run that was broken off goes on where it was.
set -u
cd "$(dirname "$0")/.." || exit 1
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MAKELEVEL

# The commit, and what has been changed since.
tree=$({ git rev-parse HEAD && git status --porcelain -uall && git diff HEAD; } 2>/dev/null | cksum | tr ' ' -)
done_dir=build/truth/$tree
mkdir -p "$done_dir"
passed=0
failed=0
remembered=0
start=$(date +%s)

# one NAME CHUNK OF
one() {
    stamp=$done_dir/$1.$2
    log=build/truth/$1.$2.log
    if [ -e "$stamp" ]; then
        passed=$((passed + 1))
        remembered=$((remembered + 1))
        return
    fi
    began=$(date +%s)
    if "tests/truth.d/$1" "$2" >"$log" 2>&1; then
        passed=$((passed + 1))
        : >"$stamp"
        word=ok
    else
        failed=$((failed + 1))
        word=FAIL
    fi
    now=$(date +%s)
    echo "$word $1, $2 of $3: $(tail -n 1 "$log") ($((now - began)) s; $(((now - start) / 60)) min in all)"
    [ $word = ok ] || tail -n 40 "$log" | sed 's/^/    | /'
}

# shellcheck disable=SC2046  # names have no blanks
[ $# -gt 0 ] || set -- $(ls tests/truth.d)
for name in "$@"; do
    chunks=$(sed -n 's/^# chunks: //p' "tests/truth.d/$name")
    chunk=0
    while [ $((chunk += 1)) -le "${chunks:-1}" ]; do
        one "$name" $chunk "${chunks:-1}"
    done
done
[ $remembered -eq 0 ] || echo "$remembered had passed before, with this tree"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
