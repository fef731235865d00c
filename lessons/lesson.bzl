"""What every lesson's folder declares.

    lesson("matmul")

    :example         the program example.cc, which sees this lesson and earlier ones
    :example_test    it prints expected.txt
    :readme_test     README.md quotes only code that compiles and output that is
                     printed, and shows only pictures that are there
    :06_matmul       the lesson's own tests
    :so_far          the tests of this lesson and of all before it
    :page_pictures   what README.md shows
    :pack            what the course's tools read
"""

load("//modules:lessons.bzl", "LESSONS", "lesson_folder")
load("//tools/build:cc_modules.bzl", "cc_module_binary")

def lesson(name, quotes = []):
    """Declares the targets of one lesson.

    Args:
      name: the lesson's module without "tensor.", one of LESSONS
      quotes: files that README.md quotes beside the example and the interface
    """
    so_far = LESSONS[:LESSONS.index(name) + 1]
    modules = ["//modules/" + earlier for earlier in so_far]
    cc_module_binary(
        name = "example",
        srcs = ["example.cc"],
        deps = modules + ["@com_google_absl//absl/strings:str_format"],
    )
    native.sh_test(
        name = "example_test",
        size = "small",
        srcs = ["//lessons:example_test.sh"],
        args = ["$(location :example)", "$(location expected.txt)"],
        data = ["expected.txt", ":example"],
    )
    readme = [
        "README.md",
        "expected.txt",
        "example.cc",
        "//modules/{0}:{0}.cppm".format(name),
    ] + quotes
    native.sh_test(
        name = "readme_test",
        size = "small",
        srcs = ["//lessons:readme_test.sh"],
        args = ["$(location %s)" % file for file in readme],
        data = readme + [":page_pictures"],
    )
    native.exports_files(["README.md"])
    native.filegroup(
        name = "page_pictures",
        srcs = native.glob(["pictures/*"]),
        visibility = ["//tools/plots:__pkg__"],
    )
    folder = lesson_folder(name)
    native.test_suite(
        name = folder.split("/")[1],
        tests = ["//tests/" + name, ":example_test", ":readme_test"],
    )
    native.test_suite(
        name = "so_far",
        tests = [
            "//%s:%s" % (lesson_folder(earlier), lesson_folder(earlier).split("/")[1])
            for earlier in so_far
        ],
    )
    native.filegroup(
        name = "pack",
        srcs = native.glob(["lesson.toml", "wrong/*.toml"]),
        visibility = ["//visibility:public"],
    )
