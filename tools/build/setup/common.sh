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

# has_sha256 FILE SUM
has_sha256() { [ "$(sha256sum < "$1" | cut -d ' ' -f 1)" = "$2" ]; }
