# The port in memory against the kernel: sequences of random calls, played on both.
. tests/lib.sh
must "build" build build/model_diff || finish

# model_diff NAME ARGUMENTS...: no difference, and enough different answers that it means something.
model_diff() {
    name=$1
    shift
    must "$name" build/model_diff "$@" || return
    answers=$(sed -n 's/.* \([0-9]*\) different answers$/\1/p' "$tmp/must")
    result "$name: $answers different answers" "$([ "${answers:-0}" -ge 60 ] || echo "60 or more were to be seen")"
}
model_diff "on a file system in memory" -n 6000
model_diff "on the one that has this tree" -n 1500 -s 2 -d "$tmp"
finish
