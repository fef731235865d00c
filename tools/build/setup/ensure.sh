#!/bin/sh
# Makes sure that everything a build needs is there; takes milliseconds when it is.
#   ensure.sh ARGUMENTS-OF-BAZEL...
# Installs packages through apt, and otherwise writes only to a cache folder and to
# .bazelrc.local, which tells Bazel where in the cache things are.
set -eu
setup=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$setup/../../.." && pwd)
. "$setup/common.sh"

# Changes with everything that the result depends on.
key=$(cat "$setup"/* "$workspace"/third_party/*/library.BUILD | sha256sum |
    cut -c 1-16)
settings=$workspace/.bazelrc.local

is_current() {
    [ -r "$settings" ] || return 1
    read -r first < "$settings"
    [ "$first" = "# Written by tools/build/setup for $key" ] || return 1
    # Each line of settings ends in a folder of the cache; someone may have cleared it.
    sed -n 's/^build .*=\(.*\)"$/\1/p' "$settings" | while read -r folder; do
        [ -d "$folder" ] || exit 1
    done
}

"$setup/packages.sh" "$@"
if is_current; then exit 0; fi

lock_cache

overrides=
if is_debian; then
    if ! overrides=$("$setup/debian.sh"); then
        # Not recorded as done: the next run tries again.
        say "Debian's archive did not serve; Bazel will download from upstream"
        rm -f "$settings"
        exit 0
    fi
fi
{
    echo "# Written by tools/build/setup for $key"
    for command in build query fetch; do
        echo "$overrides" | sed -n "s/..*/$command \"--override_repository=&\"/p"
    done
} > "$settings.new"
mv "$settings.new" "$settings"
