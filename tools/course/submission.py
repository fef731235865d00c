"""What is taken from a submission: the text of its regions, and nothing else.

A submission is a stranger's folder. Its tests, build files and records are not read;
its sources are read only to find regions. Text that could act outside of the function
that it stands in is refused.
"""

import dataclasses
import pathlib
import re

from tools.course import regions, workspace
from tools.course import lessons as model
from tools.course.errors import CourseError

_MOST_BYTES = 1 << 20  # of a source file

# Neither needed by any exercise nor harmless. The sandbox and the sealed runner hold
# without this list; it says early, and by name, what would come to nothing.
_FORBIDDEN = re.compile(
    r"\b(asm|__asm__|_Pragma|extern|constructor|system|popen|v?fork|exec[lv]p?e?|clone"
    r"|syscall|dlopen|dlsym|ptrace|getenv|setenv|putenv|environ|[io]?fstream|fopen"
    r"|freopen|atexit|at_quick_exit|UnitTest|TestEventListener)\b"
    r"|\btesting\s*::|/proc/"
)


@dataclasses.dataclass
class Submission:
    """What one learner handed in for one lesson."""

    name: str
    bodies: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    refused: dict[str, str] = dataclasses.field(default_factory=dict)  # and why
    discarded: list[str] = dataclasses.field(default_factory=list)  # edits, not graded


def code_only(text: str) -> str:
    """The text without comments, and with empty literals: for looking at its shape."""
    pattern = re.compile(
        r'R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'
        r'|"(?:[^"\\\n]|\\.)*"|(?<![0-9a-fA-F])\'(?:[^\'\\\n]|\\.)*\''
        r"|//(?:\\\n|[^\n])*|/\*.*?\*/",
        re.DOTALL,
    )

    def blank(match: re.Match) -> str:
        literal = match[0]
        return '""' if literal[0] in "R\"'" else " " + "\n" * literal.count("\n")

    return pattern.sub(blank, text)


def why_refused(text: str) -> str | None:
    """Why a region's text can't be taken; None if it can."""
    code = code_only(text)
    if '"' in code.replace('""', "") or "/*" in code:
        return "a string or a comment does not end inside the exercise"
    if re.search(r"^\s*(#|%:|\?\?=)", code, re.MULTILINE):
        return "a preprocessor line"
    if re.search(r"^\s*(import|export|module)\b", code, re.MULTILINE):
        return "an import"
    depth = 0
    for character in code:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return "a brace closes the function around the exercise"
    if depth != 0:
        return "a brace is not closed"
    if match := _FORBIDDEN.search(code):
        return f"'{match[0]}' can't be used in an exercise"
    return None


def _read(path: pathlib.Path) -> str | None:
    """The file's text; None if it is no plain file of reasonable size."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST_BYTES:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def take(
    folder: pathlib.Path, lesson: model.Lesson, plan: workspace.Plan, name: str
) -> Submission:
    """Reads the lesson's regions from the folder, and lists every other difference
    from `plan`, what the learner was given."""
    result = Submission(name)
    root = folder.resolve()
    for path, given in sorted(plan.files.items()):
        target = folder / path
        if target.exists() and not target.resolve().is_relative_to(root):
            result.discarded.append(f"{path}: a link that leads out of the submission")
            continue
        if not target.exists():
            result.discarded.append(f"{path}: missing")
            continue
        text = _read(target)
        if text is None:
            result.discarded.append(f"{path}: no text file")
            continue
        if text == given:
            continue
        if not path.startswith(lesson.module_folder + "/"):
            result.discarded.append(f"{path}: edited")
            continue
        _take_regions(path, text, given, result)
    known = set(plan.files)
    for target in sorted(folder.rglob("*")):
        path = target.relative_to(folder).as_posix()
        if not path.startswith(("modules/", "tests/", "lessons/")):
            continue
        if target.is_file() and path not in known:
            result.discarded.append(f"{path}: not part of the lesson")
    return result


def _take_regions(path: str, text: str, given: str, result: Submission) -> None:
    stubs = regions.parse(path, given).regions
    expected = {region.exercise: region for region in stubs}
    try:
        document = regions.parse(path, text)
    except CourseError as error:
        for exercise in expected:
            result.refused[exercise] = f"the markers are damaged: {error}"
        return
    found = {region.exercise: region for region in document.regions}
    if document.outside() != regions.parse(path, given).outside():
        result.discarded.append(f"{path}: edited outside of the exercises")
    for exercise, stub in expected.items():
        if exercise not in found:
            result.refused[exercise] = "its markers are gone"
        elif found[exercise].body != stub.body:
            reason = why_refused(found[exercise].text)
            if reason is None:
                result.bodies[exercise] = list(found[exercise].body)
            else:
                result.refused[exercise] = reason
