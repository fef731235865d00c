# shellcheck shell=sh
# Which files are ours. Sourced at the workspace's root by the commands beside it.

# ours NAME-PATTERN...: the files with such names, without Bazel's output folders.
ours() {
    for pattern in "$@"; do
        find . -name 'bazel-*' -prune -o -path './.*/*' -prune -o \
            -type f -name "$pattern" -print
    done
}
