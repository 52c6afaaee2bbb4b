tests/golden/alone.json --format list --variant naive --order '[]'
