"""The data of a picture: a program that prints it, kept as a file."""

load("//tools/build:cc_modules.bzl", "cc_module_binary")

def plot_data(name, deps = [], data = [], slack = "0", size = "small"):
    """The program NAME from NAME.cc; NAME_test: it prints data/NAME.csv.

    Args:
      name: of the picture
      deps: besides the library
      data: what the program reads
      slack: how far a number may be off, where SIMD targets round differently; of one
        with an exponent, by what share of it
      size: of the test
    """
    cc_module_binary(
        name = name,
        srcs = [name + ".cc"],
        data = data,
        deps = deps + [
            "//modules:tensor",
            "@com_google_absl//absl/strings:str_format",
        ],
    )
    csv = "data/%s.csv" % name
    native.sh_test(
        name = name + "_test",
        size = size,
        srcs = ["data_test.sh"],
        args = ["$(rootpath :%s)" % name, "$(rootpath %s)" % csv, slack],
        data = [csv, ":" + name],
    )
