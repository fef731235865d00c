"""One rule a file, as newer libraries load it."""

load(":defs.bzl", _cc_binary = "cc_binary")

cc_binary = _cc_binary
