tests/golden/lock.json --format list --order '[{"run": "q1", "through": "lock.take app"}, {"run": "i1"}, {"run": "q1/rpc1"}]'
