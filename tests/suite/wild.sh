# Programs of Debian's packages, as they are: scenarios/programs/. Nothing may be found to be otherwise than expected; what is undecided
# because a verdict is a sample is no failure. A scenario whose programs are not installed is skipped.
. tests/lib.sh
mkdir "$tmp/dir"
for file in scenarios/programs/*.json; do
    name=$(basename "$file" .json)
    missing=$(python3 - "$file" <<'END'
import json, shutil, sys
binary = {"coreutils": "mkdir"}
for text in json.load(open(sys.argv[1]))["source"]:
    kind, _, program = text.partition(":")
    if kind == "program" and not shutil.which(binary.get(program, program), path="/usr/sbin:/usr/bin:/sbin:/bin"):
        print(program)
END
)
    if [ -n "$missing" ]; then
        skip "$name" "there is no $(echo $missing)"
        continue
    fi
    "$fsrace" run "$file" --allow-run --dir "$tmp/dir" >"$tmp/out" 2>"$tmp/err"
    status=$?
    if grep -q 'ptrace' "$tmp/err"; then
        skip "$name" "$(cat "$tmp/err")"
        continue
    fi
    result "$name" "$([ $status -eq 0 ] || [ $status -eq 2 ] || { echo "status $status"; cat "$tmp/err"; grep FAIL "$tmp/out"; })"
done

# A shortest order is the same each time, and replays.
"$fsrace" run scenarios/programs/sed-i.json --allow-run --witness --dir "$tmp/dir" >"$tmp/once" 2>&1
replay=$(sed -n 's/^  Replay: //p' "$tmp/once" | head -n 1)
for i in 1 2 3 4 5; do
    sh -c "$replay" >"$tmp/replay$i" 2>&1
    grep -q '^both_edits *is broken' "$tmp/replay$i" && cmp -s "$tmp/replay1" "$tmp/replay$i" || tell "$tmp/replay$i" 3
done >"$tmp/differs"
result "sed-i: the witness replays, byte by byte" "$(cat "$tmp/differs")"
result "nothing is left" "$(ls -A "$tmp/dir")"
finish
