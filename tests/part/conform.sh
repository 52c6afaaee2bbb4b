# The port in memory against the kernel: sequences of random calls, played on both.
. tests/lib.sh
must "build" build build/conform || finish

# conform NAME ARGUMENTS...: no difference, and enough different answers that it means something.
conform() {
    name=$1
    shift
    must "$name" build/conform "$@" || return
    answers=$(sed -n 's/.* \([0-9]*\) different answers$/\1/p' "$tmp/must")
    result "$name: $answers different answers" "$([ "${answers:-0}" -ge 60 ] || echo "60 or more were to be seen")"
}
conform "on a file system in memory" -n 6000
conform "on the one that has this tree" -n 1500 -s 2 -d "$tmp"
finish
