"""One module with every answer inside: the reference, the stub, the wrong ones.

Building the lesson once for each planted answer would take hours. So each region
becomes a choice that the environment makes when the test starts:

    if (course_variant(302) == 0) {
      reference
    } else if (course_variant(302) == 1) {
      throw NotImplemented("3.2 ...");
    } else if (course_variant(302) == 2) {
      the first wrong answer
    } else {
      std::abort();
    }

An if, not a switch, so that break and continue still mean the loop around the region.
A region must not declare what lines after it use; the compiler sees to that.

    variants LESSON_FOLDER OUT_FOLDER SOURCE...   (run by the build: proof.bzl)
"""

import pathlib
import sys

from tools.course import pack as packs
from tools.course import regions
from tools.course.errors import CourseError

REFERENCE = 0
STUB = 1
FIRST_WRONG = 2

_HEADER = '"tools/course/variant.h"'


def code_of(exercise: str) -> int:
    """302 for "3.2"; what course_variant() is asked with."""
    lesson, item = exercise.split(".")
    return int(lesson) * 100 + int(item)


def answers(
    region: regions.Region, title: str, wrong: tuple[packs.Wrong, ...], where: str
) -> list[list[str]]:
    """What may stand in the region's place, in the order of the variants' numbers."""
    return [
        list(region.body),
        regions.stub_body(region, title),
        *[one.apply(region.text, where).split("\n") for one in wrong],
    ]


def choice(region: regions.Region, bodies: list[list[str]]) -> list[str]:
    """The lines of the if that chooses among them."""
    code = code_of(region.exercise)
    lines = []
    for number, body in enumerate(bodies):
        otherwise = "} else " if number else ""
        lines.append(f"{otherwise}if (course_variant({code}) == {number}) {{")
        lines += body
    return [*lines, "} else {", "  __builtin_trap();", "}"]


def generate(path: str, text: str, lesson: pathlib.Path, pack: packs.Pack) -> str:
    """The source with all answers in it; files without regions come out the same."""
    document = regions.parse(path, text)
    bodies = {}
    for region in document.regions:
        exercise = pack.exercise(region.exercise)
        wrong = packs.load_wrong(lesson, exercise.id)
        where = f"{lesson}/wrong/{exercise.id}.toml"
        bodies[exercise.id] = choice(
            region, answers(region, exercise.title, wrong, where)
        )
    text = document.with_bodies(bodies)
    if bodies:
        text = regions.with_include(text, _HEADER)
        if regions.is_kernel_header(path):
            text = regions.with_include(text, "<stdexcept>")
    return text


def main(arguments: list[str]) -> int:
    lesson, out, *sources = arguments
    folder = pathlib.Path(lesson)
    pack = packs.load(folder)
    for source in sources:
        path = pathlib.Path(source)
        try:
            text = generate(source, path.read_text(encoding="utf-8"), folder, pack)
        except CourseError as error:
            print(error, file=sys.stderr)
            return 1
        for copied in sources:  # the copies include each other, not the originals
            name = pathlib.PurePath(copied)
            text = text.replace(f'"{name}"', f'"{name.parent}/variants/{name.name}"')
        (pathlib.Path(out) / path.name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
