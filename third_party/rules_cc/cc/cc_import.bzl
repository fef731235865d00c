"""One rule a file, as newer libraries load it."""

load(":defs.bzl", _cc_import = "cc_import")

cc_import = _cc_import
