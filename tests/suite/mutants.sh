# Bugs that were put in have to be found. tests/mutants/NAME.patch says in its head what is wrong, and then
#     find: a command, which has to succeed with the program as it is, and to fail with the patched one,
#     says: what has to be in its output then (a regular expression).
# In the command, $fsrace and $unit are the program and the suites; $determinism, $model_diff, $swap, $small, $clusters, $commute, $control the programs of tests/*.c.
# Names may be given.
. tests/lib.sh
: "${CC:=gcc}" "${CFLAGS:=-O1}"
sources=$(find base fsstore nodes sim -name '*.c' ! -path 'sim/cli/*')
unit_objects=$(find tests/unit -name '*.c' | sed 's|^|build/|; s|c$|o|')
swap_objects="build/tests/swap.o build/tests/generate.o build/tests/kinds.o build/tests/playback.o build/tests/thing_names.o"
clusters_objects="build/tests/clusters.o build/tests/duel.o build/tests/generate.o build/tests/kinds.o"
small_objects="build/tests/small.o build/tests/duel.o build/tests/generate.o build/tests/kinds.o"
control_objects="build/tests/control.o build/tests/duel.o build/tests/generate.o build/tests/kinds.o"
commute_objects="build/tests/commute.o build/tests/commute_stage.o build/tests/kinds.o build/tests/thing_names.o"
compile="$CC -std=c11 -D_GNU_SOURCE -pthread $CFLAGS"

# objects OF-THESE-FILES...: the patched ones where there are such.
objects() {
    for source in "$@"; do
        object=${source%.c}.o
        [ -f "$tmp/$object" ] && echo "$tmp/$object" || echo "build/$object"
    done
}

# build_patched NAME: into $tmp; only what the patch touches is compiled.
build_patched() {
    rm -rf "$tmp/src" "$tmp/base" "$tmp/fsstore" "$tmp/nodes" "$tmp/sim"
    touched=$(sed -n 's|^+++ b/||p' "tests/mutants/$1.patch")
    for file in $touched; do
        mkdir -p "$tmp/src/$(dirname "$file")" "$tmp/$(dirname "$file")"
        cp "$file" "$tmp/src/$file" || return
    done
    patch -s -p1 -d "$tmp/src" <"tests/mutants/$1.patch" || return
    for file in $touched; do
        $compile -I"$tmp/src" -I. -c -o "$tmp/${file%.c}.o" "$tmp/src/$file" || return
    done
    # shellcheck disable=SC2046,SC2086
    case "$find" in
    *'$unit'*) $compile -o "$tmp/unit" $(objects $sources) $unit_objects build/bench/literature.o -lcjson -lboost_context -lcunit -lm ;;
    *'$determinism'*) $compile -o "$tmp/determinism" $(objects $sources) build/tests/determinism.o -lcjson -lboost_context -lm ;;
    *'$model_diff'*) $compile -o "$tmp/model_diff" $(objects $sources) build/tests/model_diff.o build/tests/model_diff_play.o -lcjson -lboost_context -lm ;;
    *'$clusters'*) $compile -o "$tmp/clusters" $(objects $sources) $clusters_objects -lcjson -lboost_context -lm ;;
    *'$small'*) $compile -o "$tmp/small" $(objects $sources) $small_objects -lcjson -lboost_context -lm ;;
    *'$control'*) $compile -o "$tmp/control" $(objects $sources) $control_objects -lcjson -lboost_context -lm ;;
    *'$commute'*) $compile -o "$tmp/commute" $(objects $sources) $commute_objects -lcjson -lboost_context -lm ;;
    *'$swap'*) $compile -o "$tmp/swap" $(objects $sources) $swap_objects -lcjson -lboost_context -lm ;;
    *) $compile -o "$tmp/fsrace" $(objects $sources $(ls sim/cli/*.c)) -lcjson -lboost_context -lm ;;
    esac
}

# found DIRECTORY-OF-THE-PROGRAM
found() {
    (
        fsrace=$1/fsrace unit=$1/unit determinism=$1/determinism model_diff=$1/model_diff swap=$1/swap small=$1/small clusters=$1/clusters commute=$1/commute control=$1/control
        eval "$find"
    ) >"$tmp/out" 2>&1
}

[ $# -gt 0 ] || set -- $(ls tests/mutants/*.patch | sed 's|.*/||; s|\.patch$||')
for name in "$@"; do
    find=$(sed -n 's/^find: //p' "tests/mutants/$name.patch")
    says=$(sed -n 's/^says: //p' "tests/mutants/$name.patch")
    if ! build_patched "$name" >"$tmp/out" 2>&1; then
        bad "$name" "the patch fits no more, or does not compile; put the bug into the code as it is now:"
        tell "$tmp/out"
    elif found "$tmp"; then
        bad "$name" "it is not found: $find"
        tell "$tmp/out"
    elif ! grep -qE -- "$says" "$tmp/out"; then
        bad "$name" "it is found, but nothing says \"$says\":"
        tell "$tmp/out"
    elif ! found build; then
        bad "$name" "without it, too, this fails: $find"
        tell "$tmp/out"
    else
        ok "$name"
    fi
done
finish
