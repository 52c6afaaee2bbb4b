# Completion of fsrace for bash. Commands, options and formats are what `fsrace --words` tells.
_fsrace() {
    local words cur=$2 prev=$3 command=${COMP_WORDS[1]} IFS=$' \t\n'

    words() { # words KIND COLUMN
        "${COMP_WORDS[0]}" --words 2>/dev/null |
            awk -F '\t' -v kind="$1" -v column="$2" -v command="$command" \
                '$1 == kind && (kind == "command" || $2 == command) { print $column }'
    }
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words="$(words command 2) --help --version"
    elif [ "$prev" = --format ]; then
        words=$(words format 3)
        [ -n "$words" ] || words="text markdown json"
    elif [ "$prev" = --backend ]; then
        words="dir model both"
    elif [ "$prev" = --variant ]; then
        local file
        for file in "${COMP_WORDS[@]}"; do
            [ -f "$file" ] && words="$words $("${COMP_WORDS[0]}" list "$file" 2>/dev/null | sed -n 's/^  //p')"
        done
    elif [ "${cur:0:1}" = - ]; then
        words="$(words option 3) --help"
    else
        mapfile -t COMPREPLY < <(compgen -d -S / -- "$cur"; compgen -f -X '!*.@(json|html|xml)' -- "$cur")
        compopt -o nospace 2>/dev/null
        return
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _fsrace fsrace
