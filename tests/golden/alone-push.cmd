tests/golden/alone.json --format list --variant push --order '[]'
