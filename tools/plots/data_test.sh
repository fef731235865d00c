#!/bin/bash
# data_test.sh PROGRAM CSV SLACK: the program prints the file, but that numbers may
# be off by SLACK, those with an exponent (1.5e-09) by that share of them. EMULATOR
# is the command that runs it where this machine cannot.
set -u
actual=$(${EMULATOR:-} "$1") || {
  echo "$1 failed with status $?"
  exit 1
}
[[ $actual == "$(<"$2")" ]] && exit
awk -F, -v slack="$3" -v file="$2" '
  function differs(a, b) {
    if (a == b) return 0
    if ((a " " b) !~ /^[-0-9.e+]+ [-0-9.e+]+$/) return 1
    return (a - b) ^ 2 > (slack * (b ~ /e/ ? b : 1)) ^ 2
  }
  FILENAME == ARGV[1] { expected[++lines] = $0; next }
  {
    fields = split(expected[FNR], wanted)
    bad = fields != NF
    for (i = 1; i <= NF; ++i) bad = bad || differs($i, wanted[i])
    if (!bad) next
    print file ":" FNR ": expected " expected[FNR] ", printed " $0
    failed = 1
  }
  END {
    if (FNR != lines) print file ": " lines " lines, printed " FNR
    exit failed || FNR != lines
  }' "$2" <(printf '%s\n' "$actual") && exit
echo "bazel run //tools/plots -- --data renews the file"
exit 1
