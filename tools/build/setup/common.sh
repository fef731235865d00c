# shellcheck shell=sh
# What every step of the set-up shares. Sourced, never run. Expects $workspace.

# Downloads and everything made from them; safe to delete, made anew when missing.
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tensor-course

say() { echo "set-up: $*" >&2; }

die() {
    say "$*"
    exit 1
}

# quietly COMMAND...: runs it, and shows its output only if it fails.
quietly() {
    mkdir -p "$cache"
    if "$@" > "$cache/log" 2>&1; then return 0; fi
    say "failed: $*"
    tail -n 20 "$cache/log" >&2
    return 1
}

# Waits until no other set-up writes to the cache; no other does until we end.
lock_cache() {
    mkdir -p "$cache"
    command -v flock > /dev/null || return 0
    exec 9> "$cache/lock"
    flock 9
}

# Is this Debian itself? Others have its programs, but not its archive.
is_debian() { [ "$(. /etc/os-release 2> /dev/null && echo "${ID:-}")" = debian ]; }

# has_sha256 FILE SUM
has_sha256() { [ "$(sha256sum < "$1" | cut -d ' ' -f 1)" = "$2" ]; }
