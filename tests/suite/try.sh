# fsrace try, as it is typed: two programs, no scenario.
. tests/lib.sh
program=$(realpath "$fsrace")
mkdir "$tmp/at" "$tmp/dir" "$tmp/at/fixture"
cat >"$tmp/at/lock.sh" <<'END'
[ -e lock ] && exit 1
echo $NODE >lock
: <lock
END
printf 'old\n' >"$tmp/at/fixture/f"

# typed NAME STATUS ARGUMENT...: in $tmp/at
typed() {
    name=$1 want=$2
    shift 2
    (cd "$tmp/at" && "$program" try --dir "$tmp/dir" "$@") >"$tmp/out" 2>"$tmp/err" </dev/null
    status=$?
    result "$name: status $want" "$([ $status -eq "$want" ] || { echo "status $status"; tail -n 5 "$tmp/out" "$tmp/err"; })"
}
says() {
    result "$name: says \"$*\"" "$(grep -qF -- "$*" "$tmp/out" || tail -n 30 "$tmp/out")"
}
errs() {
    result "$name: $*" "$([ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -qF -- "$*" "$tmp/err" && [ ! -s "$tmp/out" ] || cat "$tmp/err")"
}
"$fsrace" doctor --dir "$tmp/dir" >"$tmp/doctor" 2>&1
status=$?
result "doctor: all that it looks at" "$([ $status -le 1 ] && [ "$(grep -cE '^(  ok|less|FAIL)  (ptrace|seccomp|namespaces|landlock|directory|memory|exec|inotify) ' "$tmp/doctor")" -eq 8 ] || cat "$tmp/doctor")"
"$fsrace" doctor --dir /nowhere >"$tmp/doctor" 2>&1
result "doctor: a directory that is not there" "$([ $? -eq 1 ] && grep -q 'Programs cannot be run here' "$tmp/doctor" || cat "$tmp/doctor")"
refused "doctor of a file" "doctor takes no file, found x" doctor x

# may: what this machine forbids is told, and the rest is skipped.
typed "a race" 1 'sh lock.sh' 'sh lock.sh' --at-most 1 --exit 0
grep -q 'ptrace\|namespace' "$tmp/err" && {
    skip "try" "$(cat "$tmp/err")"
    finish
}
says "sh lock.sh, 2 at once"
says "in the store: lock.sh"
says "FAIL  at_most            sometimes"
says "create lock"
says "A.exit = 0"
says "the same command with --save race.json writes it"
result "it fits a screen" "$([ "$(wc -l <"$tmp/out")" -le 50 ] || wc -l <"$tmp/out")"
result "nothing is left" "$(ls -A "$tmp/dir" "$tmp/at" | grep -v 'dir:$\|at:$\|^fixture$\|^lock.sh$' | grep .)"
typed "the same, byte by byte" 1 'sh lock.sh' 'sh lock.sh' --at-most 1 --exit 0
cp "$tmp/out" "$tmp/once"
typed "and again" 1 -n 2 'sh lock.sh' --at-most 1
result "the same" "$(diff "$tmp/once" "$tmp/out")"

typed "no race" 0 'mkdir lock' -n 2 --at-most 1
says "  ok  at_most            always     2 of 2 "
typed "nothing is asked" 0 'mkdir lock' -n 2
says "A.exit = 0, B.exit = 1, B.stderr = mkdir: cannot create directory"
typed "held" 1 'sh lock.sh' -n 2 --held 'fs.create lock..fs.open lock'
says "too many are inside after step"
typed "held by a lock" 0 'mkdir lock || exit 1; : >in; : <in' -n 2 --held 'fs.create in..fs.open in'
typed "what files come to" 0 'echo new >f' 'cat f' --in fixture --always 'content:f=new' --never 'not exists:f'
typed "never" 1 'echo new >f' 'cat f' --in fixture --never "content:f="
typed "a variable" 0 'echo $WHO' --env 'WHO=a b' --always "A.stdout=a b and A.exit=0 and A.stderr="
typed "a crash" 1 'echo 1 >a; echo 2 >b' --crash --always 'exists:b'
says "A.exit = SIGKILL"
typed "a sample" 1 'sh lock.sh' -n 2 --at-most 1 --runs 40 --seed 0x2
says "sampled"
typed "a budget" 2 'echo 1 >a; echo 2 >b; echo 3 >c; rm a' -n 3 --budget 3 --always 'A.exit!=9'
says "Not all orders were tried"

typed "without walls" 1 'sh lock.sh' -n 2 --at-most 1 --uncontained
says "--allow-run --uncontained --order"

# --- what is kept ---
typed "saved" 1 'sh lock.sh' -n 2 --at-most 1 --save mine.json --html page.html
says "mine.json has it"
result "there is a page" "$(grep -q 'sh lock.sh, 2 at once' "$tmp/at/page.html" || echo no)"
result "as a person would" "$(python3 - "$tmp/at/mine.json" <<'END'
import json, sys
s = json.load(open(sys.argv[1]))
if list(s) != ["fsrace", "name", "title", "cluster", "init", "properties", "expect"] or s["init"] != [{"copy": "lock.sh"}] or \
        s["cluster"]["nodes"]["B"] != {"role": "program", "run": ["sh", "lock.sh"]}:
    print(s)
END
)"
replay=$(sed -n 's/^  Replay: //p' "$tmp/out")
(cd "$tmp/at" && sh -c "$replay") >"$tmp/out" 2>"$tmp/err"
result "its replay breaks it" "$(grep -q '^at_most *is broken' "$tmp/out" || tail -n 5 "$tmp/out" "$tmp/err")"
(cd "$tmp/at" && "$program" run mine.json --allow-run) >"$tmp/out" 2>"$tmp/err"
result "run breaks it" "$([ $? -eq 1 ] || tail -n 5 "$tmp/out" "$tmp/err")"
(cd "$tmp/at" && "$program" run mine.json) >"$tmp/out" 2>"$tmp/err"
result "not unasked" "$([ $? -eq 3 ] && grep -q '^  A: sh lock.sh$' "$tmp/err" || tail -n 5 "$tmp/out" "$tmp/err")"
typed "it stays" 3 'sh lock.sh' -n 2 --save mine.json
errs "mine.json is there already, and stays as it is"

# --- slips ---
typed "a register that is none" 3 'sh lock.sh' --always 'A.exti=0'
errs "did you mean \"A.exit\"?"
typed "no comparison" 3 'sh lock.sh' --always '=0'
errs "nothing is compared with \"0\""
typed "no variable" 3 'sh lock.sh' --env 'A B=1'
errs "variable \"A B\""
typed "no points" 3 'sh lock.sh' --held 'fs.mkdir x'
errs "expected FROM..TO"
typed "too many" 3 'sh lock.sh' -n 17
errs "more than 16 programs"
typed "no number" 3 'sh lock.sh' -n x
errs "expected a number"
typed "no directory" 3 'sh lock.sh' --in nowhere
errs "nowhere"
typed "not beside" 3 'sh lock.sh' --in fixture --save "$tmp/dir/x.json"
errs "is not in its directory"
typed "no JSON" 3 'sh lock.sh' --save x
errs "a scenario's file ends in \".json\""
typed "a program that is not there" 3 ./nosuch
errs "fsrace: A: cannot run './nosuch': No such file or directory"
finish
