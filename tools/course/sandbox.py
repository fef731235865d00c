"""Where submissions are built and run: Bazel's sandbox, with limits.

A submission is a stranger's code. It has no network, writes to nothing but its own
scratch folder, and does not see the reference or what others handed in.
"""

import dataclasses
import os
import pathlib
import subprocess
import xml.etree.ElementTree as xml

from tools.course import lessons as model
from tools.course import results, runner
from tools.course.errors import CourseError

# Bazel's sandbox lets every program write to these folders; here each gets its own.
SHARED = (pathlib.Path("/tmp"), pathlib.Path("/dev/shm"))


@dataclasses.dataclass(frozen=True)
class Limits:
    """For each test, and for the build of a submission."""

    seconds: int = 60
    megabytes: int = 4096
    build_seconds: int = 1200


def place() -> pathlib.Path:
    """The folder for sealed workspaces: the set-up's cache, which no program shares."""
    home = os.environ.get("HOME", "/tmp")
    cache = os.environ.get("XDG_CACHE_HOME") or f"{home}/.cache"
    for folder in (pathlib.Path(home), pathlib.Path(cache)):
        if any(map(folder.resolve().is_relative_to, SHARED)):
            raise CourseError(
                f"{folder}: submissions can write there; set HOME and XDG_CACHE_HOME "
                "to folders outside of /tmp and /dev/shm"
            )
    folder = pathlib.Path(cache).resolve() / "tensor-course"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Sandbox:
    """Builds and runs the tests of a sealed workspace with Bazel, without network and
    with nothing but the test's own scratch folder to write to."""

    def __init__(self, limits: Limits, hidden: list[pathlib.Path]):
        self._limits = limits
        # Folders that tests can't see; those in shared ones they don't see anyway.
        self._hidden = [
            path
            for path in hidden
            if path.exists() and not any(map(path.is_relative_to, SHARED))
        ]

    def _options(self) -> list[str]:
        options = ["--color=no", "--curses=no", "--noshow_progress"]
        options += ["--spawn_strategy=linux-sandbox"]
        options += ["--sandbox_default_allow_network=false"]
        options += [f"--sandbox_tmpfs_path={path}" for path in SHARED]
        return options + [f"--sandbox_block_path={path}" for path in self._hidden]

    def build(self, lesson: model.Lesson) -> results.Failure | None:
        seconds = self._limits.build_seconds
        return results.build(lesson.root, lesson, self._options(), seconds)

    def close(self, lesson: model.Lesson) -> None:
        command = [*results.bazel(lesson.root), "clean", "--expunge"]
        subprocess.run(
            command,
            cwd=lesson.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def run(
        self, lesson: model.Lesson, tests: list[str]
    ) -> dict[str, runner.Result]:
        """Runs these tests, and no other of their programs."""
        logs = lesson.root / "bazel-testlogs" / lesson.test_folder
        for path in logs.rglob("test.xml"):
            path.unlink()  # of the submission before
        command = [
            *results.bazel(lesson.root),
            "test",
            *self._options(),
            "--keep_going",
        ]
        command += ["--nocache_test_results", "--test_output=summary"]
        # Of a whole program, even if each of its tests runs into its limit.
        command += [f"--test_timeout={60 + self._limits.seconds * (len(tests) + 1)}"]
        command += ["--run_under=//tools/course/sealed:run"]
        command += [f"--test_env=COURSE_SECONDS={self._limits.seconds}"]
        command += [f"--test_env=COURSE_MEGABYTES={self._limits.megabytes}"]
        command += [f"--test_env=COURSE_TESTS={':'.join(tests)}"]
        command += [f"//{lesson.test_folder}/..."]
        subprocess.run(
            command,
            cwd=lesson.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        found: dict[str, runner.Result] = {}
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
