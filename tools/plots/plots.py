"""Draws the lessons' pictures from the files in tools/plots/data.

    bazel run //tools/plots [-- [--data] NAME...]

writes lessons/NN_LESSON/pictures/NAME.svg, for all names if none is given. With --data
the programs beside this file renew data/NAME.csv first.
"""

import argparse
import os
import pathlib
import subprocess
import sys

# Where each picture goes.
LESSONS = {
    "normal": "01_creation",
    "layers": "02_init",
    "rounding": "03_elementwise",
    "errors": "04_reductions",
    "curves": "05_activations",
    "tails": "05_activations",
    "steps": "06_matmul",
    "windows": "09_digits",
}
MEASURED = ("steps",)  # on one machine, once: no program repeats it
DATA = "tools/plots/data"


def picture_path(name: str) -> str:
    """From the workspace's root."""
    return f"lessons/{LESSONS[name]}/pictures/{name}.svg"


def _renew(path: pathlib.Path) -> None:
    program = [f"tools/plots/{path.stem}"]
    path.write_bytes(subprocess.run(program, stdout=subprocess.PIPE, check=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(prog="plots", description=__doc__.split("\n")[0])
    parser.add_argument("names", metavar="NAME", nargs="*", help=", ".join(LESSONS))
    parser.add_argument("--data", action="store_true", help="renew the data first")
    arguments = parser.parse_args()
    names = arguments.names or list(LESSONS)
    if unknown := [name for name in names if name not in LESSONS]:
        parser.error(f"no picture is called {unknown[0]}; see --help")
    try:
        from tools.plots import pictures
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("tools"):
            raise
        sys.exit(
            f"plots: {sys.executable} has no {error.name}: `apt-get install "
            "python3-matplotlib`, or `python3 -m pip install matplotlib`"
        )
    root = pathlib.Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", "."))
    for name in names:
        data = root / DATA / f"{name}.csv"
        if arguments.data and name not in MEASURED:
            try:
                _renew(data)
            except subprocess.CalledProcessError as error:
                sys.exit(f"plots: {error.cmd[0]} failed with status {error.returncode}")
        path = root / picture_path(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(pictures.draw(name, data), encoding="utf-8")
        print(f"{path.relative_to(root)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
