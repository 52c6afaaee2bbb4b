tests/golden/create.json --format list --variant naive --order '[{"run": "i1", "until": "store.put *"}, {"run": "i2"}]'
