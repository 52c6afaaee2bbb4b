# A short run of each fuzz target, with sanitizers, over the scenarios and over files that are wrong.
. tests/lib.sh
build=build/address-undefined
for file in tests/fuzz/fuzz_*.c; do
    target=$(basename "$file" .c)
    must "build $target" make SAN=address,undefined $build/"$target" &&
        must "$target" $build/"$target" -n "${FUZZ:-20000}" scenarios/*.json tests/cli/bad/*.json
done
finish
