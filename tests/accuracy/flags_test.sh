#!/bin/sh
# //tools/accuracy says what is wrong with its flags, and ends with status 2.
set -u
program=$1
emulator=${EMULATOR:-} # for a program of another machine
failures=0

# expect STATUS PATTERN FLAG...: the status, and a line of the output.
expect() {
    status=$1 pattern=$2
    shift 2
    output=$($emulator "$program" "$@" 2>&1)
    got=$?
    if [ "$got" = "$status" ] && echo "$output" | grep -q "$pattern"; then return; fi
    echo "FAILED $*: status $got, expected $status and '$pattern' in: $output"
    failures=$((failures + 1))
}

expect 2 "'exq'; there are: neg .* exp .* 3^x$" --functions=exp,exq
expect 2 "from 1 to 2^32, not 0$" --step=0
expect 2 "from 1 to 2^32, not 4294967297$" --step=4294967297
expect 0 "^| 3^x " --functions=3^x,exp --step=1000003

exit "$failures"
