"""Compares the files of write_examples with what NumPy reads from them."""

import json
import struct
import sys

import numpy


def main(folder):
    x = numpy.arange(24, dtype="<f4").reshape(2, 3, 4)
    for name, expected in {
        "c": x,
        "fortran": x.transpose(2, 1, 0),
        "scalar": numpy.array(2.5, "<f4"),
        "empty": numpy.zeros((3, 0), "<f4"),
        "rank32": numpy.ones([1] * 32, "<f4"),
    }.items():
        got = numpy.load(f"{folder}/{name}.npy", allow_pickle=False)
        assert got.dtype == expected.dtype, (name, got.dtype)
        assert got.shape == expected.shape, (name, got.shape)
        assert (got == expected).all(), (name, got)
        assert got.flags.fortran == expected.flags.fortran, name

    # By the format's description; the safetensors package is not everywhere.
    data = open(f"{folder}/x.safetensors", "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    assert length % 8 == 0 and set(header) == {"x", "s"}, header
    for name, expected in {"x": x, "s": numpy.array(2.5, "<f4")}.items():
        entry = header[name]
        begin, end = entry["data_offsets"]
        got = numpy.frombuffer(data[8 + length :][begin:end], "<f4")
        assert entry["dtype"] == "F32", entry
        assert (got.reshape(entry["shape"]) == expected).all(), (name, got)
    print("NumPy", numpy.__version__, "reads all of them")


if __name__ == "__main__":
    main(sys.argv[1])
