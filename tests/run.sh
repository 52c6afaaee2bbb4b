#!/bin/sh
# Runs the parts of the test suite (tests/suite/*.sh), or those that are named: tests/run.sh [PART...]. Two at a time, the long ones
# first. A part's last line is "N passed, N failed"; ours is their sum.
set -u
cd "$(dirname "$0")/.." || exit 1
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MAKELEVEL NO_COLOR

first="sanitize threads mutants fuzz docs"
logs=build/check/logs

order() {
    for part in $first; do
        echo "$part"
    done
    for file in tests/suite/*.sh; do
        part=$(basename "$file" .sh)
        case " $first " in *" $part "*) ;; *) echo "$part" ;; esac
    done
}

rm -rf "$logs"
mkdir -p "$logs"
if ! make -j 2 WERROR=1 all build/unit build/determinism build/model_diff build/swap build/small build/control build/clusters build/commute >"$logs/build" 2>&1; then
    cat "$logs/build"
    echo "FAIL build: it does not compile"
    echo "0 passed, 1 failed"
    exit 1
fi

# A log is shown as a whole when its part is over.
{ [ $# -gt 0 ] && printf '%s\n' "$@" || order; } |
    xargs -P "${JOBS:-2}" -I PART sh -c \
        'sh tests/suite/PART.sh >"$0/PART.log" 2>&1 || :; cat "$0/PART.log"' "$logs"

passed=0
failed=0
skipped=0
for log in "$logs"/*.log; do
    counts=$(tail -n 1 "$log")
    case "$counts" in
    *[0-9]" passed, "[0-9]*" failed")
        passed=$((passed + ${counts%% *}))
        counts=${counts#*, }
        failed=$((failed + ${counts%% *}))
        ;;
    *)
        echo "FAIL $(basename "$log" .log): the part broke off"
        failed=$((failed + 1))
        ;;
    esac
    skipped=$((skipped + $(grep -c '^skip ' "$log")))
done
echo
grep -h '^FAIL' "$logs"/*.log
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
