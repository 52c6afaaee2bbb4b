tests/golden/create.json --format list --variant proxy --order '[{"run": "i1", "through": "net.send *"}, {"run": "i2"}]'
