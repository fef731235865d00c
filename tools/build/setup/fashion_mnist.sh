#!/bin/sh
# Fetches Fashion-MNIST (60000 pictures of 28x28, MIT) for lesson 9's "now you", and
# prints the folder to give to its --data. Needs no root; 31 MB, on demand only.
set -eu
setup=$(cd "$(dirname "$0")" && pwd)
. "$setup/common.sh"

files="train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz"
labels_sum=0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056
images_sum=b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7
upstream=https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion
folder=$cache/fashion-mnist
# Before the lock and behind it: another may have fetched it meanwhile.
[ -d "$folder" ] || lock_cache
if [ -d "$folder" ]; then
    echo "$folder"
    exit 0
fi

rm -rf "$folder.new"
mkdir -p "$folder.new"
if is_debian; then
    . "$setup/debian_archive.sh"
    close_archive  # left open by a run that was interrupted
    open_archive
    say "fetching Fashion-MNIST (in dataset-fashion-mnist, 31 MB)"
    for file in $files; do
        take dataset-fashion-mnist "usr/share/datasets/fashion-mnist/$file" \
            "$folder.new/$file"
    done
    close_archive
else
    command -v curl > /dev/null || die "missing: curl, to fetch Fashion-MNIST"
    for file in $files; do
        say "fetching $upstream/$file"
        curl -fsSL -o "$folder.new/$file" "$upstream/$file"
    done
fi
has_sha256 "$folder.new/train-images-idx3-ubyte.gz" "$images_sum" ||
    die "Fashion-MNIST's pictures are not as pinned"
has_sha256 "$folder.new/train-labels-idx1-ubyte.gz" "$labels_sum" ||
    die "Fashion-MNIST's labels are not as pinned"
mv "$folder.new" "$folder"
echo "$folder"
