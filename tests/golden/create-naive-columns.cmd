tests/golden/create.json --variant naive --order '[{"run": "i1", "until": "store.put *"}, {"run": "i2"}]'
