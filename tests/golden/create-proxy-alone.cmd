tests/golden/create.json --variant proxy --order '[{"run": "i1"}, {"run": "q1/watch"}, {"run": "i2"}]'
