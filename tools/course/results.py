"""Builds a checkout's tests, runs them, and keeps what came out.

Bazel builds; the tests are run one process after another (runner.py), so that a crash
or an endless loop in one exercise says nothing about the others.
"""

import dataclasses
import hashlib
import json
import os
import pathlib
import re
import subprocess

from tools.course import lessons as model
from tools.course import pack as packs
from tools.course import regions, runner
from tools.course.errors import CourseError

FILE = ".course/results.json"
_ERROR = re.compile(
    r"^(?:\./)?(modules/[\w./-]+):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$"
)


@dataclasses.dataclass
class Score:
    """How one exercise stands."""

    exercise: packs.Exercise
    tests: dict[str, bool]
    message: str  # of the first test that fails
    first: str  # that test

    @property
    def passed(self) -> bool:
        return bool(self.tests) and all(self.tests.values())

    @property
    def points(self) -> float:
        if not self.tests:
            return 0
        share = sum(self.tests.values()) / len(self.tests)
        return round(self.exercise.points * share, 2)

    @property
    def unwritten(self) -> bool:
        return not self.passed and "not written yet" in self.message


@dataclasses.dataclass(frozen=True)
class Failure:
    """Why there are no results: is it the exercise, or the set-up?"""

    exercise: str | None
    text: str


def bazel(root: pathlib.Path) -> list[str]:
    return [str(root / "tools" / "bazel")]


def build(
    root: pathlib.Path, lesson: model.Lesson, options: list[str] | None = None
) -> Failure | None:
    """Builds the lesson's tests; a Failure if that does not work."""
    command = [*bazel(root), "build", "--color=no", "--curses=no"]
    command += ["--noshow_progress", *(options or []), f"//{lesson.test_folder}/..."]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except OSError as error:
        return Failure(None, f"{command[0]} does not start: {error}")
    if done.returncode == 0:
        return None
    return explain(lesson, done.stdout)


def explain(lesson: model.Lesson, output: str) -> Failure:
    """Whose fault a failed build is: an error inside a region is its exercise's, one in
    the given code is the learner's too if it was edited, all else is the set-up's."""
    for line in output.splitlines():
        match = _ERROR.match(line.strip())
        if match is None:
            continue
        path, number, text = match[1], int(match[2]), match[3]
        exercise = None
        source = lesson.root / path
        if source.exists():
            try:
                found = regions.parse(path, source.read_text()).regions
            except CourseError as error:
                return Failure(None, str(error))
            for region in found:
                if region.line <= number <= region.line + len(region.body) + 1:
                    exercise = region.exercise
        return Failure(exercise, f"{path}:{number}: {text}")
    return Failure(None, "\n".join(output.strip().splitlines()[-12:]))


def sources_sum(lesson: model.Lesson) -> str:
    """Changes with every change of the lesson's sources and tests."""
    digest = hashlib.sha256()
    for folder in (lesson.module_folder, lesson.test_folder):
        for path in sorted((lesson.root / folder).rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(lesson.root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def run(
    lesson: model.Lesson, tests: tuple[str, ...] | None
) -> dict[str, runner.Result]:
    """Runs the built tests whose names fit (all for None)."""
    folder = lesson.root / "bazel-bin" / lesson.test_folder
    results: dict[str, runner.Result] = {}
    for binary in sorted(folder.glob("*_test")):
        if not os.access(binary, os.X_OK) or not binary.is_file():
            continue
        names = runner.list_tests(str(binary))
        if tests is not None:
            names = [name for name in names if packs.matches(name, tests)]
        if names:
            results |= runner.run(str(binary), names)
    return results


def save(lesson: model.Lesson, results: dict[str, runner.Result]) -> None:
    """Keeps results; those of other tests stay if the sources are still the same."""
    path = lesson.root / FILE
    kept = load(lesson)[0]
    kept.update(results)
    content = {
        "sources": sources_sum(lesson),
        "tests": {
            name: {"passed": result.passed, "message": result.message}
            for name, result in sorted(kept.items())
        },
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def load(lesson: model.Lesson) -> tuple[dict[str, runner.Result], bool]:
    """The results kept for the sources as they are, and whether older ones were
    thrown away."""
    try:
        content = json.loads((lesson.root / FILE).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        return {}, False
    if content.get("sources") != sources_sum(lesson):
        return {}, True
    return {
        name: runner.Result(row["passed"], row["message"])
        for name, row in content["tests"].items()
    }, False


def scores(pack: packs.Pack, results: dict[str, runner.Result]) -> list[Score]:
    """Each exercise's score; a test that was not run does not count as passed."""
    rows = []
    for exercise in pack.exercises:
        own = {name: r for name, r in results.items() if exercise.owns(name)}
        bad = [name for name, result in own.items() if not result.passed]
        rows.append(
            Score(
                exercise,
                {name: result.passed for name, result in own.items()},
                own[bad[0]].message if bad else "",
                bad[0] if bad else "",
            )
        )
    return rows
