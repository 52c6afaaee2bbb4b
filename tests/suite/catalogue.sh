# What the program says of itself in docs/comparison.md and scenarios/README.md is what it says now.
. tests/lib.sh
FSRACE=$fsrace docs/update "$tmp/new" >"$tmp/out" 2>&1
result "it can be made anew" "$([ $? -eq 0 ] || tail -n 3 "$tmp/out")"
for file in docs/comparison.md scenarios/README.md; do
    diff "$file" "$tmp/new/$file" >"$tmp/diff"
    result "$file is as \"make catalogue\" would write it" "$(head -n 20 "$tmp/diff")"
done
for file in scenarios/*.json; do
    name=$(basename "$file" .json)
    result "$name is in it" "$(grep -q "^### $name: " scenarios/README.md || echo "there is no section")"
done
finish
