#!/bin/sh
# bazel run //tools:format             formats every C++ file of ours
# bazel run //tools:format -- --check  changes nothing; fails and names what it would
#                                      change, and what is longer than a page or line
set -eu
cd "$BUILD_WORKSPACE_DIRECTORY"

. tools/build/checks/ours.sh

if [ "${1:-}" != --check ]; then
    ours '*.cc' '*.cppm' '*.h' | xargs clang-format-19 -i
    exit
fi

status=0
ours '*.cc' '*.cppm' '*.h' | xargs clang-format-19 --dry-run --Werror || status=1
# Sources are read on paper too: 88 columns, and 300 lines but for BUILD files, which
# buildifier lays out.
ours '*.cc' '*.cppm' '*.h' '*.bzl' '*.bazel' '*.sh' '*.py' | xargs awk '
    length > 88 { print FILENAME ":" FNR ": longer than 88 columns"; bad = 1 }
    FNR == 301 && FILENAME !~ /\.bazel$/ {
        print FILENAME ": longer than 300 lines"
        bad = 1
    }
    /[ \t]$/ { print FILENAME ":" FNR ": blanks at the end"; bad = 1 }
    END { exit bad }' || status=1
exit $status
