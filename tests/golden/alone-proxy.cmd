tests/golden/alone.json --format list --variant proxy --order '[]'
