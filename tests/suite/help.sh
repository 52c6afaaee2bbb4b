# What helps when there is nobody to ask: --help of every command, manual pages, completion. All of them know what `fsrace --words`
# tells, which is the program's own tables.
. tests/lib.sh
"$fsrace" --words >"$tmp/words"
commands=$(awk -F '\t' '$1 == "command" { print $2 }' "$tmp/words")
result "there are commands" "$([ "$(echo "$commands" | wc -l)" -ge 5 ] || echo "$commands")"

# --- --help ---
for command in $commands; do
    "$fsrace" "$command" --help >"$tmp/help" 2>&1
    result "$command --help: an example of it" "$(grep -q "^example: .*fsrace $command" "$tmp/help" || cat "$tmp/help")"
    awk -F '\t' -v c="$command" '$1 == "option" && $2 == c { print $3 }' "$tmp/words" >"$tmp/options"
    result "$command --help: its options" "$(while read -r option; do
        grep -q -- "^  $option " "$tmp/help" || echo "not $option"
    done <"$tmp/options")"
    # One letter wrong: what was meant is said.
    while read -r option; do
        "$fsrace" "$command" "${option}x" nowhere 2>&1 | grep -qF "did you mean $option" || echo "$command ${option}x"
    done <"$tmp/options" >"$tmp/unknown"
    result "$command: near options" "$(cat "$tmp/unknown")"
    "$fsrace" "${command}x" 2>&1 | grep -qF "did you mean \"$command\"" && ok "${command}x: did you mean $command" ||
        bad "${command}x" "$("$fsrace" "${command}x" 2>&1)"
done

# --- manual pages ---
make -s "$(dirname "$fsrace")/fsrace.1" >"$tmp/out" 2>&1 || bad "fsrace.1" "$(cat "$tmp/out")"
page=$(dirname "$fsrace")/fsrace.1
if command -v mandoc >/dev/null; then
    for file in "$page" docs/man/fsrace-scenario.5; do
        result "$file: nothing to complain of" "$(mandoc -T lint "$file" 2>/dev/null | grep -v 'referenced manual not found')"
    done
else
    skip "manual pages" "there is no mandoc"
fi
result "fsrace.1: every option" "$(awk -F '\t' '$1 == "option" { print $3 }' "$tmp/words" | sort -u | while read -r option; do
    grep -q -- "^.It Fl ${option#-}" "$page" || echo "not $option"
done)"
result "fsrace-scenario.5: every key of a file" "$(python3 - <<'END'
import json
schema = json.load(open("docs/scenario.schema.json"))
page = open("docs/man/fsrace-scenario.5").read()
items = " ".join(line for line in page.split("\n") if line.startswith(".It Li")).replace(",", " ").split()
for key in schema["properties"]:
    if key not in items:
        print(key)
END
)"

# --- completion ---
mkdir "$tmp/bin"
ln -s "$(realpath "$fsrace")" "$tmp/bin/fsrace"
PATH="$tmp/bin:$PATH"
completed() { # what bash offers behind these words, the last of which is being typed
    bash -c '
        . share/fsrace.bash
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _fsrace "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | sort
}
echo "$commands" | sort >"$tmp/want"
completed fsrace "" | grep -v "^--" >"$tmp/got"
result "bash: commands" "$(diff "$tmp/want" "$tmp/got")"
for command in $commands; do
    awk -F '\t' -v c="$command" '$1 == "option" && $2 == c { print $3 } END { print "--help" }' "$tmp/words" | sort >"$tmp/want"
    completed fsrace "$command" -- >"$tmp/got"
    result "bash: options of $command" "$(diff "$tmp/want" "$tmp/got")"
done
result "bash: a command that is begun" "$([ "$(completed fsrace rep)" = replay ] || completed fsrace rep)"
result "bash: formats" "$([ "$(completed fsrace replay x.json --format mer)" = mermaid ] || completed fsrace replay x.json --format mer)"
result "bash: variants" "$([ "$(completed fsrace run tests/golden/create.json --variant p)" = proxy ] || completed fsrace run tests/golden/create.json --variant p)"
result "bash: files" "$([ "$(completed fsrace run tests/golden/cre)" = tests/golden/create.json ] || completed fsrace run tests/golden/cre)"
if command -v zsh >/dev/null; then
    must "zsh reads its own" zsh -n share/_fsrace
    zsh -f -c '
        words=(fsrace run --) CURRENT=3 PREFIX=--
        _describe() { print -l -- ${(P)2} }
        compadd() { print -l "$@" }
        _files() { : }
        . share/_fsrace' >"$tmp/got" 2>&1
    result "zsh: options of run" "$(awk -F '\t' '$1 == "option" && $2 == "run" { print $3 ":" $5 }' "$tmp/words" | diff - "$tmp/got")"
else
    skip "zsh" "there is none"
fi
finish
