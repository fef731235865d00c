#!/bin/sh
# What packages.sh says is missing on a machine that has only what is put there: no apt.
set -u
packages=$PWD/$1
bin=$TEST_TMPDIR/bin
failures=0

# program NAME "LINES": puts a program there.
program() {
    printf '#!/bin/sh\n%s\n' "$2" > "$bin/$1"
    chmod +x "$bin/$1"
}

# expect NAME STATUS "WHAT IT SAYS" ARGUMENT...
expect() {
    name=$1 status=$2 said=$3
    shift 3
    got_said=$(env -u BAZEL_REAL PATH="$bin" "$packages" "$@" 2>&1)
    got=$?
    if [ "$got" = "$status" ] && [ "$got_said" = "$said" ]; then return; fi
    echo "FAILED $name: status $got, expected $status; '$got_said', expected '$said'"
    failures=$((failures + 1))
}

mkdir -p "$bin"
for name in sh dirname ls sed; do ln -s "$(command -v $name)" "$bin/$name"; done
program bazel ""
program clang-19 "exit 1"
program ld.lld-19 ""
program python3 ""
runtimes="set-up: missing: clang 19's sanitizer runtimes (compiler-rt)"
coverage="set-up: missing: LLVM 19's llvm-cov-19"
format="set-up: missing: clang-format 19, under the name clang-format-19"

expect "nothing is missing" 0 "" test //...
expect "a configuration" 1 "$runtimes" test --config=asan //...
expect "a configuration in two words" 1 "$runtimes" test --config asan //...
expect "another's argument" 0 "" run //:x -- --x--config=asan
expect "all that is missing" 1 "$runtimes
$coverage
$format" run --config=tsan //tools:coverage //tools:format
program python3 '[ "$1" != --version ] || echo Python 3.9.2
exit 1'
expect "an old Python" 1 \
    "set-up: python3 is Python 3.9.2; Python 3.11 or later is needed" test //...
rm "$bin/ld.lld-19"
expect "a linker, and an old Python" 1 \
    "set-up: missing: lld 19, under the name ld.lld-19
set-up: python3 is Python 3.9.2; Python 3.11 or later is needed" test //...

exit "$failures"
