# Under ThreadSanitizer: all tasks at once (stress), and one at a time.
. tests/lib.sh
bin=build/thread
export TSAN_OPTIONS=exitcode=99:second_deadlock_stack=1
must "build" build SAN=thread $bin/fsrace || finish

# ThreadSanitizer cannot map its memory where a kernel scatters addresses widely; without that scatter it can.
run=
$bin/fsrace --version >"$tmp/out" 2>&1 || ! grep -q 'unexpected memory mapping' "$tmp/out" || run="setarch -R"

for file in scenarios/*.json tests/golden/*.json tests/reduction/*.json; do
    timeout -s KILL 200 $run $bin/fsrace run "$file" --budget 20 >"$tmp/out" 2>&1
    status=$?
    case $status in
    0 | 2) ok "run $file" ;;
    *) bad "run $file" "status $status" && tell "$tmp/out" 40 ;;
    esac
    timeout -s KILL 200 $run $bin/fsrace run "$file" --budget 5 --threads >"$tmp/out" 2>&1
    status=$?
    case $status in
    0 | 2) ok "run $file, a thread for each task" ;;
    *) bad "run $file, a thread for each task" "status $status" && tell "$tmp/out" 40 ;;
    esac
    runs=50
    ! grep -q '"ingestor"' "$file" || runs=1 # on the real clock: a scan comes round once a second
    timeout -s KILL 60 $run $bin/fsrace stress "$file" --runs $runs >"$tmp/out" 2>&1
    status=$?
    if [ $status -eq 3 ] && grep -q 'cannot be stressed\|stress cannot' "$tmp/out"; then
        ok "stress $file is refused"
    elif [ $status -eq 0 ]; then
        ok "stress $file"
    else
        bad "stress $file" "status $status" && tell "$tmp/out" 40
    fi
done
finish
