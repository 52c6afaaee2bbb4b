tests/golden/create.json --format list --variant naive --order '[{"run": "i1"}, {"run": "q1/watch"}, {"run": "i2"}]'
