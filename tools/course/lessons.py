"""Where things are: the lessons of a workspace and the files that belong to each."""

import ast
import dataclasses
import functools
import pathlib
import re

from tools.course import pack as packs
from tools.course import regions
from tools.course.errors import CourseError

_SOURCES = ("*.cppm", "*.cc", "*.h")


@dataclasses.dataclass(frozen=True)
class Lesson:
    """One lesson of the workspace at `root`; paths are relative to it."""

    root: pathlib.Path
    number: int
    name: str

    @property
    def folder(self) -> str:
        return f"lessons/{self.number:02}_{self.name}"

    @property
    def module_folder(self) -> str:
        return f"modules/{self.name}"

    @property
    def test_folder(self) -> str:
        return f"tests/{self.name}"

    @functools.cached_property
    def pack(self) -> packs.Pack:
        return packs.load(self.root / self.folder)

    def sources(self) -> list[str]:
        """The module's files, sorted."""
        folder = self.root / self.module_folder
        found = {path for pattern in _SOURCES for path in folder.glob(pattern)}
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def documents(self) -> list[regions.Document]:
        """The module's files, parsed; no exercise stands in two of them."""
        documents = []
        owner: dict[str, str] = {}
        for path in self.sources():
            text = read_source(self.root / path)
            document = regions.parse(path, text)
            for region in document.regions:
                if region.exercise in owner:
                    raise CourseError(
                        f"{path}:{region.line}: solution {region.exercise} stands in "
                        f"{owner[region.exercise]} already"
                    )
                owner[region.exercise] = path
            documents.append(document)
        return documents

    def regions(self) -> dict[str, regions.Region]:
        """Every exercise's region, in the order of their numbers."""
        found = {r.exercise: r for d in self.documents() for r in d.regions}
        return dict(sorted(found.items(), key=lambda item: number_of(item[0])))

    def tests(self) -> dict[str, str]:
        """Suite.Name of each test in the sources, without the parameters, and its
        body."""
        found = {}
        folder = self.root / self.test_folder
        for path in sorted(folder.glob("*_test.cc")):
            for match in _TEST.finditer(path.read_text(encoding="utf-8")):
                found[f"{match[1]}.{match[2]}"] = match[3]
        return found

    def test_names(self) -> list[str]:
        return list(self.tests())


def read_source(path: pathlib.Path) -> str:
    """The file's text; one that is not UTF-8 is a CourseError."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CourseError(f"{path}:{line}: not UTF-8; save the file as that") from None


_TEST = re.compile(
    r"^(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)([^\n]*\}$|.*?^\}$)",
    re.MULTILINE | re.DOTALL,
)


def number_of(exercise: str) -> tuple[int, int]:
    """(3, 2) of "3.2", to sort by."""
    match = re.fullmatch(r"(\d{1,4})\.(\d{1,4})", exercise, re.ASCII)
    if match is None:
        raise CourseError(f"{exercise!r} names no exercise; write it as 2.1")
    return int(match[1]), int(match[2])


def lesson_names(root: pathlib.Path) -> list[str]:
    """The lessons in order, from the list that the build uses."""
    path = root / "modules" / "lessons.bzl"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{path}: there is no such file") from None
    match = re.search(r"^LESSONS = (\[[^\]]*\])", text, re.MULTILINE)
    if match is None:
        raise CourseError(f"{path}: there is no list named LESSONS")
    return ast.literal_eval(match[1])


def all_lessons(root: pathlib.Path) -> list[Lesson]:
    """The lessons with a module, 0 to 8, whether or not they are in this workspace."""
    return [Lesson(root, i, name) for i, name in enumerate(lesson_names(root))]


def find(root: pathlib.Path, number: int) -> Lesson:
    lessons = all_lessons(root)
    if not 0 <= number < len(lessons):
        last = len(lessons) - 1
        raise CourseError(f"there is no lesson {number}: they are 0 to {last}")
    return lessons[number]
