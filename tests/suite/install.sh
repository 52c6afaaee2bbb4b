# make install puts a program where it is told, and that program works from there.
. tests/lib.sh
must "make install" build install DESTDIR="$tmp/root" PREFIX=/opt/race || finish
must "it runs" "$tmp/root/opt/race/bin/fsrace" run "$PWD/tests/reduction/excl.json"
for file in man/man1/fsrace.1 man/man5/fsrace-scenario.5 bash-completion/completions/fsrace zsh/site-functions/_fsrace \
    fsrace/scenario.schema.json fsrace/scenarios/dup-create.json doc/fsrace/README.md doc/fsrace/docs/scenario-format.md; do
    result "share/$file" "$([ -s "$tmp/root/opt/race/share/$file" ] || echo "it is not there")"
done
result "nothing outside PREFIX" "$(cd "$tmp/root" && find . -type f ! -path './opt/race/*')"
must "setup --help" ./setup --help
./setup nonsense >"$tmp/out" 2>&1
result "setup says what it knows" "$(grep -q 'setup run' "$tmp/out" || echo "it says: $(cat "$tmp/out")")"

# Where nothing is missing nothing is installed: an apt-get that would tell.
mkdir "$tmp/bin"
printf '#!/bin/sh\necho "$*" >>"%s/apt"\ncase "$*" in *update*) exit 0 ;; esac\nexit 1\n' "$tmp" >"$tmp/bin/apt-get"
printf '#!/bin/sh\nexit 0\n' >"$tmp/bin/make"
chmod +x "$tmp/bin/apt-get" "$tmp/bin/make"
must "setup test, nothing missing" env PATH="$tmp/bin:$PATH" ./setup test
must "setup run, nothing missing" env PATH="$tmp/bin:$PATH" ./setup run
result "no apt-get without need" "$(cat "$tmp/apt" 2>/dev/null)"

# Where something is missing: apt-get is asked for it, and its failure is told.
mkdir "$tmp/few"
for tool in sh dirname id make apt-get cat env nproc uname; do
    ln -s "$(PATH="$tmp/bin:$PATH" command -v $tool)" "$tmp/few/$tool"
done
PATH="$tmp/few" ./setup run >"$tmp/out" 2>&1 && bad "setup without gcc" "it succeeds" || ok "setup without gcc fails"
result "and names what it could not install" "$(grep -q 'could not install: gcc' "$tmp/out" || cat "$tmp/out")"
result "and tried" "$(grep -q 'install gcc' "$tmp/apt" || echo "apt-get was not called")"
rm "$tmp/few/apt-get"
PATH="$tmp/few" ./setup run >"$tmp/out" 2>&1
result "without apt-get it says what to install" "$(grep -q 'no apt-get' "$tmp/out" || cat "$tmp/out")"
finish
