# The C files are as clang-format leaves them (make format).
. tests/lib.sh
make -s format-check >"$tmp/out" 2>&1
sed -n 's/^\([^: ]*\):[0-9]*:[0-9]*: error:.*/\1/p' "$tmp/out" | sort -u | tr '\n' ' ' >"$tmp/files"
result "make format changes nothing" "$(cat "$tmp/files")"
finish
