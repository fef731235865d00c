"""What a learner sees of a test that failed: the first thing that went wrong in it,
whose exercise it is, and where help is. Always less than 25 lines."""

import re

from tools.course import pack as packs

_MOST_LINES = 19  # of what the test printed; five more say where it belongs
_BEGINS = re.compile(r"^\S.*: Failure$")
_LINE_NUMBER = re.compile(r"^(\S+\.(?:cc|h)):\d+:")


def first(message: str) -> list[str]:
    """The first failure in what a test printed, and how many are left out."""
    blocks: list[list[str]] = [[]]
    for line in message.rstrip().splitlines():
        if _BEGINS.match(line) and any(blocks[-1]):
            blocks.append([])
        blocks[-1].append(line)
    lines = "\n".join(blocks[0]).rstrip().splitlines()
    left = len(lines) - _MOST_LINES
    if left > 0:
        lines = [*lines[:_MOST_LINES], f"... {left} more lines"]
    if len(blocks) > 1:
        lines.append(f"(the first of {len(blocks)} failures in this test)")
    return lines


def without_numbers(lines: list[str]) -> list[str]:
    """The same but for lines' numbers, which change whenever a test file does."""
    return [_LINE_NUMBER.sub(r"\1:", line) for line in lines]


def text(exercise: packs.Exercise, test: str, message: str) -> str:
    return "\n".join(
        [
            f"{exercise.id} {exercise.title}: {test}",
            *[f"  {line}".rstrip() for line in first(message)],
            f"lesson's section: {exercise.section}",
            f"for a hint: ./course hint {exercise.id}",
        ]
    )
