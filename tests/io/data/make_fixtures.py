#!/usr/bin/env python3
"""Writes the .npy files of this folder with NumPy: make_fixtures.py FOLDER.

Made with NumPy 1.24.2; any NumPy since 1.13 knows the three versions.
"""

import struct
import sys

import numpy

COUNTING = numpy.arange(24, dtype="<f4").reshape(2, 3, 4)
# Bits that a careless reader or writer would change.
SPECIAL = numpy.array(
    [0x00000000, 0x80000000, 0x7F800000, 0xFF800000, 0x7FC00001, 0x00000001], "<u4"
).view("<f4")
FIXTURES = {
    "c_order_v1": (COUNTING, (1, 0)),
    "c_order_v2": (COUNTING, (2, 0)),
    "c_order_v3": (COUNTING, (3, 0)),
    "fortran_v1": (numpy.asfortranarray(COUNTING), (1, 0)),
    "fortran_v2": (numpy.asfortranarray(COUNTING), (2, 0)),
    "scalar": (numpy.array(2.5, "<f4"), (1, 0)),
    "empty": (numpy.zeros((3, 0, 2), "<f4"), (1, 0)),
    "special": (SPECIAL, (1, 0)),
    "double": (COUNTING.astype("<f8"), (1, 0)),
    "big_endian": (COUNTING.astype(">f4"), (1, 0)),
    "record": (numpy.zeros(2, [("a", "<f4"), ("b", "<f4")]), (1, 0)),
}


def main(folder):
    for name, (array, version) in FIXTURES.items():
        with open(f"{folder}/{name}.npy", "wb") as file:
            numpy.lib.format.write_array(file, array, version=version)
    # As the safetensors package lays a file out; it is not in Debian 12.
    header = b'{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[4,28]},'
    header += b'"__metadata__":{"format":"np"},'
    header += b'"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}'
    header += b" " * (-len(header) % 8)
    with open(f"{folder}/two.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.write(struct.pack("<7f", 2.5, *range(6)))


if __name__ == "__main__":
    main(sys.argv[1])
