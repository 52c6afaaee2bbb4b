tests/golden/alone.json --format list --variant hybrid-registry --order '[]'
