tests/golden/life.json --format list --variant deletion
