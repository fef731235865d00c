#!/bin/sh
# Installs, through apt, the programs that are missing; elsewhere says what is.
#   packages.sh ARGUMENTS-OF-BAZEL...
set -eu
setup=$(cd "$(dirname "$0")" && pwd)
. "$setup/common.sh"

# The arguments between blanks, with each configuration in one word.
arguments=$(printf ' %s' "$@" | sed 's/ --config / --config=/g')
# asked_for BEGINNING...: does an argument begin so?
asked_for() {
    for beginning in "$@"; do
        case $arguments in *" $beginning"*) return 0 ;; esac
    done
    return 1
}

packages=
# need PACKAGE WHAT: notes that something is missing.
need() {
    packages="$packages $1"
    command -v apt-get > /dev/null || say "missing: $2"
}

if [ -z "${BAZEL_REAL:-}" ] && ! command -v bazel > /dev/null; then
    need bazel-bootstrap "Bazel 4.2 to 7 (for instance bazelisk, under the name bazel)"
fi
command -v clang-19 > /dev/null || need clang-19 "clang 19, under the name clang-19"
command -v ld.lld-19 > /dev/null || need lld-19 "lld 19, under the name ld.lld-19"
command -v python3 > /dev/null || need python3 "Python 3.11 or later"
if asked_for --config=asan --config=tsan --config=fuzz --config=coverage; then
    runtime=$(clang-19 -print-runtime-dir 2> /dev/null || echo /nowhere)
    # One of the two folders is there.
    ls "$runtime"/*tsan* > /dev/null 2>&1 ||
        ls "${runtime%/*}"/linux/*tsan* > /dev/null 2>&1 ||
        need libclang-rt-19-dev "clang 19's sanitizer runtimes (compiler-rt)"
fi
if asked_for --config=aarch64; then
    ls /usr/lib/gcc-cross/aarch64-linux-gnu/*/libstdc++.so > /dev/null 2>&1 ||
        need g++-aarch64-linux-gnu "Debian's g++-aarch64-linux-gnu, for its libraries"
    command -v qemu-aarch64 > /dev/null ||
        need qemu-user "QEMU's emulator of programs, under the name qemu-aarch64"
fi
if asked_for //tools:coverage; then
    command -v llvm-cov-19 > /dev/null || need llvm-19 "LLVM 19's llvm-cov-19"
fi
if asked_for //tools:lint; then
    command -v clang-tidy-19 > /dev/null ||
        need clang-tidy-19 "clang-tidy 19, under the name clang-tidy-19"
    command -v shellcheck > /dev/null || need shellcheck "shellcheck"
    command -v buildifier > /dev/null || command -v npm > /dev/null ||
        need npm "buildifier, or npm to install it"
fi
if asked_for //tools:format; then
    command -v clang-format-19 > /dev/null ||
        need clang-format-19 "clang-format 19, under the name clang-format-19"
fi
# One that is there but too old is not for us to replace.
if command -v python3 > /dev/null &&
    ! python3 -ISc 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    die "python3 is $(python3 --version 2>&1); Python 3.11 or later is needed"
fi
[ -n "$packages" ] || exit 0
command -v apt-get > /dev/null || exit 1

as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null ||
        die "missing packages; run as root: apt-get install$packages"
    as_root=sudo
fi

install() {
    # shellcheck disable=SC2086  # a list of words
    quietly $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -y -q --no-install-recommends install $packages
}
say "installing$packages (apt-get; 1 to 2 minutes)"
quietly $as_root apt-get -q update || say "apt-get update failed; trying to go on"
# An installation that was interrupted is finished first.
quietly $as_root dpkg --configure -a || say "dpkg --configure failed; trying to go on"
install || die "could not install$packages"
