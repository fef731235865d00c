"""What is wrong with this machine or this checkout: each fault in one line, with what
mends it."""

import argparse
import dataclasses
import os
import pathlib
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator

from tools.course import checkout_record, files, terminal
from tools.course import lessons as model
from tools.course.errors import CourseError

_CLANG = 19
_LEAST_DISK = 3 << 30  # bytes: the third-party libraries and one lesson, built
_LEAST_MEMORY = 2 << 30  # bytes: one compiler at work on a kernel
_MACHINES = ("x86_64", "aarch64")


@dataclasses.dataclass(frozen=True)
class Fault:
    what: str
    mend: str


class Machine:
    """What the checks ask; a test answers in its place."""

    def which(self, program: str) -> str | None:
        return shutil.which(program)

    def output(self, *command: str) -> str:
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=60, check=False
            )
            return done.stdout + done.stderr
        except (OSError, subprocess.TimeoutExpired):
            return ""

    def home(self) -> pathlib.Path | None:
        try:
            home = pathlib.Path.home()
        except RuntimeError:
            return None
        return home if home.is_dir() else None

    def free_disk(self, path: pathlib.Path) -> int:
        return shutil.disk_usage(path).free

    def free_memory(self) -> int:
        try:
            text = pathlib.Path("/proc/meminfo").read_text()
        except OSError:
            return _LEAST_MEMORY
        match = re.search(r"MemAvailable:\s+(\d+) kB", text)
        return int(match[1]) << 10 if match else _LEAST_MEMORY

    def processor(self) -> str:
        return platform.machine()


def _bazel(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    if not machine.which("bazel") and not os.environ.get("BAZEL_REAL"):
        yield Fault(
            "there is no bazel", "tools/bazel info (it installs one), or bazelisk"
        )


def _compiler(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    clang = machine.which(f"clang-{_CLANG}")
    if clang is None:
        yield Fault(f"there is no clang-{_CLANG}", f"apt-get install clang-{_CLANG}")
        return
    match = re.search(r"version (\d+)", machine.output(clang, "--version"))
    if match is None or int(match[1]) != _CLANG:
        yield Fault(
            f"clang-{_CLANG} does not run as version {_CLANG}",
            f"apt-get install --reinstall clang-{_CLANG}",
        )


def _linker(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    if machine.which(f"ld.lld-{_CLANG}") is None:
        yield Fault(f"there is no linker lld-{_CLANG}", f"apt-get install lld-{_CLANG}")


def _disk(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    home = machine.home()
    if home is None:
        yield Fault("HOME names no folder, where Bazel builds", "export HOME=FOLDER")
    for place in (root, home or root):
        free = machine.free_disk(place)
        if free < _LEAST_DISK:
            yield Fault(
                f"{place} has {free >> 20} MB free, a build needs {_LEAST_DISK >> 20}",
                "free some space (bazel clean --expunge in old checkouts)",
            )
            return


def _memory(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    free = machine.free_memory()
    if free < _LEAST_MEMORY:
        yield Fault(
            f"{free >> 20} MB of memory are free, a kernel needs {_LEAST_MEMORY >> 20}",
            "close programs, or write 'build --jobs=1' to .bazelrc.user",
        )


def _processor(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    if machine.processor() not in _MACHINES:
        yield Fault(
            f"the processor is {machine.processor()}, "
            f"tested are {', '.join(_MACHINES)}",
            "use another machine; the lessons' texts can be read anywhere",
        )


def _path(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    if not re.fullmatch(r"[\w./+@-]+", str(root), re.ASCII):
        yield Fault(
            f"the folder's name has characters that Bazel does not take: {root}",
            "move the checkout to a path of letters, digits and ./_-",
        )


def _programs(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    for name in ("tools/bazel", "course", "tools/build/setup/ensure.sh"):
        path = root / name
        if path.exists() and not os.access(path, os.X_OK):
            yield Fault(f"{name} can't be executed", f"chmod +x {name}")


def _what_happened(root: pathlib.Path, path: str, expected: str) -> str | None:
    """What is wrong with a given file; None if it is as it was given."""
    try:
        content = files.read(root, path)
    except CourseError as error:
        return str(error)
    if content is None:
        return f"{path} is missing"
    text = checkout_record.to_text(content)
    if checkout_record.given_sum(path, text) != expected:
        return f"{path} was changed outside of the exercises"
    return None


def _given(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    try:
        given = checkout_record.read(root)["files"]
    except CourseError as error:
        yield Fault(str(error), "make the checkout again, with --mine=THIS_FOLDER")
        return
    for path, expected in given.items():
        what = _what_happened(root, path, expected)
        if what is None:
            continue
        yield Fault(
            what, "bazel run //tools/course -- update DIR, in the course's copy"
        )


def _markers(machine: Machine, root: pathlib.Path) -> Iterator[Fault]:
    try:
        number = checkout_record.read(root)["lesson"]
    except CourseError:
        return  # said by _given
    try:
        if number < len(model.lesson_names(root)):
            model.find(root, number).documents()
    except CourseError as error:
        yield Fault(str(error), "put the marker back; ./course reset begins again")


CHECKS: tuple[Callable[[Machine, pathlib.Path], Iterator[Fault]], ...] = (
    _bazel,
    _compiler,
    _linker,
    _disk,
    _memory,
    _processor,
    _path,
    _programs,
    _markers,
    _given,
)


def examine(machine: Machine, root: pathlib.Path) -> list[Fault]:
    """Every fault that the checks find."""
    return [fault for check in CHECKS for fault in check(machine, root)]


def run(root: pathlib.Path, arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./course doctor")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(arguments[1:])
    faults = examine(Machine(), root)
    if options.json:
        terminal.print_json([dataclasses.asdict(fault) for fault in faults])
    else:
        for fault in faults:
            print(
                f"{terminal.colour('fault', 'bad')}: {fault.what}; mend: {fault.mend}"
            )
        if not faults:
            print("nothing is wrong here")
    return 1 if faults else 0
