tests/golden/faults.json --format perfetto
