# The table of footprints, looked at directly: pairs of steps in small states, both ways (tests/commute.c). A slice; the whole is
# tests/truth.d/commute.
. tests/lib.sh
must "build" build build/commute || finish

# commute NAME LEAST ARGUMENTS...: no difference, in so many pairs of steps at least.
commute() {
    name=$1 least=$2
    shift 2
    must "$name" build/commute -v "$@" || return
    told=$(tail -n 1 "$tmp/must")
    result "$name: $told" "$(echo "$told" | awk -v least="$least" '$3 < least { print least " pairs of steps or more were to be tried" }')"
}
commute "on the model" 400000 -e 12 -o 7
commute "on the directory" 10000 -e 401 -o 7 -d "$tmp"
finish
