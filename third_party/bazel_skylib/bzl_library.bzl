"""The rule that names Starlark files for documentation tools.

Bazel 7's own Java repository declares some; nothing here reads them.
"""

def _bzl_library_impl(ctx):
    return [DefaultInfo(files = depset(ctx.files.srcs))]

bzl_library = rule(
    implementation = _bzl_library_impl,
    attrs = {
        "deps": attr.label_list(),
        "srcs": attr.label_list(allow_files = [".bzl"]),
    },
)
