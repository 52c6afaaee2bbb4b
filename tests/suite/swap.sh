# What is called independent is independent: two neighbouring steps change places, and nothing else changes (tests/swap.c). A slice; the
# whole is tests/truth.d/swap.
. tests/lib.sh
must "build" build build/swap || finish

# swap NAME LEAST ARGUMENTS...: no kind of difference that is not in tests/swap.known, in so many swaps at least.
swap() {
    name=$1 least=$2
    shift 2
    must "$name" build/swap -v -k tests/swap.known "$@" || return
    told=$(tail -n 1 "$tmp/must")
    result "$name: $told" "$(echo "$told" | awk -v least="$least" '$3 < least { print least " swaps or more were to be made" }')"
}
swap "every scenario that there is" 50000 -n 100 scenarios/*.json tests/golden/*.json tests/reduction/*.json tests/mutants/*.json
swap "generated ones" 200000 -n 16 -g 10000
swap "on the directory" 2000 -n 2 -d "$tmp" -g 300 scenarios/*.json
finish
