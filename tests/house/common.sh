# What the scripts of this folder share: one line for each check, and an exit status. Sourced with the
# top folder as the current one after house_start.
# shellcheck shell=sh

house_failed=0

house_start() {
    cd "$(dirname "$0")/../.." || exit 1
    LC_ALL=C
    export LC_ALL
}

# house_line SENTENCE FINDINGS: passed when there are no findings.
house_line() {
    if [ -z "$2" ]; then
        echo "ok: $1"
    else
        echo "FAILED: $1"
        printf '%s\n' "$2" | sed 's/^/    /'
        house_failed=1
    fi
}

house_end() {
    exit $house_failed
}

# The project's files: what is committed or would be; without git, what lies there and is not made.
house_files() {
    git ls-files --cached --others --exclude-standard 2>/dev/null && return
    made=$(sed 's|/||g' .gitignore)
    find . -type f | sed 's|^[.]/||' | awk -F/ -v made="$made" '
        BEGIN { count = split(made, names, "\n"); while (count) skip[names[count--]] = 1 }
        !($1 in skip) && $1 != ".git"'
}

# C files with comments blanked and strings emptied: "FILE:LINE:TEXT".
house_code() {
    awk '
        FNR == 1 { inside = 0 }
        {
            line = $0
            text = ""
            while (line != "") {
                if (inside) {
                    end = index(line, "*/")
                    if (!end) break
                    line = substr(line, end + 2)
                    inside = 0
                } else if (substr(line, 1, 2) == "/*") {
                    inside = 1
                    line = substr(line, 3)
                } else if (substr(line, 1, 2) == "//") {
                    break
                } else if (match(line, /^"(\\.|[^"\\])*"/) || match(line, /^\047(\\.|[^\047\\])+\047/)) {
                    text = text "\"\""
                    line = substr(line, RLENGTH + 1)
                } else {
                    text = text substr(line, 1, 1)
                    line = substr(line, 2)
                }
            }
            print FILENAME ":" FNR ":" text
        }' "$@"
}
