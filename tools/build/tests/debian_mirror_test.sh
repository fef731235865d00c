#!/bin/sh
# Which of apt's lists debian_mirror.sh takes, and which it passes over.
set -u
mirror=$PWD/$1
cd "$TEST_TMPDIR" || exit 1
mkdir -p apt/sources.list.d
failures=0

# expect NAME LINE: what it prints first for `trixie`, of the list files that are there.
expect() {
    got=$("$mirror" trixie apt | head -n 1)
    rm -f apt/sources.list apt/sources.list.d/*
    [ "$got" != "$2" ] || return 0
    echo "FAILED $1: '$got', expected '$2'"
    failures=$((failures + 1))
}

echo "deb http://a/debian stable main" > apt/sources.list
expect "a line" "deb http://a/debian trixie main"

echo "deb [ arch=amd64 signed-by=/k.gpg ] http://a/debian stable main" \
    > apt/sources.list
expect "a line with options" "deb [signed-by=/k.gpg] http://a/debian trixie main"

cat > apt/sources.list << 'E2'
deb cdrom:[Debian GNU/Linux 12.5.0 _Bookworm_ - Official amd64 NETINST]/ stable main
deb http://a/debian-security stable-security main
deb http://a/debian stable main contrib
E2
expect "no disc" "deb http://a/debian trixie main"

cat > apt/sources.list.d/a.sources << 'E2'
Types: deb
URIs: http://off/debian
Suites: stable
Components: main
Enabled: no

Types: deb deb-src
URIs: http://on/debian
Suites: stable stable-updates
Components: main
Enabled: yes
Signed-By: /k.gpg
E2
expect "a paragraph that is enabled" \
    "deb [signed-by=/k.gpg] http://on/debian trixie main"

cat > apt/sources.list.d/a.sources << 'E2'
Enabled: no
Types: deb
URIs: http://off/debian
Suites: stable
Components: main
E2
expect "nothing" ""

exit "$failures"
