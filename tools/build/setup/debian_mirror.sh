#!/bin/sh
# Prints an apt list for another suite of the Debian mirror that this system uses.
#   debian_mirror.sh SUITE [APT]
# Reads both of apt's formats: lines (deb [options] URI suite components...) and
# paragraphs (Types:, URIs:, Suites:, Components:, Signed-By:, Enabled:), in the folder
# APT (/etc/apt).
set -eu
apt=${2:-/etc/apt}
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")

# An empty line after each file ends a paragraph.
for file in "$apt/sources.list" "$apt"/sources.list.d/*.list \
    "$apt"/sources.list.d/*.sources; do
    if [ -r "$file" ]; then cat "$file"; fi
    echo
done | awk -v wanted="$1" -v codename="$codename" '
# A list of the distribution itself: not another vendor, not -updates or -security, no
# disc (cdrom:[its name with blanks]/).
function offer(uri, suites, components, key) {
    if (found || !uri || uri ~ /^cdrom:/ || (" " components " ") !~ / main /) return
    if ((" " suites " ") !~ (" (" codename "|stable|testing|unstable|sid) ")) return
    key = key ~ /^\// ? "[signed-by=" key "] " : ""
    printf "deb %s%s %s main\n", key, uri, wanted
    printf "deb-src %s%s %s main\n", key, uri, wanted
    found = 1
}
/^deb[ \t]/ {
    key = ""
    if (match($0, /^deb[ \t]+\[[^]]*\]/)) {
        options = substr($0, 1, RLENGTH - 1)
        sub(/^[^[]*\[/, "", options)
        $0 = "deb" substr($0, RLENGTH + 1)
        count = split(options, option, " ")
        for (i = 1; i <= count; i++)
            if (sub(/^signed-by=/, "", option[i])) key = option[i]
    }
    components = ""
    for (i = 4; i <= NF; i++) components = components " " $i
    offer($2, $3, components " ", key)
}
/^[A-Za-z-]+:/ {
    name = tolower($1)
    value = $0
    sub(/^[^:]*:[ \t]*/, "", value)
    field[name] = value
}
/^[ \t]*$/ { end_paragraph() }
END {
    end_paragraph()
    if (!found) exit 1
}
function end_paragraph(uris) {
    enabled = tolower(field["enabled:"]) !~ /^(no|false|without|off|disable|0)[ \t]*$/
    if (enabled && (" " field["types:"] " ") ~ / deb /) {
        split(field["uris:"], uris, " ")
        offer(uris[1], field["suites:"], field["components:"], field["signed-by:"])
    }
    split("", field)
}'
