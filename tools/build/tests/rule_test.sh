#!/bin/sh
# What a student sees in Bazel itself: a small workspace with the real rule is built by
# the Bazel that runs this test, with one mistake at a time.
set -u
# The runfile is a link into the workspace.
root=$(cd "$(dirname "$(readlink -f "$1")")/../.." && pwd)
scratch=$TEST_TMPDIR/workspace
failures=0

mkdir -p "$scratch/tools" "$scratch/modules/early" "$scratch/modules/late"
cd "$scratch" || exit 1
ln -s "$root/tools/build" tools/build
ln -s "$root/third_party" third_party
cp "$root/WORKSPACE" "$root/.bazelrc" "$root/.bazeliskrc" .
export HOME="$TEST_TMPDIR"

# As in tools/bazel.
bazelrc=/dev/null
case $(bazel --version) in
*" "[67].*) bazelrc=$root/tools/build/bazel7.bazelrc ;;
esac

nested_bazel() {
    bazel --output_user_root="$TEST_TMPDIR/root" --max_idle_secs=60 \
        --bazelrc="$bazelrc" "$@" 2>&1
}
trap 'nested_bazel shutdown > /dev/null' EXIT

# module NAME "LINES OF ITS INTERFACE" "DEPS" VISIBILITY ["MORE ATTRIBUTES"]
module() {
    printf 'export module tensor.%s;\n%b\n' "$1" "$2" > "modules/$1/$1.cppm"
    cat > "modules/$1/BUILD.bazel" << E2
load("//tools/build:cc_modules.bzl", "cc_module_library")

cc_module_library(
    name = "$1",
    module_interfaces = ["$1.cppm"],
    module_name = "tensor.$1",
    visibility = ["$4"],
    deps = [$3],
    ${5:-}
)
E2
}

# expect NAME STATUS PATTERN: builds all modules.
expect() {
    output=$(nested_bazel build --subcommands //modules/...)
    status=$?
    if [ "$status" = "$2" ] && echo "$output" | grep -q "$3"; then return; fi
    echo "FAILED $1: status $status, expected $2 and '$3' in:"
    echo "$output"
    failures=$((failures + 1))
}

import='import tensor.early;\nexport int twice() { return 2 * one(); }'
module early 'export int one() { return 1; }' '' //visibility:public

module late "$import" '"//modules/early"' //visibility:public
expect "an import in deps builds" 0 "completed successfully"

module late "$import" '' //visibility:public
expect "an import without deps names the target to add" 1 \
    "'tensor.early' is imported but not in deps of //modules/late:late:\
 add //modules/early"

module early 'export int one() { return 1; }' '' //visibility:private
module late "$import" '"//modules/early"' //visibility:public
expect "visibility refuses the dependency that an import needs" 1 \
    "'//modules/early:early' is not visible from"

module early 'export int one();' '' //visibility:public \
    'srcs = ["early.cc"], textual_hdrs = ["near.h"], implementation_deps = [":far"]'
echo 'cc_library(name = "far", hdrs = ["far.h"])' >> modules/early/BUILD.bazel
cat > modules/early/early.cc << E2
module;
#include "modules/early/far.h"
#include "modules/early/near.h"
module tensor.early;
int one() { return far - near; }
E2
module late "$import" '"//modules/early"' //visibility:public
echo "constexpr int near = 1;" > modules/early/near.h
echo "constexpr int far = 2;" > modules/early/far.h
expect "a source includes headers that its interface does not see" 0 \
    "completed successfully"
for header in near far; do
    echo "// Edited." >> "modules/early/$header.h"
    expect "an edit of $header.h compiles the source" 0 \
        "'Compiling modules/early/early.cc'"
    case $output in
    *"Compiling module interface"*)
        echo "FAILED an edit of $header.h compiles an interface: $output"
        failures=$((failures + 1))
        ;;
    esac
done

exit "$failures"
