#!/bin/sh
# bazel run //tools:lint             looks over all files of ours
# bazel run //tools:lint -- FILE...  only over these C++ files
# C++ is looked at by clang-tidy (for what is in .clang-tidy), Bazel's files by
# buildifier, scripts by shellcheck. Changes nothing; fails if one has something to say.
set -eu
cd "$BUILD_WORKSPACE_DIRECTORY"
status=0

. tools/build/checks/ours.sh

# C++: with the commands and BMIs that editors use. Kernels are looked at for one SIMD
# target, since their source is the same for all.
tools/build/editor/compile_commands.sh
# Without the list of targets that are off: clang-tidy would want parentheses in it.
mkdir -p .cache/lint
sed '/-DHWY_DISABLED_TARGETS=/d' compile_commands.json \
    > .cache/lint/compile_commands.json
if [ $# = 0 ]; then
    # shellcheck disable=SC2046  # no name of ours has a blank
    set -- $(ours '*.cc' '*.cppm')
fi
echo "clang-tidy: $# files"
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 clang-tidy-19 --quiet \
    --warnings-as-errors="*" \
    --extra-arg=-UHWY_COMPILE_ALL_ATTAINABLE --extra-arg=-DHWY_COMPILE_ONLY_STATIC \
    --extra-arg=-Wno-unused-command-line-argument -p .cache/lint 2> /dev/null ||
    status=1

# Bazel's: buildifier of this machine, or of the npm registry.
version=8.2.1
buildifier=$(command -v buildifier || true)
if [ -z "$buildifier" ]; then
    folder=${XDG_CACHE_HOME:-$HOME/.cache}/tensor-course/buildifier-$version
    buildifier=$folder/node_modules/.bin/buildifier
    [ -x "$buildifier" ] ||
        npm install --silent --prefix "$folder" "@bazel/buildifier@$version"
fi
# Not asked: Bazel 4 to 7 have the rules for C++, Python and shell inside; macros here
# are given the name of the rule that they add to; functions are told of in sentences.
echo "buildifier: $(ours WORKSPACE '*.bazel' '*.BUILD' '*.bzl' | wc -l) files"
native=-native-cc-binary,-native-cc-common,-native-cc-info,-native-cc-library
native=$native,-native-cc-test,-native-cc-toolchain,-native-py
native=$native,-native-sh-binary,-native-sh-test
names=-duplicated-name,-positional-args
docstrings=-function-docstring-args,-function-docstring-return
ours WORKSPACE '*.bazel' '*.BUILD' '*.bzl' |
    xargs "$buildifier" -mode=check -lint=warn \
        -warnings="$native,$names,$docstrings" || status=1

echo "shellcheck: $(ours '*.sh' | wc -l) files"
ours '*.sh' | xargs shellcheck --severity=warning --external-sources \
    --source-path=SCRIPTDIR tools/bazel .ci/run || status=1
exit "$status"
