tests/golden/create.json --variant naive --order '[{"run": "i1"}, {"run": "q1/watch"}, {"run": "i2"}]'
