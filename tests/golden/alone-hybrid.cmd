tests/golden/alone.json --format list --variant hybrid --order '[]'
