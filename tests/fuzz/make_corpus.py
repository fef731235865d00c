#!/usr/bin/env python3
"""Writes the first inputs of the fuzz targets: make_corpus.py FOLDER.

Small files of each form that a reader takes, and of some that it refuses. An input
that a fuzzer found is kept beside them under a name that says what it showed.
"""

import gzip
import json
import os
import struct
import sys
import zlib


def chunk(kind, content):
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def png(depth=8, colour=0, interlace=0, extra=b""):
    """A picture of 5 x 3 pixels, each row with another of PNG's filters."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    width = (5 * samples * depth + 7) // 8
    rows = b"".join(bytes([y]) + bytes(range(y, y + width)) for y in range(3))
    header = struct.pack(">IIBBBBB", 5, 3, depth, colour, 0, 0, interlace)
    palette = chunk(b"PLTE", b"\0\0\0\xff\xff\xff") if colour == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + palette
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def idx(*sizes, kind=8):
    count = 1
    for size in sizes:
        count *= size
    head = bytes([0, 0, kind, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)
    return head + bytes(i % 256 for i in range(count))


def npy(shape, order="False", count=0, major=1):
    text = f"{{'descr': '<f4', 'fortran_order': {order}, 'shape': {shape}, }}\n"
    text = text.encode()
    length = struct.pack("<H" if major == 1 else "<I", len(text))
    elements = struct.pack(f"<{count}f", *range(count))
    return b"\x93NUMPY" + bytes([major, 0]) + length + text + elements


def safetensors(*shapes, **extra):
    header = dict(extra)
    end = 0
    for i, shape in enumerate(shapes):
        count = 1
        for size in shape:
            count *= size
        offsets = [end, end + 4 * count]
        header[f"t{i}"] = {"dtype": "F32", "shape": shape, "data_offsets": offsets}
        end = offsets[1]
    text = json.dumps(header).encode()
    elements = struct.pack(f"<{end // 4}f", *range(end // 4))
    return struct.pack("<Q", len(text)) + text + elements


CORPUS = {
    "png": {
        "grey": png(),
        "grey_16_bits": png(depth=16),
        "grey_1_bit": png(depth=1),
        "colour": png(colour=2),
        "palette": png(colour=3),
        "interlaced": png(interlace=1),
        "text": png(extra=chunk(b"tEXt", b"Title\0three rows")),
        "gamma": png(extra=chunk(b"gAMA", struct.pack(">I", 45455))),
        "cut": png()[:50],
    },
    "idx": {
        "labels": idx(4),
        "images": idx(2, 3, 4),
        "empty": idx(2, 0, 4),
        "floats": idx(2, kind=13),
        "cut": idx(2, 3, 4)[:20],
    },
    # The first byte is the number of columns.
    "csv": {
        "one": b"\x011\n2\n3\n",
        "three": b"\x031,2,3\n-4,5,6\n",
        "windows": b"\x021,2\r\n3,4\r\n",
        "no_last_line_end": b"\x021,2\n3,4",
        "large": b"\x029223372036854775807,-9223372036854775808\n",
        "no_number": b"\x021,x\n",
        "ragged": b"\x021,2\n3\n",
    },
    "gzip": {
        "text": gzip.compress(b"one two three one two three", mtime=0),
        "stored": gzip.compress(b"abc", compresslevel=0, mtime=0),
        "nothing": gzip.compress(b"", mtime=0),
        "two_members": gzip.compress(b"ab", mtime=0) + gzip.compress(b"cd", mtime=0),
        "cut": gzip.compress(b"one two three", mtime=0)[:-6],
    },
    "npy": {
        "vector": npy("(3,)", count=3),
        "scalar": npy("()", count=1),
        "matrix_2": npy("(2, 3)", count=6, major=2),
        "fortran_3": npy("(2, 3)", order="True", count=6, major=3),
        "empty": npy("(0, 9223372036854775807)"),
        "promise": npy("(4611686018427387904,)"),
        "cut": npy("(3,)", count=2),
    },
    "safetensors": {
        "none": safetensors(),
        "one": safetensors([2, 3]),
        "three": safetensors([2], [], [0, 5], __metadata__={"format": "pt"}),
        "cut": safetensors([2, 3])[:-1],
    },
    # An operation, then its numbers: tests/fuzz/views.cc says which.
    "views": {
        "reshape": bytes([0, 2, 6, 4, 0, 1, 255 - 16]),
        "permute": bytes([1, 3, 2, 0, 1, 6]),
        "slice": bytes([2, 2, 0, 4, 2, 2, 1, 2, 250, 251]),
        "broadcast": bytes([3, 4, 2, 2, 3, 4, 3, 3, 2, 3, 4]),
        "axes": bytes([5, 0, 5, 2, 4, 0, 4, 1]),
        "write": bytes([6, 7, 5, 200, 7, 23, 100]),
        "empty": bytes([2, 0, 1, 1, 1, 0, 3, 0, 253, 2, 2, 1, 252, 252, 1]),
        # [0, 2^63 - 1], cut near its end; every 2^62-th, of these every third.
        "empty_far": bytes([2, 0, 1, 1, 1, 0, 2, 0, 250, 2, 1, 253, 250, 1]),
        "empty_steps": bytes(
            [2, 0, 1, 1, 1, 0, 2, 0, 250, 2, 1, 0, 250, 253, 2, 1, 0, 250, 3]
        ),
    },
}


def main(folder):
    for target, inputs in CORPUS.items():
        os.makedirs(f"{folder}/{target}", exist_ok=True)
        for name, content in inputs.items():
            with open(f"{folder}/{target}/{name}", "wb") as file:
                file.write(content)


if __name__ == "__main__":
    main(sys.argv[1])
