tests/golden/alone.json --format list --variant registry --order '[]'
