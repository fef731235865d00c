"""The course as learners and instructors meet it, with real builds.

    bazel run //tools/course/checks                  # everything
    bazel run //tools/course/checks -- checkouts 3   # one checkout, built and tested
    bazel run //tools/course/checks -- grading       # hand out, hand in, cheat, grade

The last line is "N passed, M failed".
"""

import argparse
import os
import pathlib
import sys
import tempfile

from tools.course import workspace
from tools.course.checks import checkouts, common, grading


def main(arguments: list[str]) -> int:
    root = pathlib.Path(os.environ["BUILD_WORKSPACE_DIRECTORY"])
    parser = argparse.ArgumentParser(prog="checks")
    parser.add_argument("what", nargs="?", choices=("checkouts", "grading"))
    parser.add_argument("numbers", nargs="*", type=int, metavar="N")
    parser.add_argument("--cache", type=pathlib.Path, help="a disk cache to keep")
    options = parser.parse_args(arguments)
    tally = common.Tally()
    with tempfile.TemporaryDirectory(prefix="course-check-") as folder:
        scratch = pathlib.Path(folder)
        settings = common.Settings(root, options.cache or scratch / "cache")
        if options.what != "grading":
            numbers = options.numbers or range(workspace.LAST + 1)
            checkouts.run(root, scratch, settings, list(numbers), tally)
        if options.what != "checkouts":
            grading.run(root, scratch, settings, tally)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
