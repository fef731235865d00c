"""One rule a file, as newer libraries load it."""

load(":defs.bzl", _cc_test = "cc_test")

cc_test = _cc_test
