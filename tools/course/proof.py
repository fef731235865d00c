"""The proof: every exercise can be solved, earns nothing unsolved, and catches the
wrong answers that were planted.

    proof LESSON_FOLDER=MEASURED.json ...

Prints a table and fails at any hole in it.
"""

import json
import pathlib
import sys

from tools.course import pack as packs

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
        excused = [pack.exercise(id) for id in pack.needed_by(exercise.id)]
        for test in sorted(failed):
            known = any(one.owns(test) for one in excused)
            if not known and not packs.matches(test, exercise.also):
                hole(exercise.id, f"its stub fails {test}, which is not its test")
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
            if one["says"] and one["says"] not in one["message"]:
                hole(
                    exercise.id,
                    f"'{belief}' must print\n{one['says']}\nbut prints\n"
                    f"{one['message']}",
                )
    return rows, holes


def failed_of(tests: list[str], failures: dict) -> list[str]:
    return [test for test in tests if test in failures]


def main(arguments: list[str]) -> int:
    holes, points = [], 0
    print(f"{'':5} {'exercise':31}{'reference':10}{'stub':7}wrong answers caught")
    for argument in arguments:
        folder, _, measured = argument.partition("=")
        pack = packs.load(pathlib.Path(folder))
        rows, new_holes = judge(pack, json.loads(pathlib.Path(measured).read_text()))
        print("\n".join(rows))
        holes += new_holes
        points += len(pack.exercises)
    print(f"\n{points} exercises, {len(holes)} holes")
    for hole in holes:
        print(f"HOLE {hole}")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
