# shellcheck shell=sh disable=SC2154  # variables of debian.sh
# Takes the two sets of digits out of Debian's packages. Sourced by debian.sh.

digits_sum=60c917758ef97cc090f35cd8e293e4de691ef942847da0ff80dedab33d57c662
# Of the unpacked text: packages differ in the date inside the .gz.
digits8x8_sum=6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8

fetch_digits() {
    open_archive
    rm -rf "$1.new"
    mkdir -p "$1.new"
    say "fetching 5000 digits of 20x20 pixels (in opencv-doc, 98 MB)"
    take opencv-doc usr/share/doc/opencv-doc/examples/data/digits.png \
        "$1.new/digits.png"
    has_sha256 "$1.new/digits.png" "$digits_sum" || die "digits.png is not as pinned"
    say "fetching 1797 digits of 8x8 pixels (in python3-sklearn, 2 MB)"
    take python3-sklearn \
        usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz \
        "$1.new/digits8x8.csv.gz"
    gzip -dc "$1.new/digits8x8.csv.gz" > "$1.new/text"
    has_sha256 "$1.new/text" "$digits8x8_sum" || die "digits8x8.csv is not as pinned"
    rm "$1.new/text"
    echo 'workspace(name = "digits_data")' > "$1.new/WORKSPACE"
    cp "$workspace/third_party/digits_data/library.BUILD" "$1.new/BUILD.bazel"
    mv "$1.new" "$1"
}

digits=$cache/digits-$(sha256sum < "$workspace/third_party/digits_data/library.BUILD" |
    cut -c 1-16)
[ -d "$digits" ] || fetch_digits "$digits"
echo "digits_data=$digits"
