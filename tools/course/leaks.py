"""No part of a solution may stand in a learner's workspace.

One line alone, `for (std::int64_t i = 0; i < n; ++i) {`, says nothing. Two lines in a
row do, unless code that the learner is given has the same two, or they are no more than
an end, `}` and `return result;`.
"""

import re

from tools.course import regions
from tools.course.errors import CourseError

_FENCE = re.compile(r"^( *)```[^\n]*\n.*?^\1```$", re.MULTILINE | re.DOTALL)

_END = re.compile(r".{0,3}|return \w+;")

Secrets = dict[tuple[str, ...], str]


def _windows(lines: list[str] | tuple[str, ...], size: int):
    """Each `size` lines in a row, without blank lines and indentation, and the number
    of the first, from 1."""
    full = [(i, line.strip()) for i, line in enumerate(lines, 1) if line.strip()]
    for at in range(len(full) - size + 1):
        rows = full[at : at + size]
        yield tuple(text for _, text in rows), rows[0][0]


def _size(region: regions.Region) -> int:
    return min(2, sum(1 for line in region.body if line.strip()))


def secrets(solutions: list[regions.Region], given: list[list[str]]) -> Secrets:
    """The runs of lines that only the solutions have, each with its exercise. `given`
    holds the source files that the learner may read, as lines, without the solutions.
    """
    known = {
        window
        for lines in given
        for size in (1, 2)
        for window, _ in _windows(lines, size)
    }
    return {
        window: region.exercise
        for region in solutions
        for window, _ in _windows(region.body, _size(region))
        if window not in known and not all(map(_END.fullmatch, window))
    }


def _find(lines: list[str], secret: Secrets) -> tuple[int, str] | None:
    for size in (1, 2):
        for window, number in _windows(lines, size):
            if window in secret:
                return number, secret[window]
    return None


def redact(text: str, secret: Secrets) -> str:
    """The text without the code blocks that give a solution away."""

    def block(match: re.Match) -> str:
        found = _find(match[0].split("\n"), secret)
        if found is None:
            return match[0]
        return f"{match[1]}*(exercise {found[1]}: yours to write)*"

    return _FENCE.sub(block, text)


def check(files: dict[str, str], secret: Secrets) -> None:
    """Raises a CourseError that names the first place that gives a solution away."""
    for path, text in sorted(files.items()):
        if found := _find(text.split("\n"), secret):
            raise CourseError(f"{path}:{found[0]}: gives away exercise {found[1]}")
