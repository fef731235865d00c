#!/bin/sh
# Fetches the libraries' sources and the digits from Debian's archive into the cache.
# Prints a line REPOSITORY=FOLDER for each repository that Bazel will find there.
# Needs no root and leaves the system's apt alone: lists and downloads are private.
set -eu
setup=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$setup/../../.." && pwd)
. "$setup/common.sh"
. "$setup/debian_archive.sh"
close_archive  # left open by a run that was interrupted

# library REPOSITORY FOLDER PACKAGE SUM: unpacks a source package with our BUILD file.
library() {
    build_file=$workspace/third_party/$2/library.BUILD
    version=$(echo "$4" | cat - "$build_file" 2> /dev/null | sha256sum | cut -c 1-16)
    folder=$cache/libraries/$2-$version
    if [ ! -d "$folder" ]; then
        open_archive
        say "fetching the source of $2"
        rm -rf "$folder.new" "$apt/source"
        mkdir -p "$folder.new" "$apt/source"
        (cd "$apt/source" && private_apt source --download-only --tar-only "$3")
        archive=$(ls "$apt/source"/*.orig.tar.gz)
        has_sha256 "$archive" "$4" || die "$archive is not the file that was pinned"
        tar -xzf "$archive" -C "$folder.new" --strip-components=1 --no-same-owner
        echo "workspace(name = \"$1\")" > "$folder.new/WORKSPACE"
        if [ -e "$build_file" ]; then
            rm -f "$folder.new/BUILD"
            cp "$build_file" "$folder.new/BUILD.bazel"
        fi
        mv "$folder.new" "$folder"
    fi
    echo "$1=$folder"
}

grep -v '^#' "$setup/libraries.txt" | while read -r repository folder package; do
    read -r sum
    library "$repository" "$folder" "$package" "$sum"
done
. "$setup/debian_digits.sh"
close_archive
