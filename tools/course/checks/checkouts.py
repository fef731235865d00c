"""Every checkout is written, built and tested: as it is given, and solved.

One folder is all checkouts in turn, so that Bazel builds once what two of them share.
The solutions that are pasted in carry a comment; by it, it shows that each checkout
takes the lessons before it from the one before (--mine).
"""

import json
import pathlib
import shutil

from tools.course import checkout, regions, results, workspace
from tools.course import lessons as model
from tools.course import pack as packs
from tools.course.checks import common

_MINE = "// by the learner"
_SHORT = 20  # characters: shorter lines, `return i;`, are nobody's secret


class Checkouts:
    def __init__(
        self, root: pathlib.Path, scratch: pathlib.Path, settings: common.Settings
    ):
        self._root = root
        self._scratch = scratch
        self._settings = settings
        self._folder = scratch / "checkout"
        self._old = scratch / "before"  # what the learner wrote in the one before
        self._mine: int | None = None  # and which that was
        self._problems: list[str] = []

    def check(self, number: int) -> tuple[list[str], str]:
        """What is wrong with checkout `number`, and a line on what was seen."""
        self._problems = []
        files = self._write(number)
        if number == workspace.LAST:
            found = self._bazel("//lessons/09_digits/...")
            self._expect(found, set(), "as given")
            return self._problems, f"{files} files, {len(found)} test targets pass"
        lesson = model.Lesson(
            self._folder, number, model.find(self._root, number).name
        )
        self._no_solution(number)
        starter = self._starter(lesson)
        self._solve(number)
        solved = self._solved(lesson)
        self._keep(number)
        return self._problems, (
            f"{files} files, the starter fails {starter}, solved it passes {solved}"
        )

    def close(self) -> None:
        common.leave(self._folder)

    def _problem(self, text: str) -> None:
        self._problems.append(text)

    def _write(self, number: int) -> int:
        twin = self._scratch / "twin"
        for folder in (self._folder, twin):
            if folder.exists():
                shutil.rmtree(folder)
        mine = self._old if self._old.exists() else None
        report = checkout.checkout(self._root, number, self._folder, mine)
        checkout.checkout(self._root, number, twin, mine)
        if _content(self._folder) != _content(twin):
            self._problem("the same command twice writes other bytes")
        if mine is not None:
            for document in model.find(self._folder, self._mine).documents():
                for region in document.regions:
                    if _MINE not in region.text:
                        self._problem(f"--mine loses the learner's {region.exercise}")
        self._settings.apply(self._folder)
        return len(report.written)

    def _no_solution(self, number: int) -> None:
        """A line that only this lesson's solutions have stands nowhere."""
        known: set[str] = set()
        own: dict[str, str] = {}
        for lesson in model.all_lessons(self._root)[: number + 1]:
            for document in lesson.documents():
                secret = document.regions if lesson.number == number else ()
                outside = document.outside() if secret else document.lines
                known |= {line.strip() for line in outside}
                for region in secret:
                    own |= {line.strip(): region.exercise for line in region.body}
        secret = {k: v for k, v in own.items() if len(k) >= _SHORT and k not in known}
        for path in sorted(self._folder.rglob("*")):
            if not path.is_file():
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
            for line in {line.strip() for line in text.splitlines()} & set(secret):
                name = path.relative_to(self._folder)
                self._problem(f"{name} has a line of {secret[line]}'s solution: {line}")

    def _course_test(self, lesson: model.Lesson) -> dict:
        code, text = common.command(self._folder, "./course", "test", "--json")
        try:
            found = json.loads(text)
        except json.JSONDecodeError:
            found = {}
        if "exercises" not in found:
            self._problem(f"./course test ended with {code}:\n{text[-2000:]}")
            return {"points": -1, "exercises": []}
        return found

    def _starter(self, lesson: model.Lesson) -> str:
        """Every test of an exercise fails, because that is not written; of the others
        only those may that are known to need one."""
        found = self._course_test(lesson)
        tests = results.load(lesson)[0]
        own, others = 0, 0
        for name, result in tests.items():
            owner = lesson.pack.owner(name)
            if owner is not None:
                own += 1
                if result.passed:
                    self._problem(f"the starter passes {name} of {owner.id}")
            elif not result.passed:
                others += 1
                also = [p for e in lesson.pack.exercises for p in e.also]
                if not packs.matches(name, tuple(also)):
                    self._problem(f"the starter fails {name}, which needs no exercise")
        for row in found["exercises"]:
            if row["state"] != "to do":
                self._problem(f"the starter's {row['id']} is '{row['state']}'")
        missing = set(lesson.test_names()) - set(tests)
        if found["points"] != 0 or missing:
            self._problem(f"points {found['points']}, not run: {sorted(missing)}")
        suite = f"//{lesson.folder}:so_far"
        targets = {f"//{lesson.folder}:example_test"}
        verdicts, text = common.bazel_test(self._folder, suite)
        targets |= {t for t in verdicts if t.startswith(f"//{lesson.test_folder}:")}
        self._expect(verdicts, targets, "the starter", text)
        return f"its {own} tests and {others} that need them"

    def _expect(
        self, verdicts: dict[str, bool], may_fail: set[str], who: str, text: str = ""
    ) -> None:
        if not verdicts:
            self._problem(f"{who}: Bazel ran no test:\n{text[-2000:]}")
        for target, passed in verdicts.items():
            if not passed and target not in may_fail:
                self._problem(f"{who} fails {target}")

    def _bazel(self, *targets: str) -> dict[str, bool]:
        verdicts, text = common.bazel_test(self._folder, *targets)
        if not all(verdicts.values()):
            print(text[-4000:])
        return verdicts

    def _solve(self, number: int) -> None:
        """Pastes the reference's solutions in, each below the learner's comment."""
        for document in model.find(self._root, number).documents():
            bodies = {
                region.exercise: [region.indent + _MINE, *region.body]
                for region in document.regions
            }
            path = self._folder / document.path
            given = regions.parse(document.path, path.read_text(encoding="utf-8"))
            path.write_text(given.with_bodies(bodies), encoding="utf-8")

    def _solved(self, lesson: model.Lesson) -> str:
        found = self._course_test(lesson)
        if found["points"] != 100:
            self._problem(f"solved it has {found['points']} points: {found}")
        verdicts = self._bazel(f"//{lesson.folder}:so_far")
        self._expect(verdicts, set(), "solved it")
        report = checkout.update(self._root, self._folder)
        if report.written or report.conflicts:
            self._problem(f"an update without news does something: {report}")
        if not set(lesson.regions()) <= set(report.kept):
            self._problem(f"an update keeps only {report.kept}")
        return f"all {len(results.load(lesson)[0])} and {len(verdicts)} test targets"

    def _keep(self, number: int) -> None:
        self._mine = number
        shutil.rmtree(self._old, ignore_errors=True)
        for name in ("modules", ".course"):
            shutil.copytree(self._folder / name, self._old / name)


def _content(folder: pathlib.Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_file()
    }


def run(
    root: pathlib.Path,
    scratch: pathlib.Path,
    settings: common.Settings,
    numbers: list[int],
    tally: common.Tally,
) -> None:
    checks = Checkouts(root, scratch, settings)
    try:
        for number in numbers:
            tally.say(f"checkout {number}", *checks.check(number))
    finally:
        checks.close()
