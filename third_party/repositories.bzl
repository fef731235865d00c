"""Every repository that this one needs: where it comes from, pinned by content.

Where only a Linux distribution's packages are reached, tools/bazel unpacks the same
releases from there and hands them over under the same names (--override_repository);
then nothing below is downloaded.
"""

load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")
load("@bazel_tools//tools/build_defs/repo:utils.bzl", "maybe")

def _bundled_repository_impl(ctx):
    folder = ctx.path(ctx.attr.build_file).dirname
    for entry in folder.readdir():
        ctx.symlink(entry, entry.basename)

# A repository that is a folder of this one. (local_repository would look for the
# folder in the workspace that uses us, not in ours.)
bundled_repository = repository_rule(
    implementation = _bundled_repository_impl,
    attrs = {
        "build_file": attr.label(
            doc = "The BUILD file at the folder's root.",
            allow_single_file = True,
            mandatory = True,
        ),
    },
    local = True,
)

def build_rule_repositories():
    """The repositories that Bazel itself and the libraries' BUILD files load.

    Each is a few lines of our own under third_party, so that no build needs the
    network for them.
    """
    for name in [
        "bazel_skylib",
        "platforms",
        "remote_coverage_tools",
        "rules_cc",
        "rules_java",
        "rules_python",
    ]:
        maybe(
            bundled_repository,
            name = name,
            build_file = Label("//third_party/%s:BUILD.bazel" % name),
        )

def library_repositories():
    """The C++ libraries, built from source by the project's own compiler and flags."""
    maybe(
        http_archive,
        name = "com_google_absl",
        sha256 = "f50e5ac311a81382da7fa75b97310e4b9006474f9560ac46f54a9967f07d4ae3",
        strip_prefix = "abseil-cpp-20240722.0",
        urls = [_github("abseil/abseil-cpp", "20240722.0")],
    )
    _library(
        name = "com_google_googletest",
        folder = "googletest",
        sha256 = "78c676fc63881529bf97bf9d45948d905a66833fbfa5318ea2cd7478cb98f399",
        strip_prefix = "googletest-1.16.0",
        url = _github("google/googletest", "v1.16.0"),
    )
    _library(
        name = "com_google_benchmark",
        folder = "benchmark",
        sha256 = "32131c08ee31eeff2c8968d7e874f3cb648034377dfc32a4c377fa8796d84981",
        strip_prefix = "benchmark-1.9.1",
        url = _github("google/benchmark", "v1.9.1"),
    )
    _library(
        name = "highway",
        folder = "highway",
        sha256 = "7e0be78b8318e8bdbf6fa545d2ecb4c90f947df03f7aadc42c1967f019e63343",
        strip_prefix = "highway-1.2.0",
        url = _github("google/highway", "1.2.0"),
    )
    _library(
        name = "libpng",
        folder = "libpng",
        sha256 = "b17e99026055727e8cba99160c3a9a7f9af788e9f786daeadded5a42243f1dd0",
        strip_prefix = "libpng-1.6.48",
        url = _github("pnggroup/libpng", "v1.6.48"),
    )
    _library(
        name = "nlohmann_json",
        folder = "nlohmann_json",
        sha256 = "0d8ef5af7f9794e3263480193c491549b2ba6cc74bb018906202ada498a79406",
        strip_prefix = "json-3.11.3",
        url = _github("nlohmann/json", "v3.11.3"),
    )
    _library(
        name = "zlib",
        folder = "zlib",
        sha256 = "9a93b2b7dfdac77ceba5a558a580e74667dd6fede4585b91eefb60f03b72df23",
        strip_prefix = "zlib-1.3.1",
        url = "https://github.com/madler/zlib/releases/download/v1.3.1/" +
              "zlib-1.3.1.tar.gz",
    )

def _digits_repository_impl(ctx):
    ctx.symlink(ctx.attr.build_file, "BUILD.bazel")
    ctx.download(
        _raw("opencv/opencv", "4.10.0", "samples/data/digits.png"),
        output = "digits.png",
        sha256 = "60c917758ef97cc090f35cd8e293e4de691ef942847da0ff80dedab33d57c662",
    )
    ctx.download(
        _raw(
            "scikit-learn/scikit-learn",
            "1.4.2",
            "sklearn/datasets/data/digits.csv.gz",
        ),
        output = "digits8x8.csv.gz",
    )

    # Pinned by its text: the same text travels with other dates inside the .gz.
    sha256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"
    sum = ctx.execute(["sh", "-c", "gzip -dc digits8x8.csv.gz | sha256sum"])
    if not sum.stdout.startswith(sha256):
        fail("digits8x8.csv.gz is not as pinned: " + sum.stdout + sum.stderr)

# The two sets of handwritten digits; see digits_data/library.BUILD.
digits_repository = repository_rule(
    implementation = _digits_repository_impl,
    attrs = {"build_file": attr.label(allow_single_file = True, mandatory = True)},
)

def data_repositories():
    """The pictures that lesson 9 is about. Only that lesson's targets fetch them."""
    maybe(
        digits_repository,
        name = "digits_data",
        build_file = Label("//third_party/digits_data:library.BUILD"),
    )

def _library(name, folder, sha256, strip_prefix, url):
    maybe(
        http_archive,
        name = name,
        build_file = Label("//third_party/%s:library.BUILD" % folder),
        sha256 = sha256,
        strip_prefix = strip_prefix,
        urls = [url],
    )

def _github(project, tag):
    return "https://github.com/%s/archive/refs/tags/%s.tar.gz" % (project, tag)

def _raw(project, tag, path):
    return "https://raw.githubusercontent.com/%s/%s/%s" % (project, tag, path)
