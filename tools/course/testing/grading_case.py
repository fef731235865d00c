"""A grader on a small course, for tests. Where Bazel would build and run, a stand-in
answers: an exercise passes its tests if its text says what RIGHT says."""

import pathlib
import tempfile
import unittest

from tools.course import checkout, grade, regions, results, runner
from tools.course.testing import small_course

TESTS = {"1.1": ("Count.firstOne", "Count.firstTwo"), "1.2": ("Count.secondOne",)}
RIGHT = {"1.1": "  return first_creation(1);", "1.2": "  return second_creation(2);"}


class StandIn:
    """Judges the sealed workspace by its text."""

    broken = False

    def __init__(self):
        self.builds = 0

    def build(self, lesson):
        self.builds += 1
        for exercise, region in lesson.regions().items():
            if "does not compile" in region.text:
                return results.Failure(exercise, "x.cc:1: expected ';'")
            if "breaks the build" in region.text:
                return results.Failure(None, "out of luck")
        return results.Failure(None, "no compiler") if self.broken else None

    def close(self, lesson):
        pass

    def run(self, lesson, tests):
        found = {}
        for exercise, region in lesson.regions().items():
            if "ends early" in region.text:
                continue  # its process gave no secret back: there is no result
            good = RIGHT[exercise].strip() in region.text
            for test in set(TESTS[exercise]) & set(tests):
                crashed = "crashes the first" in region.text and test.endswith("One")
                found[test] = runner.Result(good and not crashed, "crashed: SIGSEGV\n")
        return found


def add_sealed(root: pathlib.Path) -> None:
    """What a sealed workspace takes from the reference beside a checkout's files."""
    rules = root / "tools/build/cc_modules.bzl"
    rules.parent.mkdir(parents=True)
    rules.write_text('main = Label("@com_google_googletest//:gtest_main")\n')
    sealed = root / "tools/course/sealed"
    sealed.mkdir()
    for name in ("main.cc", "run.py"):
        (sealed / name).write_text("// sealed\n")


class GradingCase(unittest.TestCase):
    """A reference, its grader, and submissions for lesson 1."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        self.root = small_course.write(self.here / "reference")
        add_sealed(self.root)
        self.sandbox = StandIn()
        self.grader = grade.Grader(self.root, 1, self.here / "sealed", self.sandbox)

    def submit(self, name: str = "ada", **answers: str) -> pathlib.Path:
        folder = self.here / name
        checkout.checkout(self.root, 1, folder)
        path = folder / "modules/creation/creation.cc"
        document = regions.parse("m.cc", path.read_text())
        bodies = {f"{e[1]}.{e[2]}": text.split("\n") for e, text in answers.items()}
        path.write_text(document.with_bodies(bodies))
        return folder

    def points(self, folder: pathlib.Path) -> dict[str, float]:
        self.graded = self.grader.grade(folder, folder.name)
        return {one.exercise.id: one.points for one in self.graded.exercises}
