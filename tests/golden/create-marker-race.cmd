tests/golden/create.json --format list --variant marker --order '[{"run": "i1", "through": "store.put_if_absent *"}, {"run": "i2"}]'
