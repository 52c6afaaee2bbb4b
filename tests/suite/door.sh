# What a contributor is told to type works.
. tests/lib.sh
result "make help: every target that it names is there" "$(make -s help | sed -n 's/^make \([a-z_.]\{1,\}\).*/\1/p' | while read -r target; do
    make -n "$target" >/dev/null 2>&1 || echo "not $target"
done)"
result "and every target is named" "$(sed -n 's/^\.PHONY: //p' Makefile | tr ' ' '\n' | grep -vE '^(all|clean|format-check|help)$' | while read -r target; do
    make -s help | grep -q "^make $target " || echo "not $target"
done)"
must "make lint: the rules of the code" python3 tests/lint.py
must "make unit SUITE=" make -s unit SUITE=rng
must "make compile_commands.json" make -s compile_commands.json &&
    must "which is JSON, with a line for each file" python3 -c '
import json, os
for row in json.load(open("compile_commands.json")):
    assert os.path.exists(row["file"]) and "-I." in row["arguments"], row'
result "one version" "$("$fsrace" --version | grep -qx "fsrace $(sed -n 's/#define FSRACE_VERSION "\(.*\)"/\1/p' sim/cli/version.h)" || echo "$("$fsrace" --version)")"

# A warning does not stop a plain build, comes again with the next one, and stops a check.
mkdir "$tmp/tree"
ln -s "$PWD"/* "$tmp/tree"
rm "$tmp/tree/base" "$tmp/tree/build"
mkdir "$tmp/tree/base"
ln -s "$PWD"/base/* "$tmp/tree/base"
echo 'static int nobody_calls_this;' >"$tmp/tree/base/warns.c"
one() { make -s -C "$tmp/tree" "$@" build/base/warns.o 2>&1; }
one >"$tmp/first" || bad "a plain build goes on with a warning" "status $?"
result "a plain build shows a warning" "$(grep -q 'nobody_calls_this' "$tmp/first" || cat "$tmp/first")"
result "and shows it again" "$(one | grep -q 'nobody_calls_this' || echo "it says nothing")"
result "a check fails" "$(one WERROR=1 >/dev/null && echo "it does not")"

# What CONTRIBUTING and the glossary name is there. NAME stands for what is to be added.
result "files that are named are there" "$(cat CONTRIBUTING.md docs/glossary.md | grep -oE '`[a-z.]+/[a-zA-Z0-9_./{}-]*`' | tr -d '`' | grep -v NAME | sort -u | while read -r path; do
    [ -e "$path" ] || [ "${path#build/}" != "$path" ] || [ "$path" = .github/ ] || echo "not $path"
done)"
result "words of the code that the glossary names are there" "$(grep -oE '`(struct|enum) [a-z_]+`|`[a-z_]+\(\)`|`[A-Z_]+[A-Z]`' docs/glossary.md | tr -d '`()' | sort -u | while read -r word; do
    grep -rqwE "$word" base fsstore nodes sim --include='*.h' || echo "not $word"
done)"
finish
