tests/golden/files.json --format list --variant posix --order '[{"run": "w", "until": "fs.write d/b"}, {"run": "r"}, {"run": "w"}]'
