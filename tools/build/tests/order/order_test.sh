#!/bin/sh
# A lesson's module can import those of earlier lessons and none of a later one.
#   order_test.sh FORWARD BACKWARD EARLIER-MODULE...
set -eu
forward=$1 backward=$2
shift 2

if [ -s "$forward" ]; then
    echo "visible to an earlier lesson:"
    cat "$forward"
    exit 1
fi
for module in "$@"; do
    grep -qx "$module" "$backward" || {
        echo "not visible to the last lesson: $module"
        exit 1
    }
done
