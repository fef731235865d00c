#!/bin/sh
# numpy_reads_ours_test.sh WRITE_EXAMPLES NUMPY_READS_OURS
set -eu
folder=$(mktemp -d "${TEST_TMPDIR:-/tmp}/examples.XXXXXX")
"$1" "$folder"
# Debian's, which has NumPy when python3-numpy is installed; another may stand before.
python=/usr/bin/python3
[ -x "$python" ] || python=python3
"$python" "$2" "$folder"
