# The reduced search against the control, which has sleep sets and merged states and nothing else (tests/control.c): same verdicts, same
# outcomes, same number of classes. A slice; the whole is tests/truth.d/control.
. tests/lib.sh
must "build" build build/control || finish

slice control 1 200 "scenarios or more were to be run" "every scenario that there is" -m 1500 scenarios/*.json tests/golden/*.json tests/reduction/*.json
slice control 1 1000 "scenarios or more were to be run" "generated ones" -m 800 -g 1600
finish
