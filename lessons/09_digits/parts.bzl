"""The parts of the program: each a module of the name of its two files."""

load("//tools/build:cc_modules.bzl", "cc_module_library", "cc_module_test")

# What an error that says where is made of.
STATUS = [
    "@com_google_absl//absl/status",
    "@com_google_absl//absl/status:statusor",
    "@com_google_absl//absl/strings",
]

def part(name, deps, **kwargs):
    """The module digits.NAME from NAME.cppm and NAME.cc."""
    cc_module_library(
        name = name,
        srcs = [name + ".cc"],
        module_interfaces = [name + ".cppm"],
        module_name = "digits." + name,
        deps = deps,
        **kwargs
    )

def part_test(name, deps, size = "small", **kwargs):
    """The test NAME_test from NAME_test.cc."""
    cc_module_test(
        name = name + "_test",
        size = size,
        srcs = [name + "_test.cc"],
        deps = deps,
        **kwargs
    )
