tests/reduction/pause-wakes-late.json --variant for-90s-free --order '[{"run":"A","until":"fs.rename lock index"},{"run":"B","until":"fs.rename lock index"},{"run":"A"}]'
