tests/golden/create.json --variant marker --order '[{"run": "i1"}, {"run": "q1/watch"}, {"run": "i2"}]'
