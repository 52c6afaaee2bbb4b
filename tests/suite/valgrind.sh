# Under valgrind: no bad access, nothing lost at the end.
. tests/lib.sh
grind() {
    name=$1 want=$2
    shift 2
    valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible \
        --error-exitcode=99 build/fsrace "$@" >"$tmp/out" 2>&1
    status=$?
    [ $status -eq "$want" ] && ok "$name" || {
        bad "$name" "status $status, not $want"
        grep -A 12 'lost\|Invalid\|uninit' "$tmp/out" | head -n 26 | sed 's/^/    | /'
    }
}

for scheme in naive proxy marker; do
    grind "run $scheme" 2 run tests/golden/create.json --variant $scheme --budget 5
done
grind "run, a witness" 0 run tests/reduction/excl.json --witness
grind "run on both backends" 0 run tests/reduction/excl.json --backend both
grind "run with threads" 0 run tests/reduction/excl.json --backend dir --threads
grind "replay" 0 replay tests/golden/create.json --variant naive --order '[{"run": "i1"}]'
grind "stress" 0 stress tests/golden/lock.json --runs 2
grind "check" 0 check scenarios
grind "a scenario that is not good" 3 run tests/cli/bad/unknown-key.json
finish
