#!/bin/sh
# Runs a test of --config=aarch64: a program for that machine in QEMU, a script as it
# is, with QEMU in $EMULATOR for the programs that it starts.
#   emulate.sh TEST ARGUMENTS...
# The processor has all that QEMU knows, with vectors of 128 bits in SVE2.
processor=max,sve-max-vq=1
EMULATOR="qemu-aarch64 -cpu $processor -L /usr/aarch64-linux-gnu"
export EMULATOR
case $(head -c 2 "$1") in
'#!') exec "$@" ;;
*) exec $EMULATOR "$@" ;;
esac
