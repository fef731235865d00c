"""A course of three lessons, small enough to read: what the tools' tests work on."""

import pathlib

from tools.course import workspace

_NAMES = ("core", "creation", "init")

_SOURCE = """\
module tensor.{name};
{imports}
constexpr int kOne = 1;

int one_{name}() {{
  // [solution {number}.1]
  // the first solution of {name}
  return first_{name}(1);
  // [/solution]
}}

int two_{name}() {{
  // [solution {number}.2]
  // the second solution of {name}
  return second_{name}(2);
  // [/solution]
}}
"""
_BUILD = """\
load("//tools/build:cc_modules.bzl", "cc_module_library")
load("//tools/course:proof.bzl", "{proof}")

cc_module_library(
    name = "{name}",
)

{proof}(name = "{name}")
"""
_PACK = """\
number = {number}
name = "{name}"
title = "About {name}"
minutes = 10
series = "Part 1"
prerequisites = {prerequisites}
mistakes = []
[[objectives]]
says = "Count"
tests = ["*"]
"""
_EXERCISE = """
[[exercises]]
id = "{number}.{item}"
title = "{word} of {name}"
kind = "loops"
points = {points}
section = "Counting"
asks = "Count."
hints = ["question?", "idea!", "sketch..."]
tests = ["Count.{word}*"]
"""


def write(root: pathlib.Path) -> pathlib.Path:
    """Writes the reference workspace and returns its folder."""
    files = {
        "modules/lessons.bzl": f"LESSONS = {list(_NAMES)!r}\n",
        "modules/BUILD.bazel": "".join(f'"//modules/{n}",\n' for n in _NAMES),
        "modules/tensor.cppm": "".join(f"export import tensor.{n};\n" for n in _NAMES),
        "tests/support/BUILD.bazel": "",
        ".bazelrc": "build --x\n",
        "WORKSPACE": "",
    }
    for number, name in enumerate(_NAMES):
        lesson = f"lessons/{number:02}_{name}"
        values = {
            "name": name,
            "number": number,
            "imports": "".join(f"import tensor.{n};\n" for n in _NAMES[:number]),
            "prerequisites": list(_NAMES[:number]),
        }
        files |= {
            f"modules/{name}/{name}.cc": _SOURCE.format(**values),
            f"modules/{name}/BUILD.bazel": _BUILD.format(
                proof="course_variants", **values
            ),
            f"tests/{name}/{name}_test.cc": (
                "// test\n"
                "TEST(Count, firstOne) {}\n"
                "TEST(Count, firstTwo) {}\n"
                "TEST(Count, secondOne) {}\n"
            ),
            f"tests/{name}/BUILD.bazel": _BUILD.format(proof="course_proof", **values),
            f"{lesson}/README.md": f"# About {name}\n\n## Counting\n",
            f"{lesson}/lesson.toml": _PACK.format(**values)
            + _EXERCISE.format(item=1, word="first", points=60, **values)
            + _EXERCISE.format(item=2, word="second", points=40, **values),
            f"{lesson}/wrong/{number}.1.toml": "",
        }
    for name in workspace.TOOL:
        files[f"tools/course/{name}"] = "# the tool\n"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root
