# The same choices give the same story: twice in one process, and in another process on another file system, whose directories
# list in another order, and with a thread for each task.
. tests/lib.sh
files=$(echo scenarios/*.json tests/golden/*.json)
elsewhere=/dev/shm
[ -d $elsewhere ] && [ -w $elsewhere ] || elsewhere=${TMPDIR:-/tmp}
# shellcheck disable=SC2086  # lists of files
must "twice in one process" sh -c "build/determinism -d $elsewhere $files >'$tmp/one'" || finish
# shellcheck disable=SC2086
must "twice in another" sh -c "build/determinism -n 25 -d '$tmp' $files >'$tmp/two'" || finish
# shellcheck disable=SC2086
must "with threads" sh -c "build/determinism -t -n 5 -d $elsewhere $files >>'$tmp/two'" || finish
awk 'NR == FNR { story[$1, $2, $3] = $4; next }
     story[$1, $2, $3] != $4 { print $1 ", " $2 ": seed " $3 " tells another story"; bad = 1; exit }
     END { exit bad }' "$tmp/one" "$tmp/two" >"$tmp/differ"
result "in other processes, on two file systems, with fibers and with threads" "$(cat "$tmp/differ")"
awk '{ n[$1 ", " $2]++ } END { for (v in n) print v ": " n[v] " executions" }' "$tmp/one" | sort >"$tmp/counts"
while read -r line; do
    ok "$line, each told alike"
done <"$tmp/counts"
finish
