tests/golden/lock.json --order '[{"run": "q1", "through": "lock.take app"}, {"run": "i1"}, {"run": "q1/rpc1"}]'
