# What the parts of the test suite share. A part is a script in tests/suite/: it starts with `. tests/lib.sh`, says one line for
# each test, and ends with `finish`. It is run from the top of the tree, by tests/run.sh or by hand.
# shellcheck shell=sh disable=SC2034

part=$(basename "$0" .sh)
passed=0
failed=0
fsrace=${FSRACE:-build/fsrace}
mkdir -p build/check
tmp=$(mktemp -d "$PWD/build/check/$part.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

ok() {
    passed=$((passed + 1))
    echo "ok $part: $1"
}

# bad NAME REASON...
bad() {
    failed=$((failed + 1))
    name=$1
    shift
    echo "FAIL $part: $name: $*"
}

skip() {
    name=$1
    shift
    echo "skip $part: $name: $*"
}

# The end of a file, as more of the reason.
tell() {
    tail -n "${2:-15}" "$1" | sed 's/^/    | /'
}

# must NAME COMMAND...: the command has to succeed; what it prints is told if it does not.
must() {
    what=$1
    shift
    if "$@" >"$tmp/must" 2>&1; then
        ok "$what"
    else
        bad "$what" "status $? of: $*"
        tell "$tmp/must"
        return 1
    fi
}

# Parts run side by side, and some want the same things made. A warning is an error here.
build() {
    flock build/check/making make WERROR=1 "$@"
}

# result NAME REASON: ok if there is no reason why not.
result() {
    if [ -z "$2" ]; then
        ok "$1"
    else
        bad "$1" "$2"
    fi
}

# slice PROGRAM FIELD LEAST WANT NAME ARGUMENTS...: no kind of difference that is not in tests/PROGRAM.known; and so much was tried: FIELD of
# what it says last is LEAST or more, else that WANT.
slice() {
    program=$1 field=$2 least=$3 want=$4 name=$5
    shift 5
    must "$name" "build/$program" -v -k "tests/$program.known" "$@" || return
    told=$(tail -n 1 "$tmp/must")
    result "$name: $told" "$(echo "$told" | awk -v field="$field" -v least="$least" -v want="$want" '$field < least { print least " " want }')"
}

# The counts of another program's last line, "N passed, N failed", are added to ours.
add_counts() {
    counts=$(tail -n 1 "$1")
    case "$counts" in
    *[0-9]" passed, "[0-9]*" failed")
        passed=$((passed + ${counts%% *}))
        counts=${counts#*, }
        failed=$((failed + ${counts%% *}))
        ;;
    *)
        bad "$2" "did not come to its end; it last said:"
        tell "$1"
        ;;
    esac
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}

# refused NAME WORDS ARGUMENTS...: fsrace says so in one line that has the words, with status 3.
refused() {
    name=$1 words=$2
    shift 2
    "$fsrace" "$@" >"$tmp/told" 2>"$tmp/err"
    status=$?
    result "refused: $name" "$([ $status -eq 3 ] && [ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -qF -- "$words" "$tmp/err" ||
        echo "status $status: $(head -n 2 "$tmp/err")")"
}
