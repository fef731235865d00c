#!/bin/bash
# example_test.sh PROGRAM EXPECTED: the program ends well and prints the expected text.
# EMULATOR is the command that runs it where this machine cannot.
set -u
actual=$(${EMULATOR:-} "$1") || {
  echo "$1 failed with status $?"
  exit 1
}
diff --label expected --label printed -u "$2" <(printf '%s\n' "$actual")
