tests/golden/files.json --format list --variant posix --order '[{"run": "n", "through": "watch.add *"}, {"run": "w", "through": "fs.create d/b"}, {"run": "r"}]'
