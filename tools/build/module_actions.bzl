"""The actions behind cc_module_library. Bazel's own C++ names are loaded only here."""

load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

def _toolchain(ctx):
    cc_toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features,
        # Clang's own, older modules (header maps): they exclude C++20's.
        unsupported_features = ctx.disabled_features + [
            "layering_check",
            "module_maps",
            "parse_headers",
        ],
    )
    return struct(cc = cc_toolchain, features = features)

def _compilation_context(deps):
    """What the dependencies offer to #include, as one context."""

    # merge_compilation_contexts is missing in Bazel 4.
    infos = [dep[CcInfo] for dep in deps]
    return cc_common.merge_cc_infos(cc_infos = infos).compilation_context

def _shown(label):
    """As it is written in a BUILD file: Bazel 7 puts @ before one of this workspace."""
    text = str(label)
    bare = text.lstrip("@")
    return bare if bare.startswith("//") else text

def _check_imports(ctx, direct):
    """One file that exists only if every import is served by the target's deps."""
    result = ctx.actions.declare_file(ctx.label.name + ".imports")
    sources = ctx.files.module_interfaces + ctx.files.srcs
    arguments = ctx.actions.args()
    arguments.add(result)
    arguments.add(_shown(ctx.label))
    arguments.add(ctx.attr.module_name or "-")
    arguments.add_joined(direct, join_with = ",", omit_if_empty = False)
    arguments.add_all(sources)
    ctx.actions.run_shell(
        inputs = sources,
        tools = [ctx.file._check_imports],
        outputs = [result],
        command = 'exec sh "%s" "$@"' % ctx.file._check_imports.path,
        arguments = [arguments],
        mnemonic = "CppCheckImports",
        progress_message = "Comparing imports and deps of %s" % ctx.label,
    )
    return result

def _user_flags(ctx, modules):
    # glibc's checked memcpy and its like are inline functions whose bodies clang 19
    # loses on the way through a BMI; the linker then misses "memcpy.inline".
    flags = ["-U_FORTIFY_SOURCE"]
    if ctx.var["COMPILATION_MODE"] == "fastbuild":
        # Unoptimised SIMD is a hundred times slower, and slower to compile.
        flags.append("-O1")
    return flags + ctx.attr.copts + [
        "-fmodule-file=%s=%s" % (module.name, module.bmi.path)
        for module in modules
    ]

def _interface_name(ctx, source, is_primary):
    if is_primary:
        return ctx.attr.module_name
    stem = source.basename[:-len(source.extension) - 1]
    return "%s:%s" % (ctx.attr.module_name, stem)

def _compile_interfaces(ctx, toolchain, context, imported, checked):
    """Compiles each interface to a BMI and an object, in one run of the compiler."""
    if ctx.files.module_interfaces and not ctx.attr.module_name:
        fail("module_interfaces need a module_name")
    own = []
    objects = []
    last = len(ctx.files.module_interfaces) - 1
    for i, source in enumerate(ctx.files.module_interfaces):
        stem = "%s.modules/%s" % (ctx.label.name, source.basename)
        bmi = ctx.actions.declare_file(stem + ".pcm")
        object = ctx.actions.declare_file(stem + ".o")
        variables = cc_common.create_compile_variables(
            feature_configuration = toolchain.features,
            cc_toolchain = toolchain.cc,
            source_file = source.path,
            output_file = object.path,
            user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts +
                                 _user_flags(ctx, imported + own) +
                                 ["-fmodule-output=" + bmi.path] +
                                 # An importer's diagnostics quote the interface.
                                 ["-Xclang", "-fmodules-embed-file=" + source.path],
            include_directories = context.includes,
            quote_include_directories = depset(
                [".", ctx.bin_dir.path, ctx.genfiles_dir.path] +
                ([ctx.label.workspace_root] if ctx.label.workspace_root else []),
                transitive = [context.quote_includes],
            ),
            system_include_directories = context.system_includes,
            preprocessor_defines = depset(
                ctx.attr.local_defines,
                transitive = [context.defines],
            ),
            use_pic = True,
        )
        ctx.actions.run(
            executable = cc_common.get_tool_for_action(
                feature_configuration = toolchain.features,
                action_name = _COMPILE,
            ),
            arguments = cc_common.get_memory_inefficient_command_line(
                feature_configuration = toolchain.features,
                action_name = _COMPILE,
                variables = variables,
            ),
            env = dict(
                cc_common.get_environment_variables(
                    feature_configuration = toolchain.features,
                    action_name = _COMPILE,
                    variables = variables,
                ),
                # Else the sandbox's own path would be written into the BMI.
                PWD = "/proc/self/cwd",
            ),
            inputs = depset(
                [source, checked] + [module.bmi for module in imported + own],
                transitive = [context.headers, toolchain.cc.all_files],
            ),
            outputs = [bmi, object],
            mnemonic = "CppModuleInterface",
            progress_message = "Compiling module interface %s" % source.short_path,
        )
        name = _interface_name(ctx, source, is_primary = i == last)
        own.append(struct(name = name, bmi = bmi))
        objects.append(object)
    outputs = cc_common.create_compilation_outputs(
        objects = depset(objects),
        pic_objects = depset(objects),
    )
    return struct(modules = own, outputs = outputs)

_COMPILE = "c++-compile"

def _compile_sources(ctx, toolchain, context, modules, checked):
    """Compiles the .cc files as cc_library would, with the BMIs at hand."""
    _, outputs = cc_common.compile(
        actions = ctx.actions,
        name = ctx.label.name,
        feature_configuration = toolchain.features,
        cc_toolchain = toolchain.cc,
        srcs = ctx.files.srcs,
        private_hdrs = ctx.files.textual_hdrs,
        compilation_contexts = [context],
        local_defines = ctx.attr.local_defines,
        user_compile_flags = _user_flags(ctx, modules),
        additional_inputs = [checked] + [module.bmi for module in modules],
    )
    return outputs

def _merge(outputs):
    return cc_common.merge_compilation_outputs(compilation_outputs = outputs)

def _library_files(ctx, outputs):
    return DefaultInfo(
        files = depset(outputs.objects + outputs.pic_objects),
        runfiles = ctx.runfiles(collect_data = True, collect_default = True),
    )

def _cc_info(ctx, toolchain, context, outputs):
    """The target as any C++ library: its objects, and its deps' headers and objects."""
    deps = ctx.attr.deps + ctx.attr.implementation_deps
    infos = [dep[CcInfo] for dep in deps]
    linking, _ = cc_common.create_linking_context_from_compilation_outputs(
        actions = ctx.actions,
        name = ctx.label.name,
        feature_configuration = toolchain.features,
        cc_toolchain = toolchain.cc,
        compilation_outputs = outputs,
        linking_contexts = [info.linking_context for info in infos],
        user_link_flags = ctx.attr.linkopts,
        alwayslink = ctx.attr.alwayslink,
        disallow_dynamic_library = True,
    )
    return CcInfo(compilation_context = context, linking_context = linking)

module_actions = struct(
    cc_info = _cc_info,
    check_imports = _check_imports,
    compilation_context = _compilation_context,
    compile_interfaces = _compile_interfaces,
    compile_sources = _compile_sources,
    library_files = _library_files,
    merge = _merge,
    toolchain = _toolchain,
)
