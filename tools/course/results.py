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
import signal
import subprocess
import threading
from collections.abc import Callable

from tools.course import checkout_record, files, regions, runner
from tools.course import lessons as model
from tools.course import pack as packs
from tools.course.errors import CourseError

FILE = ".course/results.json"
_PLACE = re.compile(
    r"^(?:\./)?([\w./+-]+):(\d+):(?:\d+:)? (?:fatal )?(error|note): (.*)$"
)

_PROGRESS = re.compile(r"^(\[[\d,]+ / [\d,]+\]|Loading:|Analyzing:) ")
_EXCERPT = re.compile(r"^ *\d* \| ")  # the compiler shows the code


@dataclasses.dataclass
class Score:
    """How one exercise stands."""

    exercise: packs.Exercise
    tests: dict[str, bool]
    message: str  # of the first test that fails
    first: str  # that test
    given: bool = False  # its text is the starter's

    @property
    def passed(self) -> bool:
        return bool(self.tests) and all(self.tests.values())

    @property
    def points(self) -> float:
        return self.exercise.earned(sum(self.tests.values()), len(self.tests))

    @property
    def state(self) -> str:
        if self.passed:
            return "passes"
        if not self.tests:
            return "not run"
        # What another exercise's stub throws is no failure of this one.
        unwritten = self.given or "not written yet" in self.message
        return "to do" if unwritten else "FAILS"


@dataclasses.dataclass(frozen=True)
class Failure:
    """Why there are no results: is it the exercise, or the set-up?"""

    exercise: str | None
    text: str
    code: int = 1  # Bazel's: 1 if something does not build, others if it could not try


def bazel(root: pathlib.Path) -> list[str]:
    return [str(root / "tools" / "bazel")]


def build(
    root: pathlib.Path,
    lesson: model.Lesson,
    options: list[str] | None = None,
    seconds: float | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Failure | None:
    """Builds the lesson's tests; a Failure if that does not work, or not in time.
    `say` is told each line of what Bazel and the set-up print meanwhile."""
    command = [*bazel(root), "build", "--color=no", "--curses=no"]
    command += [*(options or []), f"//{lesson.test_folder}/..."]
    try:
        process = subprocess.Popen(
            command,
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        return Failure(None, f"{command[0]} does not start: {error}", 127)
    lines: list[str] = []

    def read() -> None:
        for line in process.stdout:
            say(line.strip())
            if not _PROGRESS.match(line):
                lines.append(line)

    reader = threading.Thread(target=read)
    reader.start()
    late = False
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        late = True
        process.send_signal(signal.SIGINT)  # to Bazel: stop building
        process.wait()
    reader.join()
    process.stdout.close()
    if late:
        return Failure(None, f"the build did not end within {seconds:g} seconds")
    if process.returncode == 0:
        return None
    failure = explain(lesson, "".join(lines))
    return dataclasses.replace(failure, code=process.returncode)


def explain(lesson: model.Lesson, output: str) -> Failure:
    """Whose fault a failed build is: an error inside a region, or in what a region
    asked for (the compiler's notes say so), is its exercise's; an error in the given
    code is the learner's too if it was edited; all else is the set-up's."""
    first = ""  # the first error that is in no region
    lines = output.splitlines()
    for at, line in enumerate(lines):
        match = _PLACE.match(line.strip())
        if match is None or (match[3] == "note" and not first):
            continue
        path, number, kind, text = match[1], int(match[2]), match[3], match[4]
        try:
            exercise = _exercise_at(lesson, path, number)
        except CourseError as error:
            return Failure(None, str(error))
        if kind == "note":
            if exercise is not None:
                return Failure(exercise, f"{first}\n{path}:{number}: {text}")
        elif exercise is not None:
            excerpt = [x for x in lines[at + 1 : at + 4] if _EXCERPT.match(x)]
            return Failure(exercise, "\n".join([f"{path}:{number}: {text}", *excerpt]))
        elif not first:
            first = f"{path}:{number}: {text}"
    return Failure(None, first or "\n".join(output.strip().splitlines()[-12:]))


def _exercise_at(lesson: model.Lesson, path: str, number: int) -> str | None:
    """The exercise that has this line, markers included."""
    source = lesson.root / path
    if not path.startswith("modules/") or not source.exists():
        return None
    for region in regions.parse(path, model.read_source(source)).regions:
        if region.line <= number <= region.line + len(region.body) + 1:
            return region.exercise
    return None


def sources_sum(lesson: model.Lesson) -> str:
    """Changes with every change of the lesson's sources and tests; what editors keep
    beside them (.x.swp, x~, #x#) is none."""
    digest = hashlib.sha256()
    for folder in (lesson.module_folder, lesson.test_folder):
        for path in sorted((lesson.root / folder).rglob("*")):
            if path.name[0] in ".#" or path.name.endswith("~") or not path.is_file():
                continue
            try:
                content = path.read_bytes()
            except FileNotFoundError:  # an editor puts another in its place just now
                continue
            digest.update(path.relative_to(lesson.root).as_posix().encode())
            digest.update(content)
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


def save(
    lesson: model.Lesson, results: dict[str, runner.Result], sources: str
) -> dict[str, runner.Result]:
    """Keeps results for the sources with this sum, taken before they were built, and
    returns them with those of other tests of the same sources."""
    kept = _load(lesson, sources)[0]
    kept.update(results)
    content = {
        "sources": sources,
        "tests": {
            name: {"passed": result.passed, "message": result.message}
            for name, result in kept.items()
        },
    }
    files.write(lesson.root, FILE, (json.dumps(content, indent=1) + "\n").encode())
    return kept


def load(lesson: model.Lesson) -> tuple[dict[str, runner.Result], bool]:
    """The results kept for the sources as they are, and whether there are only those
    of older ones."""
    return _load(lesson, sources_sum(lesson))


def _load(
    lesson: model.Lesson, sources: str
) -> tuple[dict[str, runner.Result], bool]:
    try:
        content = json.loads((lesson.root / FILE).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        return {}, False
    if content.get("sources") != sources:
        return {}, True
    return {
        name: runner.Result(row["passed"], row["message"])
        for name, row in content["tests"].items()
    }, False


def _given(lesson: model.Lesson) -> set[str]:
    """The exercises whose text is still the starter's."""
    try:
        sums = checkout_record.read(lesson.root)["regions"]
        found = lesson.regions()
    except CourseError:
        return set()  # a damaged marker: the build and the doctor say so
    sum_of = checkout_record.text_sum
    return {e for e, r in found.items() if sum_of(r.text) == sums.get(e)}


def scores(lesson: model.Lesson, results: dict[str, runner.Result]) -> list[Score]:
    """Each exercise's score; a test that was not run does not count as passed."""
    rows = []
    given = _given(lesson)
    for exercise in lesson.pack.exercises:
        own = {name: r for name, r in results.items() if exercise.owns(name)}
        bad = [name for name, result in own.items() if not result.passed]
        bad.sort(key=exercise.rank)
        rows.append(
            Score(
                exercise,
                {name: result.passed for name, result in own.items()},
                own[bad[0]].message if bad else "",
                bad[0] if bad else "",
                exercise.id in given,
            )
        )
    return rows
