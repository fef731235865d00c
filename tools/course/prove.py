"""What each answer of one lesson scores: the measurement behind //tools/course:proof.

    prove LESSON_FOLDER OUT.json BINARY...   (run by the build: proof.bzl)

The binaries hold every answer; the environment chooses one (variants.py).
"""

import concurrent.futures
import json
import pathlib
import sys

from tools.course import failures
from tools.course import pack as packs
from tools.course import runner, variants


class Suite:
    """The lesson's test binaries as one list of tests."""

    def __init__(self, binaries: list[str]):
        self.binary_of = {}
        for binary in sorted(binaries):
            for test in runner.list_tests(binary):
                self.binary_of.setdefault(test, binary)

    def run(
        self, exercise: str | None, variant: int, tests: list[str], fail_fast=False
    ) -> dict[str, runner.Result]:
        environment = {}
        if exercise is not None:
            code = variants.code_of(exercise) * 10 + variant
            environment["COURSE_VARIANT"] = str(code)
        results: dict[str, runner.Result] = {}
        for binary in dict.fromkeys(self.binary_of.values()):
            if fail_fast and _failed(results):
                break
            mine = [test for test in tests if self.binary_of[test] == binary]
            if mine:
                limits = runner.Limits(seconds=900 if variant < 2 else 60)
                results |= runner.run(binary, mine, environment, limits, fail_fast)
        return results

    def catch(self, exercise: packs.Exercise, variant: int) -> dict[str, runner.Result]:
        """The exercise's own tests, as far as the first that fails: that of the first
        pattern, as the learner's loop has it."""
        results: dict[str, runner.Result] = {}
        for rank in range(len(exercise.tests)):
            own = [test for test in self.binary_of if exercise.rank(test) == rank]
            results |= self.run(exercise.id, variant, own, fail_fast=True)
            if _failed(results):
                break
        return results


def _failed(results: dict[str, runner.Result]) -> list[str]:
    return [test for test, result in results.items() if not result.passed]


def measure(lesson: pathlib.Path, binaries: list[str], workers: int = 2) -> dict:
    """Runs every answer: the reference and each stub against all of the lesson's
    tests, each wrong answer against the tests of its exercise until one fails."""
    pack = packs.load(lesson)
    suite = Suite(binaries)
    tests = list(suite.binary_of)
    jobs = {("", 0): (suite.run, None, variants.REFERENCE, tests)}
    for exercise in pack.exercises:
        jobs[exercise.id, 1] = (suite.run, exercise.id, variants.STUB, tests)
        for i, _ in enumerate(packs.load_wrong(lesson, exercise.id)):
            number = variants.FIRST_WRONG + i
            jobs[exercise.id, number] = (suite.catch, exercise, number)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        done = dict(zip(jobs, pool.map(lambda job: job[0](*job[1:]), jobs.values())))
    exercises = {}
    for exercise in pack.exercises:
        wrong = []
        for i, one in enumerate(packs.load_wrong(lesson, exercise.id)):
            results = done[exercise.id, variants.FIRST_WRONG + i]
            caught = _failed(results)
            message = results[caught[0]].message if caught else ""
            wrong.append(
                {
                    "belief": one.belief,
                    "caught_by": caught,
                    "says": one.says,
                    "prints": failures.steady(message),
                }
            )
        exercises[exercise.id] = {
            "tests": [test for test in tests if exercise.owns(test)],
            "stub_fails": _failed(done[exercise.id, 1]),
            "wrong": wrong,
        }
    return {
        "lesson": pack.number,
        "name": pack.name,
        "tests": tests,
        "reference_fails": {
            test: done["", 0][test].message for test in _failed(done["", 0])
        },
        "exercises": exercises,
    }


def main(arguments: list[str]) -> int:
    lesson, out, *binaries = arguments
    measured = measure(pathlib.Path(lesson), binaries)
    pathlib.Path(out).write_text(json.dumps(measured, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
