#!/bin/sh
# bazel run //tools:compile_commands
# Writes compile_commands.json at the workspace's root: how Bazel compiles each file of
# ours, for clangd 19 and other editors. Run it again when an interface has changed:
# the BMIs that editors read are built here, apart from Bazel's.
set -eu
cd "$BUILD_WORKSPACE_DIRECTORY"
bazel=tools/bazel

# Generated headers, under the name by which native C++ rules offer them.
"$bazel" build --keep_going --output_groups=compilation_prerequisites_INTERNAL_ //...
execution_root=$("$bazel" info execution_root 2> /dev/null)
"$bazel" aquery --output=jsonproto \
    'mnemonic("CppCompile|CppModuleInterface", //...)' 2> /dev/null |
    python3 tools/build/editor/compile_commands.py "$PWD" "$execution_root" \
        > compile_commands.json.new
mv compile_commands.json.new compile_commands.json
echo "compile_commands.json: $(grep -c '"file"' compile_commands.json) files"
