tests/golden/faults.json --format jsonl
