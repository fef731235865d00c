"""Turns Bazel's list of compile actions into a compilation database.

    bazel aquery --output=jsonproto ... | compile_commands.py WORKSPACE EXECUTION_ROOT

Only files of the workspace are listed, under the paths an editor opens them by; all
else is looked up in the execution root, where Bazel keeps it. Headers get the command
of a source beside them, so that each -inl.h is parsed too.

Bazel's BMIs name files by paths that hold only inside its actions, so editors get
their own, in .cache/editor.
"""

import concurrent.futures
import json
import os
import subprocess
import sys

HEADERS = (".h", ".inc")
MODULE_FILE = "-fmodule-file="


class Editor:
    """The two folders that every path of a command is relative to."""

    def __init__(self, workspace, execution_root):
        self.workspace = workspace
        self.execution_root = execution_root

    def bmi(self, path):
        """Where the editor's twin of one of Bazel's BMIs lies."""
        return os.path.join(self.workspace, ".cache", "editor", path)

    def command(self, arguments):
        """The same command without outputs, with our headers and BMIs in place."""
        result = []
        skip = False
        for argument in arguments:
            if skip:
                skip = False
            elif argument in ("-o", "-MF", "-c", "-Xclang"):
                skip = True
            elif argument == "-MD" or argument.startswith("-fmodule-output="):
                pass
            elif argument == "." and result and result[-1] == "-iquote":
                result.append(self.workspace)
            elif argument.startswith(MODULE_FILE):
                name, path = argument[len(MODULE_FILE) :].split("=", 1)
                result.append(MODULE_FILE + name + "=" + self.bmi(path))
            else:
                result.append(argument)
        return result

    def database(self, commands):
        """One entry a source, then one a header that has a source in its folder."""
        entries = dict(commands)
        for source, command in sorted(commands.items()):
            folder = os.path.dirname(source)
            for name in sorted(os.listdir(os.path.join(self.workspace, folder))):
                header = os.path.join(folder, name)
                if name.endswith(HEADERS) and header not in entries:
                    entries[header] = command + ["-x", "c++-header"]
        return [
            {
                "directory": self.execution_root,
                "file": os.path.join(self.workspace, source),
                "arguments": command + [os.path.join(self.workspace, source)],
            }
            for source, command in sorted(entries.items())
        ]

    def build_bmi(self, source, command, output):
        os.makedirs(os.path.dirname(output), exist_ok=True)
        source = os.path.join(self.workspace, source)
        result = subprocess.run(
            command + ["--precompile", source, "-o", output],
            cwd=self.execution_root,
            env=dict(os.environ, PWD=self.execution_root),
            check=False,
        )
        return result.returncode == 0


def value_after(arguments, flag):
    return arguments[arguments.index(flag) + 1] if flag in arguments else None


def main():
    editor = Editor(*sys.argv[1:])
    commands = {}
    levels = {}
    for action in json.load(sys.stdin).get("actions", []):
        arguments = action["arguments"]
        source = value_after(arguments, "-c")
        if not source or source.startswith(("external/", "bazel-out/")):
            continue
        if any(a.startswith(MODULE_FILE) and ".variants." in a for a in arguments):
            continue  # the same source once more, with a lesson's every answer
        commands[source] = editor.command(arguments)
        for argument in arguments:
            if argument.startswith("-fmodule-output="):
                # All modules it reaches are named: whoever names fewer comes first.
                level = sum(a.startswith(MODULE_FILE) for a in arguments)
                bmi = editor.bmi(argument.split("=", 1)[1])
                levels.setdefault(level, []).append((source, commands[source], bmi))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for _, interfaces in sorted(levels.items()):
            if not all(pool.map(lambda job: editor.build_bmi(*job), interfaces)):
                sys.exit("an interface does not compile")
    json.dump(editor.database(commands), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
