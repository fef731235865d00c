"""Handing out and grading with real builds: the commands of the instructor's page, as
they stand there, on a class that works, errs and cheats; then attacks that come past
the list of forbidden words."""

import contextlib
import csv
import json
import pathlib
import re
import shutil
import socket
import tempfile
from unittest import mock

from tools.course import checkout, grade, sandbox, submission
from tools.course import lessons as model
from tools.course.checks import attacks, common

_LESSON = 2  # init: three exercises in one source that compiles in seconds
_PREFIX = "bazel run //tools/course -- "
_NOT_RUN = ("not taken", "does not compile", "does not build")
_TERM = "/tmp/term"  # stands on the page for a folder of the reader's


def page_commands(root: pathlib.Path) -> list[list[str]]:
    """The instructor's page's commands, as words after the prefix."""
    text = (root / "lessons/INSTRUCTORS.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text.replace("\\\n", " "), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line]
    for line in lines:
        if not line.startswith(_PREFIX):
            raise ValueError(f"INSTRUCTORS.md: not a command of the course: {line}")
    return [line[len(_PREFIX) :].split() for line in lines]


class Class:
    """What learners hand in for the lesson, each a checkout with edits."""

    def __init__(self, root: pathlib.Path, folder: pathlib.Path):
        self._root = root
        self._folder = folder
        self._right = {
            exercise: list(region.body)
            for exercise, region in model.find(root, _LESSON).regions().items()
        }

    def hand_in(self, name: str, answers: dict[str, str] | None) -> pathlib.Path:
        """The reference's answers with these instead; None: nothing written."""
        folder = self._folder / name
        checkout.checkout(self._root, _LESSON, folder)
        if answers is not None:
            bodies = dict(self._right)
            bodies |= {e: text.strip("\n").split("\n") for e, text in answers.items()}
            for document in model.find(folder, _LESSON).documents():
                text = document.with_bodies(bodies)
                (folder / document.path).write_text(text, encoding="utf-8")
        return folder


def _instructor(root, scratch, settings: common.Settings) -> pathlib.Path:
    """A copy of the course with settings of its own."""
    folder = scratch / "instructor"
    skip = shutil.ignore_patterns("bazel-*", ".git", "__pycache__")
    shutil.copytree(root, folder, ignore=skip)
    settings.apply(folder)
    return folder


def _edit(path: pathlib.Path, text: str) -> None:
    path.write_text(text + path.read_text(encoding="utf-8"), encoding="utf-8")


def _scores(path: pathlib.Path) -> dict[str, dict[str, float]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row.pop("submission"): {k: float(v) for k, v in row.items()}
            for row in csv.DictReader(file)
        }


def _check_class(root, scratch, settings: common.Settings, tally: common.Tally):
    term = scratch / "term"
    handed_in = Class(root, term / "handed-in")
    for name, (answers, _, _) in attacks.CLASS.items():
        handed_in.hand_in(name, answers)
    (term / "handed-in" / "void").mkdir()
    tests = term / "handed-in/tests/tests/init/init_test.cc"
    tests.write_text("TEST(Fans, CountWhatAnOutputAddsUp) {}\n", encoding="utf-8")
    outside = term / "handed-in/outside"
    _edit(outside / "modules/core/views.cc", "this does not compile\n")
    _edit(
        outside / "modules/init/init.cc",
        'static int p = puts("[       OK ] Fans.CountWhatAnOutputAddsUp (0 ms)");\n',
    )
    instructor = _instructor(root, scratch, settings)
    try:
        for words in page_commands(root):
            words = [word.replace(_TERM, str(term)) for word in words]
            code, text = common.command(
                instructor, "tools/bazel", "run", "//tools/course", "--", *words
            )
            problems = [f"ended with {code}:\n{text[-3000:]}"] if code else []
            tally.say(f"INSTRUCTORS.md: {words[0]} {words[1]}", problems, "runs")
    finally:
        common.leave(instructor)
    found = _scores(term / "scores/scores.csv")
    expected = attacks.CLASS | {"void": (None, (0, 0, 0), ["missing"])}
    for name, (_, points, says) in expected.items():
        row = found.get(name, {})
        problems = []
        if tuple(row.get(f"{_LESSON}.{k}") for k in (1, 2, 3)) != points:
            problems.append(f"earns {row}, not {points}")
        report = (term / "scores" / name / "results.json").read_text(encoding="utf-8")
        problems += [f"does not say '{word}'" for word in says if word not in report]
        # Who does not err or cheat in the text itself has to come as far as the tests.
        for word in _NOT_RUN:
            if word in report and not any(word in one for one in says):
                problems.append(f"says '{word}', which is not the point")
        tally.say(f"graded: {name}", problems, f"{sum(points)} points")
    one, many = (
        json.loads((folder / "results.json").read_text(encoding="utf-8"))
        for folder in (term / "ada", term / "scores/ada")
    )
    problems = [] if one == many else [f"{one} and {many}"]
    tally.say("graded: ada again", problems, "the same results.json")


@contextlib.contextmanager
def _listener():
    """A port of this machine, and whether somebody came."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)

        def came() -> bool:
            try:
                server.accept()
                return True
            except BlockingIOError:
                return False

        yield server.getsockname()[1], came


def _check_attacks(root, scratch, settings: common.Settings, tally: common.Tally):
    """With the list of forbidden words out of the way: the sandbox alone."""
    everybody = Class(root, scratch / "attackers")
    home = pathlib.Path.home()
    outside = [pathlib.Path(tempfile.gettempdir()), pathlib.Path("/dev/shm"), home]
    written = [folder / f"course-check-{scratch.name}" for folder in outside]
    box = sandbox.Sandbox(sandbox.Limits(10, 1024), [root, scratch / "attackers"])
    with (
        _listener() as (port, came),
        tempfile.TemporaryDirectory(prefix="grading-", dir=sandbox.place()) as folder,
        mock.patch.object(submission, "why_refused", lambda text: None),
    ):
        sealed = pathlib.Path(folder)
        grader = grade.Grader(root, _LESSON, sealed, box)
        settings.apply(sealed)
        try:
            grader.prepare()
            for name, (answers, points) in attacks.attacks(root, written, port).items():
                handed_in = everybody.hand_in(name, answers)
                graded = grader.grade(handed_in, name)
                found = tuple(one.points for one in graded.exercises)
                # An attack that does not compile by now shows nothing.
                problems = [e.note for e in graded.exercises if e.note]
                if found != points:
                    problems.append(f"earns {found}, not {points}")
                problems += [f"wrote {path}" for path in written if path.exists()]
                if came():
                    problems.append("came through to the network")
                tally.say(f"attack: {name}", problems, "gains nothing")
        finally:
            grader.close()


def run(
    root: pathlib.Path,
    scratch: pathlib.Path,
    settings: common.Settings,
    tally: common.Tally,
) -> None:
    _check_class(root, scratch, settings, tally)
    _check_attacks(root, scratch, settings, tally)
