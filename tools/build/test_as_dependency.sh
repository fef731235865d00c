#!/bin/sh
# Uses this repository from a workspace of its own, as README.md says, and runs what it
# built there. Prints the program's output.
#   tools/build/test_as_dependency.sh
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'cd / && rm -rf "$scratch"' EXIT
cd "$scratch"

# readme LANGUAGE NUMBER: the NUMBERth block of that language in the README.
readme() {
    awk -v fence="\`\`\`$1" -v number="$2" '
        $0 == "```" { inside = 0 }
        inside { print }
        $0 == fence && ++seen == number { inside = 1 }
    ' "$here/README.md"
}

readme python 1 | sed "s#\"../tensor\"#\"$here\"#" > WORKSPACE
readme python 2 > BUILD.bazel
readme cpp 1 > hello.cc
# The first block, and where tools/bazel has put the libraries' sources.
sed '/^$/q' "$here/.bazelrc" > .bazelrc
cp "$here/.bazeliskrc" .
if [ -r "$here/.bazelrc.local" ]; then cat "$here/.bazelrc.local" >> .bazelrc; fi

bazel=${BAZEL:-bazel}
case $("$bazel" --version) in
*" "7.*) echo "common --noenable_bzlmod" >> .bazelrc ;;
esac
"$bazel" run -c opt //:hello
"$bazel" shutdown
