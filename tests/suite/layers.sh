# Who may know whom, by what files include and by what their objects call.
. tests/lib.sh

build build/fsrace >/dev/null
result "arrows between rooms point left, and files call each other in no new circle" "$(python3 tests/rooms.py 2>&1 | head -n 10)"
result "nodes include no header of the system but of pure functions" \
    "$(grep -rn '#include <' nodes sim/workload | grep -vE '<(errno|stdio|stdlib|string|ctype|assert|stdbool|stddef|stdint|limits|stdarg|inttypes|fnmatch)\.h>')"

sources() {
    find "$@" -name '*.c' | sort
}

defined() { # by the objects of these layers
    for layer in "$@"; do
        for file in $(sources "$layer"); do
            nm -g --defined-only "build/${file%.c}.o"
        done
    done | awk 'NF == 3 { print $3 }'
}

pure='mem(cpy|move|set|cmp|chr)|str(cmp|ncmp|len|nlen|chr|rchr|str|spn|cspn|pbrk)|v?snprintf|free|qsort|bsearch|strto(l|ll|ul|ull|d)|isdigit|fnmatch'
compiler='__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__isoc99_.*|__(v?snprintf|mem(cpy|set|move)|str[a-z]*)_chk|__errno_location|__ctype_b_loc'

# calls FILES FILE-OF-ALLOWED-NAMES ALLOWED-PATTERN
calls() {
    for file in $1; do
        nm -u "build/${file%.c}.o" | awk -v o="$file" '{ print $2, o }'
    done | sort -u >"$tmp/used"
    awk -v pattern="^($3)$" 'NR == FNR { may[$1] = 1; next } !($1 in may) && $1 !~ pattern { print $2 " calls " $1 }' \
        "$2" "$tmp/used" | tr '\n' ' '
}

{
    defined base nodes sim/workload
    defined fsstore | grep -E '^(object|file|fs|fd|watch)_|^step_op_name$|^errno_name$|^port_(path_check|event_name)$'
} >"$tmp/nodes"
result "nodes call their world, the store, base, and pure functions" "$(calls "$(sources nodes sim/workload)" "$tmp/nodes" "world_.*|$pure|$compiler")"

# One user of threads; files are touched through the port only.
for file in $(sources base fsstore nodes sim); do
    nm -u "build/${file%.c}.o" | awk -v o="$file" '{ print $2, o }'
done >"$tmp/all"
result "threads: sim/exec/executor.c only" "$(awk '$1 ~ /^(pthread|sem)_/ && $1 != "pthread_once" && $2 != "sim/exec/executor.c" { print $2 " calls " $1 }' "$tmp/all")"
result "file calls: fsstore/port/, base/infile.c, base/intree.c, base/outfile.c, and sim/explore/parallel/journal.c" \
    "$(awk '$1 ~ /^(open|openat|renameat.*|unlinkat|mkdirat|linkat|inotify_.*|fsync|getdents64|fstatat.*)$/ &&
        $2 !~ /^fsstore\/port\/|^sim\/program\/|^base\/(infile|intree|outfile)\.c$|^sim\/explore\/parallel\/journal\.c$/ { print $2 " calls " $1 }' "$tmp/all")"
result "no chance that is not recorded" "$(awk '$1 ~ /^(s?rand|random|drand48|getrandom|rand_r|arc4random.*)$/ { print $2 " calls " $1 }' "$tmp/all")"
finish
