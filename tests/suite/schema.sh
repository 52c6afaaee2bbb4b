# The loader, docs/scenario.schema.json and docs/scenario-format.md know the same words, and the schema takes every scenario that
# the loader takes. What the loader refuses for its shape alone the schema refuses, too.
. tests/lib.sh
python3 -c 'import jsonschema' 2>/dev/null || {
    skip "schema" "there is no python3-jsonschema"
    finish
}
refused=
for name in unknown-key wrong-type no-version later-version unknown-role; do
    refused="$refused tests/cli/bad/$name.json"
done
agree() {
    # shellcheck disable=SC2086
    python3 tests/schema.py scenarios/*.json scenarios/programs/*.json tests/golden/*.json tests/reduction/*.json --refused $refused
}
must "loader, schema, reference and scenarios" agree
finish
