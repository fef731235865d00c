"""What a learner sees of a test that failed: the first thing that went wrong in it,
whose exercise it is, and where help is. Always less than 25 lines."""

import re

from tools.course import pack as packs

_MOST_LINES = 19  # of what the test printed; five more say where it belongs
_BEGINS = re.compile(r"^\S.*: Failure$|^(?:crashed: |did not end within )")
_LINE_NUMBER = re.compile(r"^(\S+\.(?:cc|h)):\d+:")


def _blocks(message: str) -> list[list[str]]:
    """What a test printed, failure by failure."""
    blocks: list[list[str]] = [[]]
    for line in message.rstrip().splitlines():
        if _BEGINS.match(line) and any(blocks[-1]):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def first(message: str) -> list[str]:
    """The first failure in what a test printed."""
    lines = "\n".join(_blocks(message)[0]).rstrip().splitlines()
    left = len(lines) - _MOST_LINES
    if left > 0:
        lines = [*lines[:_MOST_LINES], f"... {left} more lines"]
    return lines


def steady(message: str) -> str:
    """The first failure without lines' numbers, which change whenever a test file does.
    How many more there are may differ from run to run: memory that a wrong answer has
    overwritten, say, ends some runs early."""
    return "\n".join(_LINE_NUMBER.sub(r"\1:", line) for line in first(message))


def text(exercise: packs.Exercise, test: str, message: str) -> str:
    lines = first(message)
    count = len(_blocks(message))
    if count > 1:
        lines.append(f"(the first of {count} failures in this test)")
    return "\n".join(
        [
            f"{exercise.id} {exercise.title}: {test}",
            *[f"  {line}".rstrip() for line in lines],
            f"lesson's section: {exercise.section}",
            f"for a hint: ./course hint {exercise.id}",
        ]
    )
