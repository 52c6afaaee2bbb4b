# Actor scenarios, drawn by seed, against a reference that knows the manual pages and nothing of our code (tests/reference/compare).
# make truth has more of them (tests/truth.d/reference).
. tests/lib.sh
must "build" build || finish
must "the reference has right what was once judged wrongly" python3 -B tests/reference/explore.py tests/reference/cases.json

# What the reference has from no manual page, it has from the kernel.
for file in tests/reference/kernel/*.c; do
    program=$(basename "$file" .c)
    mkdir "$tmp/store"
    must "build $program" ${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -o "$tmp/$program" "$file" &&
        must "the kernel: $program" "$tmp/$program" "$tmp/store"
    rm -rf "$tmp/store"
done

if must "2000 scenarios" tests/reference/compare --fsrace "$fsrace" --known tests/reference/known \
    --out build/check/differs; then
    told=$(tail -n 1 "$tmp/must")
    kinds=$(echo "$told" | sed -n 's/.* \([0-9]*\) kinds of results met.*/\1/p')
    result "$told" "$([ "${kinds:-0}" -ge 90 ] || echo "90 kinds of results or more were to be met")"
fi
must "the same seed draws the same scenarios" sh -c '
    for i in 1 2; do
        python3 -B -c "
import sys
sys.path.insert(0, \"tests/reference\")
from generate import scenario
print([scenario(3, n) for n in range(50)])" >"$0/drawn.$i" || exit 1
    done
    cmp "$0/drawn.1" "$0/drawn.2"' "$tmp"
finish
