# Small clusters: what the reduced search finds is what the plain one finds, and so is what it finds when they are written otherwise
# (tests/clusters.c). A slice; the whole is tests/truth.d/clusters.
. tests/lib.sh
must "build" build build/clusters || finish
must "no difference that is not known" build/clusters -v -k tests/clusters.known -n 400 -m 3000 || finish
told=$(tail -n 1 "$tmp/must")
result "$told" "$(echo "$told" | awk '$1 < 400 { print "400 clusters were to be looked at" }')"
finish
