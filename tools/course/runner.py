"""Runs googletest binaries so that a test's end, good or bad, costs only that test.

A crash, an endless loop and exit(0) end the process in the middle of a test. The test
that was running has failed then, and those after it run in a process of their own.
"""

import dataclasses
import glob
import os
import re
import resource
import signal
import subprocess
import tempfile
import time
from typing import BinaryIO

# Searched for: what a test prints without an end of line stands before them.
_RUN = re.compile(r"\[ RUN      \] (\S+)$")
_OK = re.compile(r"\[       OK \] (\S+?)(?: \(\d+ ms\))?$")
_FAILED = re.compile(r"\[  FAILED  \] (\S+?)(?:, where .*)? \(\d+ ms\)$")
_SKIPPED = re.compile(r"\[  SKIPPED \] (\S+?)(?: \(\d+ ms\))?$")

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Memory that nobody wrote holds the same odd numbers in every run (glibc).
_STEADY = {"MALLOC_PERTURB_": "85"}

_CRASHES = {
    "SIGSEGV": ": memory was read or written that belongs to no tensor",
    "SIGFPE": ": an integer was divided by 0",
}

_MAX_OUTPUT = 1 << 20  # bytes kept of what one process prints: the first half, the last


@dataclasses.dataclass
class Result:
    """How one test, all its parameters together, ended."""

    passed: bool
    message: str = ""  # what it printed, if it failed


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a process may use, with those that it starts."""

    seconds: float = 60
    megabytes: int = 4096  # of memory that is really there, its processes' together
    processes: int = 256
    file_megabytes: int = 64


def canonical(name: str) -> str:
    """Suite.Name for Prefix/Suite.Name/7, Suite/7.Name, ...: the name in the source."""
    suite, _, test = name.partition(".")
    parts = [part for part in suite.split("/") if not part.isdigit()]
    return f"{parts[-1]}.{test.split('/')[0]}"


def printable(text: str) -> str:
    """The text without what XML has no place for: most control characters, say."""
    return _NOT_IN_XML.sub("\ufffd", text)


def filter_of(tests: list[str]) -> str:
    """The --gtest_filter that runs these tests with all their parameters."""
    forms = []
    for test in tests:
        suite, _, name = test.partition(".")
        for prefix in ("", "*/"):
            forms += [
                f"{prefix}{suite}.{name}",
                f"{prefix}{suite}.{name}/*",
                f"{prefix}{suite}/*.{name}",
            ]
    return ":".join(forms)


def list_tests(binary: str, descriptors: tuple[int, ...] = ()) -> list[str]:
    """Each test of the binary once, in order."""
    listing = subprocess.run(
        [binary, "--gtest_list_tests"],
        stdout=subprocess.PIPE,
        pass_fds=descriptors,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    tests: dict[str, None] = {}
    suite = ""
    for line in listing.splitlines():
        name = line.split("#")[0].rstrip()
        if name.startswith("  "):
            tests[canonical(suite + name.strip())] = None
        elif name.endswith("."):
            suite = name
    return list(tests)


def _limit(limits: Limits, exchange: "Exchange | None"):
    def apply():
        os.setsid()  # so that children of the test end with it
        if exchange is not None:
            exchange.attach()
            os.closerange(5, 256)
        megabyte = 1 << 20
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (limits.file_megabytes * megabyte,) * 2
        )
        seconds = int(limits.seconds) * os.cpu_count() + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    return apply


class Exchange:
    """A secret for a program to read from descriptor 3 and to return through 4."""

    def __init__(self, secret: str):
        self._ends = [*os.pipe(), *os.pipe()]
        os.write(self._ends[1], secret.encode())
        os.close(self._ends.pop(1))

    def attach(self) -> None:
        """In the child: the two descriptors, under their numbers."""
        source, _, sink = self._ends
        high = (os.dup2(source, 100), os.dup2(sink, 101))
        os.dup2(high[0], 3)
        os.dup2(high[1], 4)

    def answer(self) -> str:
        """What came back, after the program has ended."""
        os.set_blocking(self._ends[1], False)
        try:
            return os.read(self._ends[1], 256).decode(errors="replace")
        except BlockingIOError:
            return ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for end in self._ends:
            os.close(end)


def run_once(
    binary: str,
    arguments: list[str],
    environment: dict[str, str],
    limits: Limits,
    exchange: Exchange | None = None,
) -> tuple[str, str]:
    """What one process printed, and how it ended if not by itself with 0 or 1."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            [binary, *arguments],
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**_STEADY, **os.environ, **environment},
            preexec_fn=_limit(limits, exchange),
            close_fds=exchange is None,
        )
        try:
            end = _wait(process, limits, adopts=exchange is not None)
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        return _kept(out), end


def _kept(out: BinaryIO) -> str:
    """The file's text, without the middle of one that is too long."""
    size = out.seek(0, os.SEEK_END)
    out.seek(0)
    kept = out.read(_MAX_OUTPUT // 2)
    if size > _MAX_OUTPUT:
        out.seek(size - _MAX_OUTPUT // 2)
        kept += b"\n...\n"
    return (kept + out.read()).decode("utf-8", errors="replace")


def _wait(process: subprocess.Popen, limits: Limits, adopts: bool) -> str:
    """How the process ended, "" if by itself with 0 or 1. If this process adopts
    orphans, all that it has count as the test's."""
    counted = os.getpid() if adopts else process.pid
    deadline = time.monotonic() + limits.seconds
    pause = 0.002
    while True:
        code = process.poll()
        if code is None:
            time.sleep(pause)
            pause = min(0.1, 1.5 * pause)
        else:
            if code < 0:
                name = signal.Signals(-code).name
                return f"crashed: {name}{_CRASHES.get(name, '')}"
            return f"ended with exit code {code}" if code > 1 else ""
        if time.monotonic() > deadline:
            return f"did not end within {limits.seconds:g} seconds"
        family = {process.pid, *_descendants(counted)}
        if len(family) > limits.processes:
            return f"started more than {limits.processes} processes"
        if sum(map(_resident_megabytes, family)) > limits.megabytes:
            return f"used more than {limits.megabytes} MB of memory"


def _descendants(pid: int) -> set[int]:
    """The processes that it started, and those that they started."""
    found: set[int] = set()
    left = [pid]
    while left:
        for path in glob.glob(f"/proc/{left.pop()}/task/*/children"):
            try:
                with open(path, encoding="ascii") as file:
                    children = set(map(int, file.read().split()))
            except OSError:
                continue
            left += children - found
            found |= children
    return found


def _resident_megabytes(pid: int) -> float:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / (1 << 20)
    except (OSError, IndexError):
        return 0


def run(
    binary: str,
    tests: list[str],
    environment: dict[str, str] | None = None,
    limits: Limits = Limits(),
    fail_fast: bool = False,
) -> dict[str, Result]:
    """Runs these tests of the binary. Every one of them is in the result, unless
    fail_fast ended the run before."""
    results: dict[str, Result] = {}
    left = list(tests)
    while left:
        arguments = ["--gtest_color=no", f"--gtest_filter={filter_of(left)}"]
        if fail_fast:
            arguments.append("--gtest_fail_fast")
        text, end = run_once(binary, arguments, environment or {}, limits)
        running = read_output(text, results)
        if running is not None:
            reason = end or "the program ended in the middle of the test"
            results[running] = Result(False, f"{results[running].message}{reason}\n")
        before = len(left)
        left = [test for test in left if test not in results]
        if len(left) == before:  # no process will bring them further
            for test in left:
                results[test] = Result(False, end or "the test did not run")
            break
        if fail_fast and any(not result.passed for result in results.values()):
            break
    return results


def read_output(text: str, results: dict[str, Result]) -> str | None:
    """Adds a process's results; returns the test that did not end, if there is one."""
    running = None
    message = ""
    for line in text.splitlines():
        if match := _RUN.search(line):
            if running is not None and results[running].passed:  # it never ended
                results[running] = Result(False, message)
            running = canonical(match[1])
            results.setdefault(running, Result(True))
            message = ""
            continue
        if running is None:
            continue
        skipped, bad = _SKIPPED.search(line), _FAILED.search(line)
        ended = skipped or bad or _OK.search(line)
        if not ended or canonical(ended[1]) != running:
            message += line + "\n"
            continue
        if skipped and results[running].passed:
            del results[running]  # it says nothing: to be run again, or never
        if bad and results[running].passed:
            if bad.start() > 0:
                message += line[: bad.start()] + "\n"
            results[running] = Result(False, message)
        running = None
    if running is not None and results[running].passed:
        results[running] = Result(False, message)
    return running
