"""The proof's builds: a lesson's sources with every answer in them, and its tests.

    course_variants(name = "core")     # in modules/core/BUILD.bazel, at the end
    course_proof(name = "core")        # in tests/core/BUILD.bazel, at the end

Both copy the rules that stand above them in their file, so that there is nothing to
keep in step. Regions are inside functions, so the module's interface and all that was
compiled against it serve as they are: the tests are linked a second time, with the
variants in the place of the sources. This is built only for the proofs.
"""

load("//modules:lessons.bzl", "lesson_folder")
load("//tools/build:cc_modules.bzl", "cc_module_library")

# Half-written code and stubs leave names unused; that is no fault of theirs.
_COPTS = [
    "-Wno-unused-but-set-variable",
    "-Wno-unused-const-variable",
    "-Wno-unused-function",
    "-Wno-unused-lambda-capture",
    "-Wno-unused-parameter",
    "-Wno-unused-template",
    "-Wno-unused-variable",
]

# Two of x86's SIMD targets, with 4 and 8 lanes, instead of eight: a wrong answer is as
# wrong in them, and a kernel with five answers inside compiles in bearable time.
_TARGETS = [
    "-O1",
    "-UHWY_COMPILE_ALL_ATTAINABLE",
    "-UHWY_DISABLED_TARGETS",
    "-DHWY_DISABLED_TARGETS=HWY_AVX3_SPR|HWY_AVX3_ZEN4|HWY_AVX3_DL|HWY_AVX3|" +
    "HWY_SSE4|HWY_SSSE3|HWY_NEON|HWY_NEON_BF16|HWY_SVE|HWY_SVE2|HWY_SVE_256",
]

_PROOF = ["//tests:__subpackages__", "//tools/course:__subpackages__"]

def course_variants(name, headers = []):
    """Copies the cc_module_library `name` as NAME.variants, to be chosen at run time.

    Args:
      name: the lesson and its cc_module_library
      headers: of other rules of this package, if they have regions or include one that
        has
    """
    rule = native.existing_rule(name)
    sources = _files(rule["srcs"])
    headers = _files(rule["textual_hdrs"]) + headers
    _course_files()
    native.genrule(
        name = name + ".variants.sources",
        srcs = sources + headers + [_pack(name)],
        outs = ["variants/" + file for file in sources + headers],
        cmd = "$(location //tools/course:variants) %s $(RULEDIR)/variants %s" % (
            lesson_folder(name),
            " ".join(["$(location %s)" % file for file in sources + headers]),
        ),
        tags = ["manual"],
        tools = ["//tools/course:variants"],
        visibility = ["//visibility:private"],
    )
    cc_module_library(
        name = name + ".variants",
        srcs = ["variants/" + file for file in sources],
        # All of its symbols are there before the linker looks into the original.
        alwayslink = True,
        copts = _COPTS + _TARGETS,
        module_name = rule["module_name"],
        tags = ["manual"],
        textual_hdrs = ["variants/" + file for file in headers],
        visibility = _PROOF,
        implementation_deps = list(rule["implementation_deps"]),
        deps = [":" + name, "//tools/course:variant"] + list(rule["deps"]),
    )

def course_proof(name):
    """The tests above in this file against the variants of lesson `name`: NAME.proof.

    Its output is what each answer scores, for the proofs to judge.
    """
    rules = native.existing_rules()
    binaries = []
    for test in rules:
        if rules[test]["kind"] == "cc_test":
            binaries.append(test + ".proof")
            native.cc_binary(
                name = test + ".proof",
                testonly = True,
                tags = ["manual"],
                deps = [
                    "//modules/%s:%s.variants" % (name, name),
                    ":%s.objects" % test,
                ],
            )
    _course_files()
    native.genrule(
        name = name + ".proof",
        testonly = True,
        srcs = binaries + [_pack(name)],
        outs = [name + ".proof.json"],
        cmd = "$(location //tools/course:prove) %s $@ %s" % (
            lesson_folder(name),
            " ".join(["$(location %s)" % binary for binary in binaries]),
        ),
        tags = ["manual"],
        tools = ["//tools/course:prove"],
        visibility = _PROOF,
    )

def _course_files():
    """The package's files, for the tests that compare them with the lesson's data."""
    native.filegroup(
        name = "course_files",
        srcs = native.glob(["*.cppm", "*.cc", "*.h"]),
        visibility = _PROOF,
    )

def _files(labels):
    """File names of labels of this package's files."""
    return [label.split(":")[-1] for label in labels]

def _pack(name):
    return "//%s:pack" % lesson_folder(name)

def _measured(name):
    return "//tests/%s:%s.proof.json" % (name, name)

def lesson_files(names):
    """Everything that a lesson's data speaks about."""
    files = ["//modules:lessons.bzl"]
    for name in names:
        files += [
            _pack(name),
            "//modules/%s:course_files" % name,
            "//tests/%s:course_files" % name,
        ]
    return files

def proof_arguments(names):
    return [
        "%s=$(location %s)" % (lesson_folder(name), _measured(name))
        for name in names
    ]

def proof_data(names):
    return [_pack(name) for name in names] + [_measured(name) for name in names]
