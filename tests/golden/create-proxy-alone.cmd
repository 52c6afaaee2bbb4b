tests/golden/create.json --format list --variant proxy --order '[{"run": "i1"}, {"run": "q1/watch"}, {"run": "i2"}]'
