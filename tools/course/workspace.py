"""What stands in a learner's workspace: the files of one lesson and of what it needs.

A plan maps each path to its text. Planning reads the reference and writes nothing.
"""

import dataclasses
import os
import pathlib
import re

from tools.course import checkout_record as records
from tools.course import leaks
from tools.course import lessons as model
from tools.course import regions
from tools.course.errors import CourseError

LAST = 9  # the capstone; it has no module and no exercises of its own

_ROOT_FILES = (
    ".bazelrc",
    ".bazeliskrc",
    ".clang-format",
    ".gitignore",
    "BUILD.bazel",
    "WORKSPACE",
    "lessons/BUILD.bazel",
    "lessons/example_test.sh",
    "lessons/lesson.bzl",
    "lessons/readme_test.sh",
    "modules/BUILD.bazel",
    "modules/lessons.bzl",
    "modules/tensor.cppm",
    "tools/bazel",
)
_ROOT_FOLDERS = ("third_party", "tools/build", "modules/runtime", "modules/loops")
# The learner's half of this tool; grading, proof and checkouts stay at home.
TOOL = (
    "__main__.py",
    "checkout_record.py",
    "doctor.py",
    "errors.py",
    "failures.py",
    "files.py",
    "lessons.py",
    "loop.py",
    "pack.py",
    "regions.py",
    "results.py",
    "runner.py",
    "terminal.py",
)
_UNNEEDED = ("tools/build/smoke/", "tools/build/tests/")  # the build rule's own tests
_TEXT = re.compile(r"\.(md|html|txt)$")

_BAZELRC = """
# Half-written code leaves names unused: no error in a checkout.
build --per_file_copt=modules/.*@-Wno-unused-but-set-variable,-Wno-unused-const-variable
build --per_file_copt=modules/.*@-Wno-unused-function,-Wno-unused-lambda-capture
build --per_file_copt=modules/.*@-Wno-unused-parameter,-Wno-unused-template
build --per_file_copt=modules/.*@-Wno-unused-variable
"""

# Files that a checkout begins with, the learner's from then on.
YOURS = {
    ".bazelrc.user": """\
# Kernels for this machine's widest vectors alone: an edit is tested in seconds. Without
# this line they are built for all that it has, as in grading; try that in the end.
build --config=fast
"""
}

_LAUNCHER = """\
#!/bin/sh
# The learner's command: ./course help
exec python3 "$(dirname "$0")/tools/course" "$@"
"""


@dataclasses.dataclass(frozen=True)
class Plan:
    """A workspace as texts. `programs` are the paths that can be executed."""

    number: int
    files: dict[str, str]
    programs: frozenset[str]


def plan(root: pathlib.Path, number: int) -> Plan:
    """The workspace for lesson `number`: those before it solved, this one a starter."""
    if not 0 <= number <= LAST:
        raise CourseError(f"there is no lesson {number}: they are 0 to {LAST}")
    order = model.lesson_names(root)
    given = [lesson for lesson in model.all_lessons(root) if lesson.number <= number]
    later = [name for name in order if name not in [lesson.name for lesson in given]]
    files: dict[str, str] = {}
    for path in _ROOT_FILES:
        if (root / path).exists():
            files[path] = _read(root / path)
    for folder in _ROOT_FOLDERS:
        files |= _folder(root, folder)
    for name in TOOL:
        files[f"tools/course/{name}"] = _read(root / "tools/course" / name)
    files |= _folder(root, "tests/support")
    solutions: list[regions.Region] = []
    readable: list[list[str]] = []
    for lesson in given:
        files |= _lesson(root, lesson)
        for document in lesson.documents():
            if lesson.number < number:
                readable.append(list(document.lines))
                continue
            solutions += document.regions
            readable.append(document.outside())
            files[document.path] = regions.with_stubs(document, lesson.pack.titles)
    if number == LAST:
        files |= _folder(root, "modules/io") | _folder(root, "lessons/09_digits")
    files = {path: _without_later(path, text, later) for path, text in files.items()}
    files[".bazelrc"] += _BAZELRC
    files["course"] = _LAUNCHER
    files["README.md"] = _readme(root, number)
    files["tools/course/BUILD.bazel"] = "# Run by ./course; nothing is built here.\n"
    secret = leaks.secrets(solutions, readable)
    for path in files:
        if _TEXT.search(path):
            files[path] = leaks.redact(files[path], secret)
    leaks.check(files, secret)
    programs = {path for path in files if os.access(root / path, os.X_OK)}
    return Plan(number, files, frozenset(programs | {"course"}))


def _lesson(root: pathlib.Path, lesson: model.Lesson) -> dict[str, str]:
    files = _folder(root, lesson.module_folder)
    files |= _folder(root, lesson.test_folder)
    text = _folder(root, lesson.folder)
    wrong = f"{lesson.folder}/wrong/"
    files |= {path: t for path, t in text.items() if not path.startswith(wrong)}
    return files


def _folder(root: pathlib.Path, folder: str) -> dict[str, str]:
    found = {}
    for path in sorted((root / folder).rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.startswith(_UNNEEDED) or "__pycache__" in name:
            continue
        if path.is_file():
            found[name] = _read(path)
    return found


def _read(path: pathlib.Path) -> str:
    return records.to_text(path.read_bytes())


_PROOF_LOAD = re.compile(r'^load\("//tools/course:proof\.bzl".*\)\n', re.MULTILINE)
_PROOF_CALL = re.compile(
    r"\n(?:#.*\n)*(?:course_variants|course_proof)"
    r"\((?:[^()\n]*\)|\n(?: .*\n)*\))\n"
)


def _without_later(path: str, text: str, later: list[str]) -> str:
    """BUILD files without the proof's rules, the umbrella without later lessons."""
    if path.endswith("BUILD.bazel"):
        text = _PROOF_CALL.sub("", _PROOF_LOAD.sub("", text))
    if path == "modules/BUILD.bazel" and later:
        text = text.replace("in LESSONS]", f"in LESSONS if lesson not in {later}]")
    if path in ("modules/BUILD.bazel", "modules/tensor.cppm"):
        gone = [f"tensor.{name};" for name in later]
        gone += [f'"//modules/{name}",' for name in later]
        lines = text.splitlines(keepends=True)
        text = "".join(x for x in lines if not any(word in x for word in gone))
    return text


def _readme(root: pathlib.Path, number: int) -> str:
    if number == LAST:
        return _README.format(number=number, title="Digits", name="09_digits") + _LAST
    lesson = model.find(root, number)
    rows = "".join(
        f"- {e.id} {e.title} ({e.kind}, {e.points} points)\n"
        for e in lesson.pack.exercises
    )
    folder = lesson.folder.split("/")[1]
    text = _README.format(number=number, title=lesson.pack.title, name=folder)
    return text + _EXERCISES.format(
        rows=rows,
        module=lesson.module_folder,
        minutes=lesson.pack.minutes,
        objectives="".join(f"- {one.says}\n" for one in lesson.pack.objectives),
        mistakes="".join(f"- {one}\n" for one in lesson.pack.mistakes),
    )


_README = """\
# Lesson {number}: {title}

Read [the lesson](lessons/{name}/README.md). The lessons before it are solved.
"""

_EXERCISES = """
It takes about {minutes} minutes. What you will learn to do:

{objectives}
Mistakes that are easily made here:

{mistakes}
What you write stands in {module}, between lines such as `// [solution {{N.k}}]` and
`// [/solution]`; leave those lines, and everything outside them, as it is.

{rows}
```
./course status        what passes so far
./course test          build and run the tests; ./course test N.k for one exercise
./course hint N.k      a question; once more: an idea; once more: a sketch
./course why N.k       what is asked, and which tests earn the points
./course watch         test again at every change of a file
./course reset N.k     begin an exercise again; your text is kept
./course solution N.k  the course's answer, once yours passes
./course quiz          questions to check yourself by
./course doctor        what is wrong with this machine, and how to mend it
```

The first build takes a minute or two, the next ones seconds.
""".replace("{{N.k}}", "N.k")

_LAST = """
There is nothing left out here: run it, change it, take it further.

```
tools/bazel run -c opt //lessons/09_digits -- --help
```
"""
