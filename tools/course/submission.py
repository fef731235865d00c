"""What is taken from a submission: the text of its regions, and nothing else.

A submission is a stranger's folder. Its tests, build files and records are not read;
its sources are read only to find regions. Text that could act outside of the function
that it stands in is refused.
"""

import dataclasses
import os
import pathlib
import re

from tools.course import checkout_record as records
from tools.course import files, regions, workspace
from tools.course import lessons as model
from tools.course.errors import CourseError

_MOST_BYTES = 1 << 20  # of a source file
_MOST_EDITS = 100  # that are listed

# Neither needed by any exercise nor harmless. The sandbox and the sealed runner hold
# without this list; it says early, and by name, what would come to nothing.
_FORBIDDEN = re.compile(
    r"\b(asm|extern|constructor|system|popen|v?fork|exec[lv]p?e?|clone|ifunc"
    r"|syscall|dlopen|dlsym|ptrace|getenv|setenv|putenv|environ|[io]?fstream|fopen"
    r"|freopen|atexit|at_quick_exit|UnitTest|TestEventListener"
    # Names of the compiler and its headers: __attribute__, __asm, __END_DECLS, which
    # hides a brace; and the libraries' macros that do the same.
    r"|__(?!builtin_|func__|restrict|int128|FILE__|LINE__)\w*|_(?!Exit\b)[A-Z]\w*"
    r"|ABSL_(?:NAMESPACE|ATTRIBUTE|INTERNAL)\w*|HWY_(?:BEFORE|AFTER|PUSH|POP)_\w*)\b"
    r"|\btesting\s*::",
    re.ASCII,
)
# A bracket or a brace by another name. <:: is none but in <::> and <:::.
_DIGRAPH = re.compile(r"<%|%>|%:|:>|<:(?!:[^:>])")
_ATTRIBUTE = re.compile(r"\[\s*\[\s*(\w*)\s*(?:\]\s*\])?")
_ATTRIBUTES = ("maybe_unused", "nodiscard", "likely", "unlikely", "fallthrough")


@dataclasses.dataclass
class Submission:
    """What one learner handed in for one lesson."""

    name: str
    bodies: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    refused: dict[str, str] = dataclasses.field(default_factory=dict)  # and why
    discarded: list[str] = dataclasses.field(default_factory=list)  # edits, not graded


# What C++ reads as one, as far as it tells literals from code. A name or a number is
# taken whole: 8'a is one number, u8'a' a literal, and the R of _R"(" begins none.
_TOKEN = re.compile(
    r"""
    (?P<raw>(?:u8|[uUL])?R"(?P<tag>[^()\\\s]{0,16})\()
  | (?P<quoted>(?:u8|[uUL])?(?:
      "[^"\\\n]*(?:\\.[^"\\\n]*)*" | '[^'\\\n]*(?:\\.[^'\\\n]*)*'))
  | (?P<line>//[^\n]*)
  | (?P<block>/\*)
  | (?P<number>\.?[0-9](?:[eEpP][+-] | '?[0-9A-Za-z_] | [.$\x80-\U0010ffff])*)
  | (?P<name>[A-Za-z_$\x80-\U0010ffff][0-9A-Za-z_$\x80-\U0010ffff]*)
  | (?P<bad>["'\\])
  | (?P<other>[^"'\\/.0-9A-Za-z_$\x80-\U0010ffff]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NOT_ENDED = "a string or a comment does not end inside the exercise"


class _Refused(Exception):
    """Why a text can't be taken."""


def _split(text: str) -> tuple[str, str]:
    """The text without comments and with empty literals, and what is in the literals;
    in time proportional to the text."""
    code: list[str] = []
    literals: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        kind, found = match.lastgroup, match[0]
        at = match.end()
        if kind in ("raw", "block"):
            end = f'){match["tag"]}"' if kind == "raw" else "*/"
            to = text.find(end, at)
            if to < 0:
                raise _Refused(_NOT_ENDED)
            found, at = text[at:to], to + len(end)
        if kind in ("raw", "quoted"):
            inner = found if kind == "raw" else found.split(found[-1], 1)[1][:-1]
            literals.append(inner)
            code.append('""')
        elif kind in ("line", "block"):
            code.append(" " + "\n" * found.count("\n"))
        elif kind == "bad":
            raise _Refused("a backslash" if found == "\\" else _NOT_ENDED)
        elif kind == "number" and text.startswith("'", at):
            raise _Refused("a quote behind a number")  # 1p+'x' is read in two ways
        else:
            code.append(found)
    return "".join(code), "".join(literals)


def why_refused(text: str) -> str | None:
    """Why a region's text can't be taken; None if it can."""
    text = regions.with_newlines(text)
    if re.search(r"\\[^\S\n]*\n", text + "\n"):
        return "a backslash at the end of a line"
    try:
        code, literals = _split(text)
    except _Refused as refused:
        return str(refused)
    if re.search(r"^[^\S\n]*(#|\?\?=)", code, re.MULTILINE):
        return "a preprocessor line"
    if re.search(r"^[^\S\n]*(import|export|module)\b", code, re.MULTILINE):
        return "an import"
    if match := _DIGRAPH.search(code):
        return f"'{match[0]}', a bracket by another name"
    depth = 0
    for character in code:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return "a brace closes the function around the exercise"
    if depth != 0:
        return "a brace is not closed"
    for match in _ATTRIBUTE.finditer(code):
        if match[1] not in _ATTRIBUTES or not match[0].endswith("]"):
            return "an attribute that no exercise needs"
    if match := _FORBIDDEN.search(code):
        return f"'{match[0][:40]}' can't be used in an exercise"
    if "/proc" in literals:
        return "'/proc' can't be used in an exercise"
    return None


def take(
    folder: pathlib.Path, lesson: model.Lesson, plan: workspace.Plan, name: str
) -> Submission:
    """Reads the lesson's regions from the folder, and lists every other difference
    from `plan`, what the learner was given."""
    result = Submission(name)
    for path, given in sorted(plan.files.items()):
        try:
            content = files.read(folder, path, _MOST_BYTES)
            if content is None:
                result.discarded.append(f"{path}: missing")
                continue
            if content == records.to_bytes(given):
                continue
            text = regions.with_newlines(content.decode("utf-8"))
        except (CourseError, UnicodeDecodeError) as error:
            damaged = isinstance(error, UnicodeDecodeError)
            why = f"{path}: no text file" if damaged else str(error)
            result.discarded.append(why)
            if path.startswith(lesson.module_folder + "/"):
                _refuse_all(path, given, why, result)
            continue
        if text == regions.with_newlines(given):
            continue
        if path.startswith(lesson.module_folder + "/"):
            _take_regions(path, text, given, result)
        else:
            result.discarded.append(f"{path}: edited")
    for path in _strangers(folder, set(plan.files)):
        result.discarded.append(f"{path}: not part of the lesson")
    more = len(result.discarded) - _MOST_EDITS
    if more > 0:
        result.discarded[_MOST_EDITS:] = [f"and {more} more"]
    return result


def _strangers(folder: pathlib.Path, known: set[str]) -> list[str]:
    """The files that stand among a lesson's and are none of it."""
    found = []
    for top in ("modules", "tests", "lessons"):
        if (folder / top).is_symlink():
            continue
        for place, _, names in os.walk(folder / top):
            for name in names:
                path = pathlib.Path(place, name).relative_to(folder).as_posix()
                if path not in known:
                    found.append(path)
    return sorted(found)


def _refuse_all(path: str, given: str, why: str, result: Submission) -> None:
    for region in regions.parse(path, given).regions:
        result.refused[region.exercise] = why


def _take_regions(path: str, text: str, given: str, result: Submission) -> None:
    stubs = regions.parse(path, given).regions
    expected = {region.exercise: region for region in stubs}
    try:
        document = regions.parse(path, text)
    except CourseError as error:
        _refuse_all(path, given, f"the markers are damaged: {error}", result)
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
