"""The C++ rules under the names rules_cc gives them.

Bazel up to 8 has these rules inside, so the libraries that load them from rules_cc
are served by names alone and nothing is downloaded.
"""

cc_binary = native.cc_binary
cc_import = native.cc_import
cc_library = native.cc_library
cc_shared_library = getattr(native, "cc_shared_library", None)
cc_test = native.cc_test
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
