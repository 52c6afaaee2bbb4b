# Pages of run --html in a real browser, headless Chromium.
. tests/lib.sh
if ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null; then
    skip "pages" "there is no chromium with chromedriver here (./setup test installs them)"
    finish
fi
must "pages are written" "$fsrace" run tests/browser/hostile.json tests/browser/large.json tests/browser/two-creators.json --html "$tmp/pages/" &&
    { timeout 120 python3 tests/browser/test.py "$tmp/pages" >"$tmp/out" 2>&1
    grep -E '^(ok|FAIL) ' "$tmp/out"
    add_counts "$tmp/out" "browser"; }
finish
