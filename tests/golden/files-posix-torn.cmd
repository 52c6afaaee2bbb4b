tests/golden/files.json --variant posix --order '[{"run": "w", "until": "fs.write d/b"}, {"run": "r"}, {"run": "w"}]'
