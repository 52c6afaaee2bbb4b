# Another compiler, with its own warnings as errors; and what it makes, works.
. tests/lib.sh
must "no warning" build CC=clang build/clang/fsrace build/clang/unit build/clang/determinism &&
    must "runs" build/clang/fsrace run tests/reduction/excl.json
finish
