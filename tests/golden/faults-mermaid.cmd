tests/golden/faults.json --format mermaid
