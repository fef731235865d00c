# shellcheck shell=sh disable=SC2154  # variables of common.sh and of the caller
# Reads Debian's archive without root and without touching the system's apt: lists and
# downloads are private. Sourced after common.sh; expects $setup.

# The release whose versions and sums are pinned.
suite=trixie
apt=$cache/apt

# private_apt WORDS...: apt-get with lists and a cache of our own.
private_apt() {
    quietly apt-get -q -o Dir::Etc::sourcelist="$apt/sources.list" \
        -o Dir::Etc::sourceparts=- -o Dir::State::lists="$apt/lists" \
        -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none "$@"
}

# Reads the archive's index, once, and only if something has to be fetched.
open_archive() {
    [ ! -e "$apt/ready" ] || return 0
    rm -rf "$apt"
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    "$setup/debian_mirror.sh" "$suite" > "$apt/sources.list" ||
        die "apt's lists name no Debian mirror"
    say "reading the index of Debian $suite"
    private_apt update
    touch "$apt/ready"
}

close_archive() { rm -rf "$apt"; }

# take PACKAGE PATH FILE: one file out of a package that need not be installed.
take() {
    if ! ls "$apt/$1"_*.deb > /dev/null 2>&1; then
        (cd "$apt" && private_apt download "$1")
    fi
    dpkg-deb --fsys-tarfile "$apt/$1"_*.deb | tar -xOf - "./$2" > "$3"
}
