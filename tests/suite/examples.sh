# The examples in headers compile, and each header by itself.
. tests/lib.sh
result "headers and their examples compile" "$(python3 tests/examples.py "${CC:-cc}" $(find base fsstore nodes sim -name '*.h' | sort) 2>"$tmp/count")"
result "there are examples" "$(awk '$1 < 30 { print "only " $1 }' "$tmp/count")"
finish
