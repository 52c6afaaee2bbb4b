tests/golden/files.json --variant object --order '[{"run": "n", "through": "watch.add *"}, {"run": "r", "through": "fs.create_excl *"}, {"run": "w"}]'
