tests/golden/faults.json --format plantuml
