tests/golden/alone.json --format list --variant marker --order '[]'
