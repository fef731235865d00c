"""The course's commands.

In the course's own repository:  bazel run //tools/course -- COMMAND
In a learner's checkout:         ./course COMMAND
"""

import importlib
import os
import pathlib
import sys

_HOME = pathlib.Path(__file__).resolve().parents[2]
if "BUILD_WORKSPACE_DIRECTORY" not in os.environ:
    sys.path.insert(0, str(_HOME))  # run as a folder, not by Bazel
sys.dont_write_bytecode = True

# Command, the module that has it as run(root, arguments) -> exit code, one line.
_TEACHER = {
    "checkout": ("commands", "N DIR [--mine=OLDDIR]   write lesson N for a learner"),
    "update": ("commands", "DIR   bring later fixes into a checkout"),
    "grade": ("grade", "--submission DIR | --class DIR  --out DIR2   score checkouts"),
    "show": ("commands", "N.k   an exercise: what it asks, its hints, its solution"),
}
_LEARNER = {
    "status": ("loop", "which exercises pass"),
    "test": ("loop", "[N.k]   build and run the tests"),
    "hint": ("loop", "N.k   a question, then an idea, then a sketch"),
    "why": ("loop", "N.k   what is asked, and which tests earn the points"),
    "quiz": ("loop", "questions to check yourself by"),
    "solution": ("loop", "N.k   the course's answer, once yours passes"),
    "reset": ("loop", "N.k   begin an exercise again; your text is kept"),
    "watch": ("loop", "test again at every change of a file"),
    "doctor": ("doctor", "what is wrong with this machine, and how to mend it"),
}


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        print(
            "python3 is older than 3.11; install a newer one (apt-get install python3)"
        )
        return 2
    from tools.course.errors import CourseError

    root = pathlib.Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", _HOME))
    in_checkout = (root / ".course" / "checkout.json").exists()
    commands = _LEARNER if in_checkout else _TEACHER
    if not arguments or arguments[0] not in commands:
        print(
            f"{'./course' if in_checkout else 'bazel run //tools/course --'} COMMAND\n"
        )
        for name, (_, line) in commands.items():
            words, _, says = line.rpartition("   ")
            print(f"  {f'{name} {words}':14}  {says}")
        return 0 if arguments[:1] in (["help"], ["--help"]) else 2
    module = importlib.import_module(f"tools.course.{commands[arguments[0]][0]}")
    try:
        return module.run(root, arguments)
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
