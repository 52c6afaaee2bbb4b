# A short run of each fuzz target, with sanitizers, over the scenarios and over files that are wrong.
. tests/lib.sh
bin=build/address-undefined
for file in tests/fuzz/fuzz_*.c; do
    target=$(basename "$file" .c)
    must "build $target" build SAN=address,undefined $bin/"$target" &&
        must "$target" $bin/"$target" -n "${FUZZ:-20000}" scenarios/*.json tests/cli/bad/*.json
done
finish
