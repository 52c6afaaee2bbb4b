#!/bin/sh
# commands.sh FSRACE <fsrace.1.in >fsrace.1: the manual page, with the version, commands and options that FSRACE itself tells of.
set -eu

# Text in mdoc: no line longer than 80, none that begins with a dot or a quote, no bare backslash.
commands() {
    "$1" --words | awk -F '\t' '
        function text(s,    out, at, i, n, w) {
            gsub(/\\/, "\\e", s)
            n = split(toupper(substr(s, 1, 1)) substr(s, 2) ".", w, " ")
            for (i = 1; i <= n; i++) {
                if (at + length(w[i]) > 76) { out = out "\n"; at = 0 }
                if (at == 0 && w[i] ~ /^[.\x27]/) out = out "\\&"
                out = out (at ? " " : "") w[i]
                at += length(w[i]) + 1
            }
            return out
        }
        function close_command() {
            if (options) print ".El"
            if (example) print ".Pp\nExample:\n.Pp\n.Dl " example
        }
        $1 == "command" {
            close_command()
            options = 0; example = $5
            gsub(/\\/, "\\e", example)
            print ".It Cm " $2 " Oo Ar option ... Oc" ($3 == "" ? "" : " Ar " $3) "\n" text($4)
        }
        $1 == "option" {
            if (!options++) print ".Bl -tag -width indent"
            sub(/^-/, "", $3)
            print ".It Fl " substr($3, 1) ($4 == "-" ? "" : " Ar " $4) "\n" text($5)
        }
        END { close_command() }'
}

while IFS= read -r line; do
    case "$line" in
    "@VERSION@") echo "This page is of $("$1" --version)." ;;
    @COMMANDS@) echo ".Bl -tag -width indent"; commands "$1"; echo ".El" ;;
    *) printf '%s\n' "$line" ;;
    esac
done
