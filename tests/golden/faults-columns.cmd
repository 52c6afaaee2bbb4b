tests/golden/faults.json --format columns
