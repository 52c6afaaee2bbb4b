# The reduced search against the control, which has sleep sets and merged states and nothing else (tests/control.c): same verdicts, same
# outcomes, same number of classes. A slice; the whole is tests/truth.d/control.
. tests/lib.sh
must "build" build build/control || finish

# control NAME LEAST ARGUMENTS...: no kind of difference that is not in tests/control.known, in so many scenarios at least.
control() {
    name=$1 least=$2
    shift 2
    must "$name" build/control -v -k tests/control.known "$@" || return
    told=$(tail -n 1 "$tmp/must")
    result "$name: $told" "$(echo "$told" | awk -v least="$least" '$1 < least { print least " scenarios or more were to be run" }')"
}
control "every scenario that there is" 200 -m 1500 scenarios/*.json tests/golden/*.json tests/reduction/*.json
control "generated ones" 1000 -m 800 -g 1600
finish
