"""The parts of a source file that a learner writes.

A region stands between two lines of their own, inside a function's body:

    float mean(const Tensor& x) {
      // [solution 4.2]
      ...
      // [/solution]
    }

The signature and its contract stay outside, so that every form of the file declares
the same functions. What may stand in a region's place: the reference, a stub that
throws, a learner's text, or a planted wrong answer.

    document = parse("modules/core/views.cc", text)
    starter = document.with_bodies({"0.2": stub_body(...)})
"""

import dataclasses
import re

from tools.course.errors import CourseError

_OPEN = re.compile(r"^(\s*)// \[solution (\d+\.\d+)\]$", re.ASCII)
_CLOSE = re.compile(r"^\s*// \[/solution\]$", re.ASCII)
# A line that means to be a marker; anything but the two forms above is an error.
_COMMENT = re.compile(r"^\s*/[/*]")
_LOOKS_LIKE = re.compile(r"\[\s*+(?:/\s*+)?solution\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Region:
    """One exercise's lines. `line` is the opening marker's number, from 1."""

    exercise: str
    path: str
    line: int
    indent: str
    body: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.body)


@dataclasses.dataclass(frozen=True)
class Document:
    """A source file as lines, and where its regions are."""

    path: str
    lines: tuple[str, ...]
    regions: tuple[Region, ...]

    def region(self, exercise: str) -> Region:
        for region in self.regions:
            if region.exercise == exercise:
                return region
        raise CourseError(f"{self.path}: there is no region {exercise}")

    def with_bodies(self, bodies: dict[str, list[str]]) -> str:
        """The file's text with other lines in these regions; markers stay."""
        lines = list(self.lines)
        for region in reversed(self.regions):
            if region.exercise in bodies:
                begin = region.line  # the index of the first line after the marker
                lines[begin : begin + len(region.body)] = bodies[region.exercise]
        return "\n".join(lines)

    def outside(self) -> list[str]:
        """The lines that are nobody's to write: all but the regions' bodies."""
        lines = list(self.lines)
        for region in reversed(self.regions):
            del lines[region.line : region.line + len(region.body)]
        return lines


def with_newlines(text: str) -> str:
    """With the one end of lines that Python and the compiler agree on."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(path: str, text: str) -> Document:
    """Finds the regions. A marker that is missing, nested, used twice or written in
    another way is a CourseError that names the line."""
    lines = tuple(text.split("\n"))
    regions: list[Region] = []
    opened = None  # (exercise, line, indent)
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        where = f"{path}:{number}"
        if match := _OPEN.match(line):
            exercise = match[2]
            if opened:
                raise CourseError(
                    f"{where}: solution {exercise} begins inside solution "
                    f"{opened[0]}, which began in line {opened[1]}"
                )
            if exercise in seen:
                raise CourseError(
                    f"{where}: solution {exercise} stands in line "
                    f"{seen[exercise]} already"
                )
            seen[exercise] = number
            opened = (exercise, number, match[1])
        elif _CLOSE.match(line):
            if not opened:
                raise CourseError(f"{where}: [/solution] without a [solution N.k]")
            exercise, first, indent = opened
            body = lines[first : number - 1]
            if not any(one.strip() for one in body):
                raise CourseError(f"{where}: solution {exercise} is empty")
            regions.append(Region(exercise, path, first, indent, body))
            opened = None
        elif _COMMENT.match(line) and _LOOKS_LIKE.search(line):
            raise CourseError(
                f"{where}: not a marker: write '// [solution N.k]' or "
                "'// [/solution]' on a line of its own"
            )
    if opened:
        exercise, line, _ = opened
        raise CourseError(f"{path}:{line}: solution {exercise} has no [/solution]")
    return Document(path, lines, tuple(regions))


def is_kernel_header(path: str) -> bool:
    """Is it included once for each SIMD target, where no module can be imported?"""
    return path.endswith("-inl.h")


def stub_body(region: Region, title: str) -> list[str]:
    """What a starter has in the region's place: it compiles and fails its own tests
    by an exception that names the exercise and the way to a hint."""
    error = "std::logic_error" if is_kernel_header(region.path) else "NotImplemented"
    throw = f"{region.indent}throw {error}("
    text = (
        f'"{region.exercise} {title}: not written yet '
        f'(./course hint {region.exercise})");'
    )
    if len(throw) + len(text) <= 88:
        return [throw + text]
    return [throw, f"{region.indent}    {text}"]


def with_stubs(document: Document, titles: dict[str, str]) -> str:
    """The starter: every region whose exercise has a title becomes a stub."""
    bodies = {
        region.exercise: stub_body(region, titles[region.exercise])
        for region in document.regions
        if region.exercise in titles
    }
    text = document.with_bodies(bodies)
    if bodies and is_kernel_header(document.path):
        text = with_include(text, "<stdexcept>")
    return text


def with_include(text: str, header: str) -> str:
    """The text with one more #include in front of its first; none twice."""
    line = f"#include {header}\n"
    if line in text:
        return text
    at = re.search(r"^#include", text, re.MULTILINE)
    if at is None:
        raise CourseError(f"no #include to put {header} beside")
    return text[: at.start()] + line + text[at.start() :]
