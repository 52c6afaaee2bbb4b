# Small scope: what the reduced search of a small scenario finds is what the plain one finds (tests/small.c). A slice; the whole is
# tests/truth.d/small.
. tests/lib.sh
must "build" build build/small || finish
must "no difference that is not known" build/small -v -k tests/small.known -e 61 -o 7 || finish
told=$(tail -n 1 "$tmp/must")
result "$told" "$(echo "$told" | awk '$1 < 10000 { print "10000 scenarios or more were to be run" }')"
finish
