# What is called independent is independent: two neighbouring steps change places, and nothing else changes (tests/swap.c). A slice; the
# whole is tests/truth.d/swap.
. tests/lib.sh
must "build" build build/swap || finish

slice swap 3 50000 "swaps or more were to be made" "every scenario that there is" -n 100 scenarios/*.json tests/golden/*.json tests/reduction/*.json tests/mutants/*.json
slice swap 3 200000 "swaps or more were to be made" "generated ones" -n 16 -g 10000
slice swap 3 2000 "swaps or more were to be made" "on the directory" -n 2 -d "$tmp" -g 300 scenarios/*.json
finish
