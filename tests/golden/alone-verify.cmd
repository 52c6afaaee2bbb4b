tests/golden/alone.json --format list --variant verify --order '[]'
