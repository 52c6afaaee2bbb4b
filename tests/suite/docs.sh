# What the documentation tells people to type works: each line of a ```sh block, or of an indented one, that starts with build/fsrace,
# make or mkdir, in a copy of the tree without its build and its history. A comment with "status N" says how it is to end, else 0.
. tests/lib.sh

# A block behind <!-- file: NAME --> is written to that file first.
commands() { # "file:line<tab>command", lines that end in \ joined
    awk -v dir="$tmp" 'FNR == 1 { inside = 0 }
         /^<!-- file: / { name = $3; block = dir "/block" ++blocks; next }
         name && /^```/ { if (inside == 3) { print FILENAME ":" FNR "\tinstall -D -m 644 " block " " name; name = ""; inside = 0 }
                          else inside = 3; next }
         inside == 3 { print > block; next }
         /^```/ { inside = inside ? 0 : /^```(sh|bash|console|shell) *$/ ? 1 : 2; next }
         inside == 1 || (!inside && /^    /) || line {
             if (!line) at = FNR
             line = line $0
             if (sub(/\\$/, "", line)) next
             sub(/^ *([$] )?/, "", line)
             if (line ~ /^(build\/fsrace|make|mkdir)( |$)/) print FILENAME ":" at "\t" line
             line = ""
         }' "$@"
}

docs=$(ls README.md docs/*.md 2>/dev/null)
[ -n "$docs" ] || {
    skip "commands" "there is no README.md yet"
    finish
}
# shellcheck disable=SC2086
commands $docs >"$tmp/commands"
top=$PWD
mkdir "$tmp/tree"
tar -c --exclude=./build --exclude=./.git . | tar -x -C "$tmp/tree"
cd "$tmp/tree" || exit 1
must "a copy without history builds" make -j 2 all || finish
DESTDIR=$tmp/installed
export DESTDIR

tab=$(printf '\t')
while IFS=$tab read -r where command; do
    case "$command" in
    "make check"* | "make demo"* | "build/fsrace run scenarios/") continue ;; # other parts of these tests
    esac
    want=$(printf '%s\n' "$command" | sed -n 's/.*#.*status \([0-9][0-9]*\).*/\1/p')
    sh -c "$command" >"$tmp/out" 2>&1 </dev/null
    status=$?
    [ $status -eq "${want:-0}" ] && ok "$where: $command" || {
        bad "$where: $command" "status $status, not ${want:-0}"
        tell "$tmp/out"
    }
done <"$tmp/commands"
cd "$top" || exit 1
finish
