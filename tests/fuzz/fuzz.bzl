"""Fuzz targets: one function over bytes, run in two ways.

    cc_fuzz_test(name = "idx", deps = [...], corpus = [...])

with idx.cc, which defines LLVMFuzzerTestOneInput, makes

    :idx_test   an ordinary test: the function on every file of the corpus;
    :idx        libFuzzer, which goes on from there; needs --config=fuzz.

tests/fuzz/run.sh builds and runs the second.
"""

load("//tools/build:cc_modules.bzl", "cc_module_library")

def cc_fuzz_test(name, corpus, deps):
    """NAME.cc as a fuzz target; its first inputs are the files of `corpus`."""
    cc_module_library(
        name = name + ".objects",
        testonly = True,
        srcs = [name + ".cc"],
        alwayslink = True,
        visibility = ["//visibility:private"],
        deps = deps + ["//tests/fuzz:expect"],
    )
    native.cc_test(
        name = name + "_test",
        size = "small",
        args = ["$(locations %s)" % label for label in corpus],
        data = corpus,
        deps = [
            ":%s.objects" % name,
            "//tests/fuzz:replay",
        ],
    )
    native.cc_binary(
        name = name,
        testonly = True,
        data = corpus,
        linkopts = ["-fsanitize=fuzzer"],
        # Only --config=fuzz compiles what libFuzzer steers by.
        tags = ["manual"],
        deps = [":%s.objects" % name],
    )
