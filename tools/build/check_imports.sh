#!/bin/sh
# Compares the imports of C++ sources with the modules that a target's deps declare.
#   check_imports.sh RESULT TARGET MODULE|- DECLARED,BY,DEPS SOURCE...
# Writes the list of imports to RESULT. When one is not served, says which target to
# add and fails, so that nobody has to read the compiler's message about a missing BMI.
set -eu
result=$1 target=$2 module=$3 declared=$4
shift 4

awk -v target="$target" -v module="$module" -v declared="$declared" '
# The label that declares a module, by the convention of this repository.
function label(name, path) {
    path = name
    if (path == "tensor") return "//modules:tensor"
    if (sub(/^tensor\./, "", path)) return "//modules/" path
    return "the target whose module_name is \"" name "\""
}
BEGIN {
    count = split(declared, names, ",")
    for (i = 1; i <= count; i++) known[names[i]] = 1
    if (module != "-") known[module] = 1
}
# `import name;` and `export import name;`. Partitions (`import :part;`) and header
# units (`import <header>;`) do not start with a letter: they are not our concern.
/^[ \t]*(export[ \t]+)?import[ \t]+[A-Za-z_][A-Za-z0-9_.]*[ \t]*;/ {
    name = $0
    sub(/^[ \t]*(export[ \t]+)?import[ \t]+/, "", name)
    sub(/[ \t]*;.*/, "", name)
    print name
    if (name in known) next
    printf "%s:%d: module \047%s\047 is imported but not in deps of %s: add %s\n",
        FILENAME, FNR, name, target, label(name) > "/dev/stderr"
    failed = 1
}
# A module declaration must say what the BUILD file says.
/^[ \t]*(export[ \t]+)?module[ \t]+[A-Za-z_][A-Za-z0-9_.:]*[ \t]*;/ {
    name = $0
    sub(/^[ \t]*(export[ \t]+)?module[ \t]+/, "", name)
    sub(/[:; \t].*/, "", name)
    if (name == module) next
    printf "%s:%d: declares module \047%s\047, but module_name of %s is \047%s\047\n",
        FILENAME, FNR, name, target, module > "/dev/stderr"
    failed = 1
}
END { exit failed }
' "$@" > "$result"
