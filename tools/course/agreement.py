"""Does a lesson's data say what its code says?

The code is right by definition: regions are the exercises, the lessons whose modules
are imported or whose headers are included the prerequisites, the sources' TEST lines
the tests.
"""

import re
from collections.abc import Iterator

from tools.course import lessons as model
from tools.course import pack as packs

_LEAST_EXERCISES = 3
_LEAST_QUESTIONS = 3
_MOST_MARKERS = 0.05  # of a module's lines
_IMPORT = re.compile(r"^\s*(?:export\s+)?import\s+tensor\.(\w+)\s*;", re.MULTILINE)
_INCLUDE = re.compile(r'^\s*#include\s+"modules/(\w+)/', re.MULTILINE)

# By googletest's macros, or through a helper that is named for it.
_ASSERTS = re.compile(r"\b(?:EXPECT|ASSERT)_[A-Z_]+\(|\bexpect_\w+\(")


def problems(lesson: model.Lesson, order: list[str]) -> Iterator[str]:
    """What disagrees, each in one line. `order` is the list of all lessons' names."""
    pack = lesson.pack
    if (pack.number, pack.name) != (lesson.number, lesson.name):
        yield f"is lesson {lesson.number} {lesson.name}, not {pack.number} {pack.name}"
    yield from _exercises(lesson, pack)
    yield from _prerequisites(lesson, pack, order)
    yield from _tests(lesson, pack)
    yield from _sections(lesson, pack)
    if len(pack.quiz) < _LEAST_QUESTIONS:
        yield f"the quiz has {len(pack.quiz)} questions, not {_LEAST_QUESTIONS}"
    for question in pack.quiz:
        if not 1 <= question.answer <= len(question.choices):
            yield f"quiz: '{question.asks}': there is no choice {question.answer}"


def _exercises(lesson, pack) -> Iterator[str]:
    regions = lesson.regions()
    ids = [exercise.id for exercise in pack.exercises]
    if ids != list(regions):
        yield f"exercises are {ids}, the code's regions are {list(regions)}"
    expected = [f"{lesson.number}.{i + 1}" for i in range(len(ids))]
    if ids != expected:
        yield f"exercises are numbered {ids}, not {expected}"
    if len(ids) < _LEAST_EXERCISES:
        yield f"{len(ids)} exercises, not {_LEAST_EXERCISES}"
    points = sum(exercise.points for exercise in pack.exercises)
    if points != 100:
        yield f"the points add up to {points}, not 100"
    for exercise in pack.exercises:
        for needed in exercise.needs:
            if needed not in ids or ids.index(needed) >= ids.index(exercise.id):
                yield f"{exercise.id} needs {needed}, which does not come before it"
    lines = sum(len(document.lines) for document in lesson.documents())
    if 2 * len(regions) > _MOST_MARKERS * lines:
        yield f"{2 * len(regions)} markers in {lines} lines: above 5 %"


def _prerequisites(lesson, pack, order) -> Iterator[str]:
    used = set()
    for path in lesson.sources():
        text = (lesson.root / path).read_text(encoding="utf-8")
        used |= {*_IMPORT.findall(text), *_INCLUDE.findall(text)}
    expected = sorted(used & set(order) - {lesson.name}, key=order.index)
    if list(pack.prerequisites) != expected:
        yield f"prerequisites are {list(pack.prerequisites)}, the code uses {expected}"


def _tests(lesson, pack) -> Iterator[str]:
    bodies = lesson.tests()
    tests = list(bodies)
    lists = [(f"exercise {e.id}", e.tests + e.also) for e in pack.exercises]
    lists += [(f"objective '{o.says}'", o.tests) for o in pack.objectives]
    for who, patterns in lists:
        if not patterns:
            yield f"{who} has no tests"
        for pattern in patterns:
            if not any(packs.matches(test, (pattern,)) for test in tests):
                yield f"{who}: no test is called {pattern}"
    for test in tests:
        if not _ASSERTS.search(bodies[test]):
            yield f"{test} asserts nothing"
        owners = [e.id for e in pack.exercises if e.owns(test)]
        if len(owners) > 1:
            yield f"{test} belongs to {' and '.join(owners)}"
        if not any(packs.matches(test, one.tests) for one in pack.objectives):
            yield f"{test} serves no objective"


def _sections(lesson, pack) -> Iterator[str]:
    readme = lesson.root / lesson.folder / "README.md"
    text = readme.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    for exercise in pack.exercises:
        if exercise.section not in headings:
            yield f"{exercise.id}: README.md has no section '{exercise.section}'"
