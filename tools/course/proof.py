"""The proof: every exercise can be solved, earns nothing unsolved, and catches the
wrong answers that were planted, in the words that stand beside them.

Prints a table and fails at any hole in it. `bazel run` with --write puts what each
wrong answer prints into its file as `says`: to be read before it is believed.
"""

import argparse
import json
import os
import pathlib
import re
import sys

from tools.course import pack as packs
from tools.course.errors import CourseError

_LEAST_WRONG = 3


def judge(pack: packs.Pack, measured: dict) -> tuple[list[str], list[str]]:
    """The lesson's rows of the table, and what is wrong."""
    rows, holes = [], []

    def hole(exercise, text):
        holes.append(f"{exercise}: {text}")

    for test, message in measured["reference_fails"].items():
        hole(pack.name, f"the reference fails {test}:\n{message}")
    for exercise in pack.exercises:
        found = measured["exercises"][exercise.id]
        own, failed = found["tests"], set(found["stub_fails"])
        reference = not failed_of(own, measured["reference_fails"])
        for pattern in exercise.tests:
            if not any(packs.matches(test, (pattern,)) for test in measured["tests"]):
                hole(exercise.id, f"no test is called {pattern}")
        for test in own:
            if test not in failed:
                hole(exercise.id, f"a free point: the stub passes {test}")
        needed_by = pack.needed_by(exercise.id)
        for test in sorted(failed):
            owner = pack.owner(test)
            if owner is None and not packs.matches(test, exercise.also):
                hole(exercise.id, f"its stub fails {test}, which is not its test")
            if owner is not None and owner.id not in needed_by:
                hole(exercise.id, f"its stub fails {test}, a test of {owner.id}")
        wrong = found["wrong"]
        caught = sum(1 for one in wrong if one["caught_by"])
        if len(wrong) < _LEAST_WRONG:
            hole(exercise.id, f"{len(wrong)} wrong answers, not {_LEAST_WRONG}")
        rows.append(
            f"{exercise.id:5} {exercise.title[:30]:31}"
            f"{'passes' if reference and own else 'FAILS':10}"
            f"{'0' if failed >= set(own) and own else 'FREE POINTS':7}"
            f"{caught} of {len(wrong)}"
        )
        for one in wrong:
            belief = one["belief"].rstrip(".")
            if one["caught_by"]:
                rows.append(f"{'':6}- {belief[:62]}\n{'':8}{one['caught_by'][0]}")
            else:
                hole(exercise.id, f"a wrong answer survives: {belief}")
            if one["says"] != one["prints"]:
                hole(
                    exercise.id,
                    f"'{belief}' must print\n{one['says']}\nbut prints\n"
                    f"{one['prints']}",
                )
    return rows, holes


def failed_of(tests: list[str], failures: dict) -> list[str]:
    return [test for test in tests if test in failures]


def with_says(text: str, prints: list[str]) -> str:
    """The text of a file of wrong answers with what each of them prints."""
    head, *blocks = re.split(r"^(?=\[\[wrong\]\]$)", text, flags=re.MULTILINE)
    result = head
    for block, printed in zip(blocks, prints, strict=True):
        if "'''" in printed:
            raise CourseError(f"no TOML string can hold\n{printed}")
        block = re.sub(
            r"^says = '''\n.*?'''\n", "", block, flags=re.MULTILINE | re.DOTALL
        )
        end = "\n" if block.endswith("\n\n") else ""
        says = f"says = '''\n{printed}\n'''\n" if printed else ""
        result += f"{block.rstrip()}\n{says}{end}"
    return result


def write(folder: str, measured: dict) -> None:
    root = pathlib.Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", "."))
    for exercise, found in measured["exercises"].items():
        path = root / folder / "wrong" / f"{exercise}.toml"
        prints = [one["prints"] for one in found["wrong"]]
        path.write_text(with_says(path.read_text("utf-8"), prints), "utf-8")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="proof",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("measured", nargs="+", metavar="LESSON_FOLDER=MEASURED.json")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    holes, points = [], 0
    print(f"{'':5} {'exercise':31}{'reference':10}{'stub':7}wrong answers caught")
    for argument in options.measured:
        folder, _, path = argument.partition("=")
        pack = packs.load(pathlib.Path(folder))
        measured = json.loads(pathlib.Path(path).read_text())
        rows, new_holes = judge(pack, measured)
        print("\n".join(rows))
        holes += new_holes
        points += len(pack.exercises)
        if options.write:
            write(folder, measured)
    print(f"\n{points} exercises, {len(holes)} holes")
    for hole in holes:
        print(f"HOLE {hole}")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
