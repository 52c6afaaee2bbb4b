# Ctrl-C, and its relatives, in the middle of a long run: it ends, says how far it came, and leaves nothing behind.
. tests/lib.sh

# start ARGUMENTS...: comes back when it is at work. The signal goes to fsrace itself: a `timeout` that is signalled before it knows
# its child would end, and leave the child running.
start() {
    timeout -s KILL 100 sh -c 'echo $$ >"$0"; exec "$@"' "$tmp/pid" "$fsrace" "$@" --dir "$tmp/dir" >"$tmp/out" 2>"$tmp/err" &
    guard=$!
    while [ -z "$(ls -A "$tmp/dir")" ] && kill -0 $guard 2>/dev/null; do :; done
}

# interrupt NAME SIGNAL STATUS ARGUMENTS...
interrupt() {
    name=$1 signal=$2 want=$3
    shift 3
    mkdir "$tmp/dir"
    start "$@"
    kill -"$signal" "$(cat "$tmp/pid")"
    wait $guard
    status=$?
    if [ $status -ne "$want" ]; then
        bad "$name" "status $status, not $want"
        tell "$tmp/err"
    elif [ -n "$(ls -A "$tmp/dir")" ]; then
        bad "$name" "it leaves $(ls -A "$tmp/dir")"
    else
        ok "$name"
    fi
    rm -rf "$tmp/dir"
}

for signal in HUP INT QUIT TERM; do
    case $signal in
    HUP) number=1 ;;
    QUIT) number=3 ;;
    INT) number=2 ;;
    TERM) number=15 ;;
    esac
    interrupt "run, SIG$signal" $signal $((128 + number)) run tests/cli/long.json
    result "run, SIG$signal: says how far it came" \
        "$(grep -q '^fsrace: interrupted in long, default, after [0-9]* executions$' "$tmp/err" || head -n 3 "$tmp/err")"
    result "run, SIG$signal: says what is known by then" "$(grep -q 'outcomes*, undecided: interrupted (' "$tmp/err" || head -n 3 "$tmp/err")"
done
interrupt "run --json, SIGINT" INT 130 run tests/cli/long.json --json
interrupt "run of sampled orders, SIGINT" INT 130 run tests/cli/long.json --runs 1000000000
interrupt "stress, SIGINT" INT 130 stress tests/golden/lock.json --runs 1000000000

# Twice: at once, and still tidy.
mkdir "$tmp/dir"
start run tests/cli/long.json
kill -INT "$(cat "$tmp/pid")"
kill -INT "$(cat "$tmp/pid")" 2>/dev/null
wait $guard
status=$?
result "twice" "$([ $status -eq 130 ] && [ -z "$(ls -A "$tmp/dir")" ] || echo "status $status, and there is $(ls -A "$tmp/dir")")"

# Where nothing looks at the signal, in the opening of a pipe that nobody reads: over within a second or so.
mkfifo "$tmp/pipe"
timeout -s KILL 100 sh -c 'echo $$ >"$0"; exec "$@"' "$tmp/pid" "$fsrace" run tests/golden/lock.json --html "$tmp/pipe" >"$tmp/out" 2>"$tmp/err" &
guard=$!
sleep 0.5
kill -TERM "$(cat "$tmp/pid")"
wait $guard
status=$?
result "SIGTERM while a pipe waits for its reader" "$([ $status -eq 143 ] || echo "status $status")"
(ulimit -f 8; "$fsrace" run tests/golden/create.json --html "$tmp/page.html" >"$tmp/out" 2>"$tmp/err")
status=$?
result "a file that is as long as it may be" "$([ $status -eq 3 ] && grep -q 'page.html: File too large' "$tmp/err" && [ -z "$(ls -A "$tmp" | grep '^\.fsrace')" ] || echo "status $status: $(cat "$tmp/err")")"

# Killed: the next run removes what is left, but neither what is kept nor what is in use.
rm -rf "$tmp/dir"
mkdir "$tmp/dir"
start run tests/cli/long.json
kill -KILL "$(cat "$tmp/pid")"
wait $guard 2>/dev/null
left=$(ls -A "$tmp/dir")
"$fsrace" run tests/golden/lock.json --dir "$tmp/dir" --keep >"$tmp/out" 2>&1
kept=$(ls -A "$tmp/dir")
result "killed, and swept by the next run" "$([ -n "$left" ] && [ "$(echo "$kept" | wc -l)" -eq 1 ] && [ "$left" != "$kept" ] || echo "left $left, kept $kept")"
start run tests/cli/long.json
"$fsrace" run tests/golden/lock.json --dir "$tmp/dir" >"$tmp/out" 2>&1
result "what is kept or in use is not swept" "$([ "$(ls -A "$tmp/dir" | wc -l)" -eq 2 ] && [ -d "$tmp/dir/$kept" ] || ls -A "$tmp/dir")"
kill -TERM "$(cat "$tmp/pid")"
wait $guard
rm -rf "$tmp/dir"
mkdir "$tmp/dir"

# Nobody reads any more.
(
    "$fsrace" run tests/golden/create.json tests/golden/files.json --dir "$tmp/dir" 2>"$tmp/err"
    echo $? >"$tmp/status"
) | head -n 1 >/dev/null
result "the reader went away: nothing is left" "$(ls -A "$tmp/dir")"
finish
