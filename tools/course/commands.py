"""The instructor's commands that write checkouts and show exercises."""

import argparse
import os
import pathlib

from tools.course import checkout, lessons, workspace
from tools.course import pack as packs


def path_of(text: str) -> pathlib.Path:
    """A folder as the person who typed it means it: `bazel run` changes the folder."""
    here = os.environ.get("BUILD_WORKING_DIRECTORY", ".")
    return pathlib.Path(here, text).resolve()


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="course")
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("checkout", help="write lesson N for a learner")
    new.add_argument("number", type=int, metavar="N", help=f"0 to {workspace.LAST}")
    new.add_argument(
        "folder", type=path_of, metavar="DIR", help="a new or empty folder"
    )
    new.add_argument("--mine", type=path_of, metavar="OLDDIR", help="an older checkout")
    new.add_argument(
        "--with-solutions", action="store_true", help="for who learns without a teacher"
    )
    mend = commands.add_parser("update", help="bring later fixes into a checkout")
    mend.add_argument("folder", type=path_of, metavar="DIR")
    show = commands.add_parser("show", help="an exercise and its solution")
    show.add_argument("exercise", metavar="N.k")
    return parser.parse_args(arguments)


def run(root: pathlib.Path, arguments: list[str]) -> int:
    options = _parse(arguments)
    if options.command == "show":
        return _show(root, options.exercise)
    if options.command == "checkout":
        report = checkout.checkout(
            root, options.number, options.folder, options.mine, options.with_solutions
        )
        print(
            f"lesson {options.number}: {len(report.written)} files in {options.folder}"
        )
        if options.mine:
            print(f"solved by your own text: {', '.join(report.kept) or 'nothing'}")
        print(f"next: cd {options.folder} && ./course status")
    else:
        report = checkout.update(root, options.folder)
        for path in report.written:
            print(f"updated {path}")
        print(f"{len(report.written)} files updated; your exercises stay as they are")
    for conflict in report.conflicts:
        print(f"look at {conflict}")
    return 1 if report.conflicts else 0


def _show(root: pathlib.Path, name: str) -> int:
    lesson = lessons.find(root, lessons.number_of(name)[0])
    exercise = lesson.pack.exercise(name)
    region = lesson.regions()[name]
    print(f"{name} {exercise.title} ({exercise.kind}, {exercise.points} points)\n")
    print(exercise.asks)
    for level, hint in zip(packs.HINT_LEVELS, exercise.hints):
        print(f"\n{level}:\n{hint}")
    print(f"\nsolution ({region.path}:{region.line}):\n{region.text}")
    for wrong in packs.load_wrong(root / lesson.folder, name):
        print(f"\nwrong, and why it is believed: {wrong.belief}")
    return 0
