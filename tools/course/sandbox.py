"""Where submissions are built and run: Bazel's sandbox, with limits.

A submission is a stranger's code. It has no network, writes to nothing but its own
scratch folder, and does not see the reference or what others handed in.
"""

import dataclasses
import os
import pathlib
import re
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


_DISK_CACHE = re.compile(r"(?<![^\s\"'])--disk_cache(?:=|\s+)([^\s\"']+)")


def disk_caches(root: pathlib.Path) -> list[pathlib.Path]:
    """The folders that Bazel's settings name for what it built before. They are made,
    for what is not there can't be hidden."""
    home = pathlib.Path(os.environ.get("HOME", "/"))
    settings = [pathlib.Path("/etc/bazel.bazelrc"), home / ".bazelrc"]
    settings += [root / f".bazelrc{suffix}" for suffix in ("", ".local", ".user")]
    found = []
    for path in settings:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for name in _DISK_CACHE.findall(re.sub(r"#.*", "", text)):
            folder = home / name[2:] if name.startswith("~/") else pathlib.Path(name)
            if folder.is_absolute():  # else it is in the sealed workspace
                found.append(folder)
    for folder in found:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue  # of settings for another machine, say
    return found


def to_hide(
    wanted: list[pathlib.Path], needed: list[pathlib.Path]
) -> list[pathlib.Path]:
    """Of these folders those that can be hidden, each once: that are there, hold
    nothing that is needed, and stand in no other that is hidden already."""
    found: list[pathlib.Path] = []
    needed = [path.resolve() for path in needed]
    for path in sorted({path.resolve() for path in wanted if path.exists()}):
        if any(place.is_relative_to(path) for place in needed):
            continue
        if not any(path.is_relative_to(other) for other in (*SHARED, *found)):
            found.append(path)
    return found


class Sandbox:
    """Builds and runs the tests of a sealed workspace with Bazel, without network and
    with nothing but the test's own scratch folder to write to."""

    def __init__(self, limits: Limits, hidden: list[pathlib.Path]):
        self._limits = limits
        self._wanted = hidden  # folders that tests must not see
        self._hidden: list[pathlib.Path] | None = None

    def _options(self, lesson: model.Lesson) -> list[str]:
        if self._hidden is None:
            self._hidden = to_hide(self._wanted, self._needed(lesson))
        options = ["--color=no", "--curses=no", "--noshow_progress"]
        options += ["--spawn_strategy=linux-sandbox"]
        options += ["--sandbox_default_allow_network=false"]
        options += [f"--sandbox_tmpfs_path={path}" for path in SHARED]
        return options + [f"--sandbox_block_path={path}" for path in self._hidden]

    def _needed(self, lesson: model.Lesson) -> list[pathlib.Path]:
        """What builds and tests have to see."""
        places = ("output_base", "install_base")
        text = self._bazel(lesson, ["info", *places], (0,))
        found = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
        if not all(found.get(place, "").startswith("/") for place in places):
            raise CourseError(f"bazel info does not say where it builds:\n{text}")
        folders = [pathlib.Path(found[place]) for place in places]
        return [*folders, lesson.root, place(), pathlib.Path("/usr")]

    def _bazel(
        self, lesson: model.Lesson, words: list[str], good: tuple[int, ...]
    ) -> str:
        """What a command prints; a CourseError if it ends with another code than the
        good ones, which say nothing against the machine."""
        command = [*results.bazel(lesson.root), *words]
        try:
            done = subprocess.run(
                command,
                cwd=lesson.root,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
        except OSError as error:
            raise CourseError(f"{command[0]} does not start: {error}") from None
        if done.returncode not in good:
            end = (done.stdout + done.stderr).strip()[-2000:]
            code = done.returncode
            raise CourseError(f"bazel {words[0]} ended with code {code}:\n{end}")
        return done.stdout

    def build(self, lesson: model.Lesson) -> results.Failure | None:
        """Builds; a Failure is the submission's, what else goes wrong a CourseError."""
        seconds = self._limits.build_seconds
        failure = results.build(lesson.root, lesson, self._options(lesson), seconds)
        if failure is not None and failure.code != 1:
            raise CourseError(
                f"bazel build ended with code {failure.code}:\n{failure.text}"
            )
        return failure

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
        words = ["test", *self._options(lesson), "--keep_going"]
        words += ["--nocache_test_results", "--test_output=summary"]
        # Of a whole program, even if each of its tests runs into its limit.
        words += [f"--test_timeout={60 + self._limits.seconds * (len(tests) + 1)}"]
        words += ["--run_under=//tools/course/sealed:run"]
        words += [f"--test_env=COURSE_SECONDS={self._limits.seconds}"]
        words += [f"--test_env=COURSE_MEGABYTES={self._limits.megabytes}"]
        words += [f"--test_env=COURSE_TESTS={':'.join(tests)}"]
        words += [f"//{lesson.test_folder}/..."]
        self._bazel(lesson, words, (0, 3))  # 3: some tests fail
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
