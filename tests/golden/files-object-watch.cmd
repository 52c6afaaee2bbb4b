tests/golden/files.json --format list --variant object --order '[{"run": "n", "through": "watch.add *"}, {"run": "r", "through": "fs.create_excl *"}, {"run": "w"}]'
