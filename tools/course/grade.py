"""Grading: a learner's regions, laid over sealed tests, built and run in a sandbox.

For a lesson one workspace is made, as a checkout is, from the instructor's repository.
Submission after submission its regions are replaced; what is not a region comes from
here. An exercise that does not compile is taken out and the rest is built again, so
that it costs its own points only.
"""

import argparse
import dataclasses
import os
import pathlib
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as xml

from tools.course import checkout_record as records
from tools.course import lessons as model
from tools.course import regions, reports, results, runner, submission, workspace
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


@dataclasses.dataclass(frozen=True)
class Limits:
    """For each test."""

    seconds: int = 60
    megabytes: int = 4096


class Sandbox:
    """Builds and runs the tests of a sealed workspace with Bazel, without network and
    with nothing but the test's own scratch folder to write to."""

    def __init__(self, limits: Limits, hidden: list[pathlib.Path]):
        self._limits = limits
        self._hidden = hidden  # folders that tests can't see

    def _options(self) -> list[str]:
        options = ["--color=no", "--curses=no", "--noshow_progress"]
        options += ["--spawn_strategy=linux-sandbox"]
        options += ["--sandbox_default_allow_network=false"]
        return options + [f"--sandbox_block_path={path}" for path in self._hidden]

    def build(self, lesson: model.Lesson) -> results.Failure | None:
        return results.build(lesson.root, lesson, self._options())

    def close(self, lesson: model.Lesson) -> None:
        command = [*results.bazel(lesson.root), "clean", "--expunge"]
        subprocess.run(
            command,
            cwd=lesson.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def run(self, lesson: model.Lesson) -> dict[str, runner.Result]:
        command = [
            *results.bazel(lesson.root),
            "test",
            *self._options(),
            "--keep_going",
        ]
        command += ["--nocache_test_results", "--test_output=summary"]
        command += ["--test_timeout=3600"]
        command += ["--run_under=//tools/course/sealed:run"]
        command += [f"--test_env=COURSE_SECONDS={self._limits.seconds}"]
        command += [f"--test_env=COURSE_MEGABYTES={self._limits.megabytes}"]
        command += [f"//{lesson.test_folder}/..."]
        subprocess.run(
            command,
            cwd=lesson.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        found: dict[str, runner.Result] = {}
        logs = lesson.root / "bazel-testlogs" / lesson.test_folder
        for path in sorted(logs.rglob("test.xml")):
            found |= read_report(path)
        return found


def read_report(path: pathlib.Path) -> dict[str, runner.Result]:
    """The results that sealed/run.py wrote. A report of another kind has none."""
    try:
        suites = xml.parse(path).getroot().findall("testsuite")
    except (OSError, xml.ParseError):
        return {}
    found = {}
    for suite in suites:
        if suite.get("name") != "graded":
            continue
        for case in suite.findall("testcase"):
            failure = case.find("failure")
            name = f"{case.get('classname')}.{case.get('name')}"
            text = "" if failure is None else failure.text or ""
            found[name] = runner.Result(failure is None, text)
    return found


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

    def __init__(self, root: pathlib.Path, number: int, folder: pathlib.Path, sandbox):
        self._plan = seal(root, number, folder)
        self._given = model.find(root, number)
        self._lesson = model.Lesson(folder, number, self._given.name)
        self._sandbox = sandbox

    def grade(self, folder: pathlib.Path, name: str) -> reports.Grade:
        handed_in = submission.take(folder, self._lesson, self._plan, name)
        notes = {e: f"not taken: {why}" for e, why in handed_in.refused.items()}
        bodies = dict(handed_in.bodies)
        built = False
        while bodies:
            self._lay_in(bodies)
            failure = self._sandbox.build(self._lesson)
            if failure is None:
                built = True
                break
            if failure.exercise not in bodies:
                notes |= {e: f"does not build: {failure.text}" for e in bodies}
                break
            notes[failure.exercise] = f"does not compile: {failure.text}"
            del bodies[failure.exercise]
        found = self._sandbox.run(self._lesson) if built else {}
        return self._score(handed_in, bodies, notes, found)

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
        """Which tests there are, the sources say: not what a program printed."""
        names = list(dict.fromkeys(self._given.test_names()))
        graded = []
        for exercise in self._given.pack.exercises:
            note = notes.get(exercise.id, "")
            if not note and exercise.id not in bodies:
                note = "not written yet"
            tests = {
                test: found.get(test, runner.Result(False, "did not run\n"))
                if exercise.id in bodies
                else runner.Result(False, "")
                for test in names
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
        grade = grader.grade(folder, folder.name)
        write(grade, out if single else out / folder.name)
        grades.append(grade)
        print(
            f"[{number}/{len(submissions)}] {folder.name:24} {grade.points:6g} of 100"
            + (
                f", {len(grade.submission.discarded)} edits discarded"
                if grade.submission.discarded
                else ""
            ),
            flush=True,
        )
    if not single:
        (out / "scores.csv").write_text(reports.table(grades), encoding="utf-8")
    return grades


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
    parser.add_argument("--lesson", type=int, required=True, metavar="N")
    parser.add_argument("--out", type=path_of, required=True, metavar="DIR2")
    parser.add_argument("--seconds", type=int, default=60, help="for each test")
    parser.add_argument("--megabytes", type=int, default=4096, help="for each test")
    options = parser.parse_args(arguments[1:])
    if options.submission:
        submissions = [options.submission]
    else:
        submissions = sorted(p for p in options.everybody.iterdir() if p.is_dir())
    for folder in submissions:
        if not folder.is_dir():
            raise CourseError(f"{folder} is no folder")
    limits = Limits(options.seconds, options.megabytes)
    hidden = [root, *submissions]
    with tempfile.TemporaryDirectory(prefix="course-grade-") as scratch:
        folder = pathlib.Path(scratch) / "sealed"
        grader = Grader(root, options.lesson, folder, Sandbox(limits, hidden))
        grade_all(grader, submissions, options.out, options.submission is not None)
        grader.close()
    print(f"written to {os.path.relpath(options.out)}")
    return 0
