tests/golden/faults.json --format shiviz
