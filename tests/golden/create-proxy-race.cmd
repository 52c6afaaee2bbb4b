tests/golden/create.json --variant proxy --order '[{"run": "i1", "through": "net.send *"}, {"run": "i2"}]'
