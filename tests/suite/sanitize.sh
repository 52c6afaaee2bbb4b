# Under AddressSanitizer and UndefinedBehaviorSanitizer: the suites, a pass over each scenario, the command line tests.
. tests/lib.sh
bin=build/address-undefined
export ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1 UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
must "build" build SAN=address,undefined $bin/fsrace $bin/unit || finish

$bin/unit >"$tmp/out" 2>&1
grep '^FAIL' "$tmp/out"
add_counts "$tmp/out" "suites"

# 2: the budget was too small to know. What matters is that no sanitizer ends it.
for file in scenarios/*.json tests/golden/*.json tests/reduction/*.json; do
    $bin/fsrace run "$file" --budget 40 --witness >"$tmp/out" 2>&1
    status=$?
    case $status in
    0 | 2) ok "run $file" ;;
    *) bad "run $file" "status $status" && tell "$tmp/out" 40 ;;
    esac
done

for part in cli errors ci golden pictures; do
    FSRACE=$bin/fsrace sh tests/suite/$part.sh >"$tmp/out" 2>&1
    grep -A 15 '^FAIL' "$tmp/out" | sed "s/^FAIL/FAIL $(basename "$0" .sh): with sanitizers:/"
    add_counts "$tmp/out" $part
done
finish
