"""Grading: a learner's regions, laid over sealed tests, built and run in a sandbox.

For a lesson one workspace is made, as a checkout is, from the instructor's repository.
Submission after submission its regions are replaced; what is not a region comes from
here. An exercise that does not compile is taken out and the rest is built again, so
that it costs its own points only.
"""

import argparse
import os
import pathlib
import shutil
import tempfile

from tools.course import checkout_record as records
from tools.course import lessons as model
from tools.course import regions, reports, results, runner, sandbox, submission
from tools.course import workspace
from tools.course.errors import CourseError

_MAIN = 'Label("@com_google_googletest//:gtest_main")'
_SEALED_MAIN = 'Label("//tools/course/sealed:main")'
_SEALED_BUILD = """\
cc_library(
    name = "main",
    testonly = True,
    srcs = ["main.cc"],
    visibility = ["//visibility:public"],
    deps = ["@com_google_googletest//:gtest"],
)

py_library(
    name = "runner",
    srcs = ["//tools/course:runner.py"],
)

py_binary(
    name = "run",
    srcs = ["run.py"],
    deps = [":runner"],
)
"""


def seal(root: pathlib.Path, number: int, folder: pathlib.Path) -> workspace.Plan:
    """Writes the workspace that submissions for this lesson are built in."""
    plan = workspace.plan(root, number)
    files = dict(plan.files)
    rules = "tools/build/cc_modules.bzl"
    if _MAIN not in files[rules]:
        raise CourseError(f"{rules}: there is no default {_MAIN} to replace")
    files[rules] = files[rules].replace(_MAIN, _SEALED_MAIN)
    here = root / "tools" / "course" / "sealed"
    for name in ("main.cc", "run.py"):
        files[f"tools/course/sealed/{name}"] = (here / name).read_text(encoding="utf-8")
    files["tools/course/sealed/BUILD.bazel"] = _SEALED_BUILD
    files["tools/course/BUILD.bazel"] = 'exports_files(["runner.py"])\n'
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(records.to_bytes(text))
        target.chmod(0o755 if path in plan.programs else 0o644)
    for name in (".bazelrc.local", ".bazelrc.user"):
        if (root / name).exists():
            shutil.copy(root / name, folder / name)
    return plan


class Grader:
    """Grades submissions for one lesson in one sealed workspace."""

    def __init__(
        self,
        root: pathlib.Path,
        number: int,
        folder: pathlib.Path,
        box: sandbox.Sandbox,
    ):
        self._given = model.find(root, number)
        self._plan = seal(root, number, folder)
        self._lesson = model.Lesson(folder, number, self._given.name)
        self._sandbox = box

    def prepare(self) -> None:
        """Builds what is given. What goes wrong here is no submission's fault."""
        failure = self._sandbox.build(self._lesson)
        if failure is not None:
            raise CourseError(f"nothing can be graded here: {failure.text}")

    def grade(self, folder: pathlib.Path, name: str) -> reports.Grade:
        handed_in = self._take(folder, name)
        notes = {e: f"not taken: {why}" for e, why in handed_in.refused.items()}
        bodies = dict(handed_in.bodies)
        failure = self._build(bodies, notes)
        if failure is not None and len(bodies) > 1:
            # Nobody's, it seems: each by itself shows whose it is.
            for exercise, body in list(bodies.items()):
                if self._build({exercise: body}, {}) is not None:
                    notes[exercise] = f"does not build: {failure.text}"
                    del bodies[exercise]
            failure = self._build(bodies, notes)
        if failure is not None:
            notes |= {e: f"does not build: {failure.text}" for e in bodies}
            bodies = {}
        tests = [
            test
            for test in self._tests()
            if any(self._given.pack.exercise(e).owns(test) for e in bodies)
        ]
        found = self._sandbox.run(self._lesson, tests) if tests else {}
        return self._score(handed_in, bodies, notes, found)

    def _take(self, folder: pathlib.Path, name: str) -> submission.Submission:
        """What is handed in. What can't be read is its learner's fault, whatever it
        is: the others are graded."""
        try:
            return submission.take(folder, self._lesson, self._plan, name)
        except (CourseError, OSError, RecursionError, ValueError) as error:
            why = f"the submission can't be read: {error}"
            refused = {e.id: why for e in self._given.pack.exercises}
            return submission.Submission(name, refused=refused)

    def _tests(self) -> list[str]:
        """Which tests there are, the sources say: not what a program printed."""
        return list(dict.fromkeys(self._given.test_names()))

    def _build(self, bodies, notes) -> results.Failure | None:
        """Builds what can be built; what can't leaves `bodies` with a note."""
        while bodies:
            self._lay_in(bodies)
            failure = self._sandbox.build(self._lesson)
            if failure is None or failure.exercise not in bodies:
                return failure
            notes[failure.exercise] = f"does not compile: {failure.text}"
            del bodies[failure.exercise]
        return None

    def close(self) -> None:
        """Takes back what the builds left outside of the sealed workspace."""
        self._sandbox.close(self._lesson)

    def _lay_in(self, bodies: dict[str, list[str]]) -> None:
        for path, text in self._plan.files.items():
            if (
                path.startswith(self._lesson.module_folder + "/")
                and "[solution" in text
            ):
                laid = regions.parse(path, text).with_bodies(bodies)
                target = self._lesson.root / path
                if target.read_text(encoding="utf-8") != laid:
                    target.write_text(laid, encoding="utf-8")

    def _score(self, handed_in, bodies, notes, found) -> reports.Grade:
        graded = []
        for exercise in self._given.pack.exercises:
            note = notes.get(exercise.id, "")
            if not note and exercise.id not in bodies:
                note = "not written yet"
            tests = {
                test: found.get(test, runner.Result(False, "did not run\n"))
                if exercise.id in bodies
                else runner.Result(False, "")
                for test in self._tests()
                if exercise.owns(test)
            }
            graded.append(reports.ExerciseGrade(exercise, tests, note))
        return reports.Grade(handed_in, self._given.number, graded)


def write(grade: reports.Grade, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = reports.gradescope(grade)
    faults = reports.check_gradescope(text)
    if faults:
        raise CourseError(f"results.json is not as documented: {faults}")
    (folder / "results.json").write_text(text, encoding="utf-8")
    (folder / "junit.xml").write_text(reports.junit(grade), encoding="utf-8")
    (folder / "scores.csv").write_text(reports.table([grade]), encoding="utf-8")


def grade_all(
    grader: Grader, submissions: list[pathlib.Path], out: pathlib.Path, single: bool
) -> list[reports.Grade]:
    grades = []
    for number, folder in enumerate(submissions, start=1):
        # A folder's name may be anything; in reports it is a text.
        name = runner.printable(os.fsencode(folder.name).decode(errors="replace"))
        grade = grader.grade(folder, name)
        write(grade, out if single else out / folder.name)
        grades.append(grade)
        if not single:  # now, should a later one bring everything to a halt
            (out / "scores.csv").write_text(reports.table(grades), encoding="utf-8")
        print(
            f"[{number}/{len(submissions)}] {name:24} {grade.points:6g} of 100"
            + (
                f", {len(grade.submission.discarded)} edits discarded"
                if grade.submission.discarded
                else ""
            ),
            flush=True,
        )
    if not single:
        print(reports.summary(grades))
    return grades


def _lesson_of(submissions: list[pathlib.Path]) -> int:
    """The lesson that all of these checkouts were made for."""
    numbers = {}
    for folder in submissions:
        try:
            numbers.setdefault(records.read(folder)["lesson"], folder)
        except CourseError:
            continue  # whoever handed that in; the others say it
    if len(numbers) != 1:
        found = ", ".join(f"{n} in {folder}" for n, folder in numbers.items())
        raise CourseError(f"name the --lesson; the checkouts say: {found or 'nothing'}")
    return next(iter(numbers))


def submissions_in(folder: pathlib.Path, out: pathlib.Path) -> list[pathlib.Path]:
    """The class's folders: not those whose names begin with a dot, nor what grading
    itself wrote there before."""
    found = (path for path in folder.glob("[!.]*") if path.is_dir())
    return sorted(path for path in found if path.resolve() != out.resolve())


def run(root: pathlib.Path, arguments: list[str]) -> int:
    from tools.course.commands import path_of

    parser = argparse.ArgumentParser(prog="course grade")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--submission", type=path_of, metavar="DIR", help="one checkout")
    who.add_argument(
        "--class",
        type=path_of,
        metavar="DIR",
        dest="everybody",
        help="a folder of checkouts, one a learner",
    )
    parser.add_argument(
        "--lesson", type=int, metavar="N", help="unless it is what the checkouts say"
    )
    parser.add_argument("--out", type=path_of, required=True, metavar="DIR2")
    parser.add_argument("--seconds", type=int, default=60, help="for each test")
    parser.add_argument("--megabytes", type=int, default=4096, help="for each test")
    options = parser.parse_args(arguments[1:])
    if options.submission:
        submissions = [options.submission]
    else:
        submissions = submissions_in(options.everybody, options.out)
    for folder in submissions or [options.everybody]:
        if not folder.is_dir():
            raise CourseError(f"{folder} is no folder")
    if not submissions:
        raise CourseError(f"{options.everybody} has no folders to grade")
    number = options.lesson
    if number is None:
        number = _lesson_of(submissions)
    limits = sandbox.Limits(options.seconds, options.megabytes)
    place = sandbox.place()
    if place.is_relative_to(root.resolve()):
        raise CourseError(f"{place}: in this repository, which submissions can't see")
    options.out.mkdir(parents=True, exist_ok=True)  # what is not there is not hidden
    hidden = [root, root / "bazel-out", *sandbox.disk_caches(root), options.out]
    hidden += [options.everybody or options.submission.parent, *submissions]
    box = sandbox.Sandbox(limits, hidden)
    with tempfile.TemporaryDirectory(prefix="grading-", dir=place) as folder:
        grader = Grader(root, number, pathlib.Path(folder), box)
        try:
            grader.prepare()
            grade_all(grader, submissions, options.out, options.submission is not None)
        finally:
            grader.close()
    print(f"written to {options.out}")
    return 0
