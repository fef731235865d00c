"""C++20 named modules for Bazel: cc_module_library, cc_module_binary, cc_module_test.

    cc_module_library(
        name = "matmul",
        module_name = "tensor.matmul",
        module_interfaces = ["matmul.cppm"],  # export module tensor.matmul;
        srcs = ["matmul.cc"],                 # module tensor.matmul;
        textual_hdrs = ["matmul-inl.h"],
        deps = ["//modules/core", "@highway//:hwy"],
    )

What happens: the imports of every source are compared with `deps` (a script, one
action); each interface is compiled to a BMI (what importers read) and an object; each
other source is compiled with the BMIs of all modules it can reach; the objects form
an ordinary library, so cc_library, cc_binary and cc_test may depend on it.

Several interfaces are one module with partitions. They are compiled in the order
given: the last declares `module_name`, each earlier one a partition named like its
file (shape.cppm declares `export module tensor.core:shape;`), and may import only
those before it.

Attribute names are those of rules_cc's module support, for the day it can be used.
"""

load("//tools/build:module_actions.bzl", "module_actions")

CcModuleInfo = provider(
    doc = "The modules a target offers to those that depend on it.",
    fields = {
        "direct": "list of module names that the target itself declares",
        "modules": "depset of struct(name, bmi): its own and all it was built from",
    },
)

def _cc_module_library_impl(ctx):
    toolchain = module_actions.toolchain(ctx)
    declares = ctx.attr.module_name and ctx.files.module_interfaces
    direct = []
    reachable = []
    for dep in ctx.attr.deps:
        if CcModuleInfo in dep:
            direct += dep[CcModuleInfo].direct
            reachable.append(dep[CcModuleInfo].modules)
    imported = depset(transitive = reachable)

    checked = module_actions.check_imports(ctx, direct)
    context = module_actions.compilation_context(ctx.attr.deps)
    interfaces = module_actions.compile_interfaces(
        ctx,
        toolchain,
        context,
        imported.to_list(),
        checked,
    )
    modules = depset(interfaces.modules, transitive = [imported])
    sources = module_actions.compile_sources(
        ctx,
        toolchain,
        module_actions.compilation_context(
            ctx.attr.deps + ctx.attr.implementation_deps,
        ),
        modules.to_list(),
        checked,
    )
    outputs = module_actions.merge([interfaces.outputs, sources])
    return [
        module_actions.library_files(ctx, outputs),
        module_actions.cc_info(ctx, toolchain, context, outputs),
        CcModuleInfo(
            direct = [ctx.attr.module_name] if declares else [],
            modules = modules,
        ),
    ]

cc_module_library = rule(
    implementation = _cc_module_library_impl,
    doc = "A library whose sources declare or import C++20 modules.",
    attrs = {
        "alwayslink": attr.bool(
            doc = "Link every object, even one that nothing refers to (tests).",
        ),
        "copts": attr.string_list(
            doc = "Options for this target alone. Whatever an importer must agree " +
                  "on (-std, -pthread, -fno-exceptions, ...) belongs in .bazelrc.",
        ),
        "deps": attr.label_list(
            doc = "Libraries with and without modules. A module is imported from " +
                  "the target that declares it: that target stands here.",
            providers = [CcInfo],
        ),
        "implementation_deps": attr.label_list(
            doc = "Libraries without modules that srcs alone include. An edit of " +
                  "their headers compiles neither the interface again nor those " +
                  "who import it.",
            providers = [CcInfo],
        ),
        "linkopts": attr.string_list(doc = "Added wherever this library is linked."),
        "local_defines": attr.string_list(doc = "Macros for this target alone."),
        "module_interfaces": attr.label_list(
            doc = "Interface units; partitions first, the primary interface last.",
            allow_files = [".cppm"],
        ),
        "module_name": attr.string(
            doc = "What the primary interface declares: `export module NAME;`. " +
                  "Without interfaces: the module of a dep that srcs implement.",
        ),
        "srcs": attr.label_list(
            doc = "Implementation units, and any source that imports modules.",
            allow_files = [".cc"],
        ),
        "textual_hdrs": attr.label_list(
            doc = "Headers that srcs alone include; private to this target.",
            allow_files = [".h", ".inc"],
        ),
        "_cc_toolchain": attr.label(
            default = Label("@bazel_tools//tools/cpp:current_cc_toolchain"),
        ),
        "_check_imports": attr.label(
            default = Label("//tools/build:check_imports"),
            allow_single_file = True,
        ),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)

def cc_module_binary(
        name,
        srcs,
        deps = [],
        copts = [],
        textual_hdrs = [],
        local_defines = [],
        testonly = None,
        tags = [],
        **kwargs):
    """A cc_binary whose sources may import modules. Other attributes: cc_binary's."""
    _sources(name, srcs, deps, copts, textual_hdrs, local_defines, testonly, tags)
    native.cc_binary(
        name = name,
        testonly = testonly,
        tags = tags,
        deps = [":%s.objects" % name],
        **kwargs
    )

def cc_module_test(
        name,
        srcs,
        deps = [],
        copts = [],
        textual_hdrs = [],
        local_defines = [],
        tags = [],
        main = Label("@com_google_googletest//:gtest_main"),
        **kwargs):
    """A cc_test whose sources may import modules. Other attributes: cc_test's.

    googletest and its main() come along; main = None leaves main() to `srcs`.
    """
    all_deps = deps + ([main] if main else [])

    # Tests are compiled more often than they run long.
    flags = ["-O1"] + copts
    _sources(name, srcs, all_deps, flags, textual_hdrs, local_defines, True, tags)
    native.cc_test(
        name = name,
        tags = tags,
        deps = [":%s.objects" % name],
        **kwargs
    )

def _sources(name, srcs, deps, copts, textual_hdrs, local_defines, testonly, tags):
    cc_module_library(
        name = name + ".objects",
        srcs = srcs,
        alwayslink = True,
        copts = copts,
        local_defines = local_defines,
        tags = tags,
        testonly = testonly,
        textual_hdrs = textual_hdrs,
        visibility = ["//visibility:private"],
        deps = deps,
    )
