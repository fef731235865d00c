"""Runs a graded test binary, one test a process, and writes what came out.

    run BINARY        (by `bazel test --run_under`, inside Bazel's sandbox)

A test has passed if its process ended with 0 and gave its secret back (main.cc). The
result is written when no process of a test is left, over whatever one may have written.
"""

import ctypes
import fcntl
import os
import pathlib
import secrets
import signal
import sys
import xml.etree.ElementTree as xml

from tools.course import runner


def adopt_orphans() -> None:
    """Makes this process the parent of whatever a test leaves behind."""
    set_child_subreaper = 36
    if ctypes.CDLL(None, use_errno=True).prctl(set_child_subreaper, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def end_orphans() -> None:
    """Ends every process that a test left behind, and those that they leave."""
    while left := _children():
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        for pid in left:
            os.waitpid(pid, 0)


def _children() -> list[int]:
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            # PID (NAME) STATE PARENT ..., and a name may hold anything.
            parent = path.read_text(errors="replace").rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == os.getpid():
            found.append(int(path.parent.name))
    return found


def run_test(binary: str, test: str, limits: runner.Limits) -> runner.Result:
    """One test, with all its parameters, in a process of its own."""
    secret = secrets.token_hex(16)
    with runner.Exchange(secret) as exchange:
        text, end = runner.run_once(
            binary,
            ["--gtest_color=no", f"--gtest_filter={runner.filter_of([test])}"],
            {},
            limits,
            exchange,
        )
        end_orphans()
        if not end and exchange.answer() == secret:
            return runner.Result(True)
    results: dict[str, runner.Result] = {}
    runner.read_output(text, results)
    message = results[test].message if test in results else text[-4000:]
    if not end and not message:
        end = "the program ended before the test did"
    return runner.Result(False, message + (f"{end}\n" if end else ""))


def keep(binary: str) -> int:
    """A descriptor to execute the binary by, whatever a test puts in its place. Its
    number is behind those that a test's process begins without."""
    handle = os.open(binary, os.O_RDONLY)
    try:
        return fcntl.fcntl(handle, fcntl.F_DUPFD, 256)
    finally:
        os.close(handle)


def write(path: pathlib.Path, results: dict[str, runner.Result]) -> None:
    """As JUnit XML: what Bazel expects, and what the grader reads."""
    root = xml.Element("testsuites")
    suite = xml.SubElement(root, "testsuite", name="graded", tests=str(len(results)))
    for test, result in results.items():
        group, _, name = test.partition(".")
        case = xml.SubElement(suite, "testcase", classname=group, name=name)
        if not result.passed:
            failure = xml.SubElement(case, "failure", message="failed")
            failure.text = runner.printable(result.message)
    path.unlink(missing_ok=True)
    xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def main(arguments: list[str]) -> int:
    handle = keep(arguments[0])
    binary = f"/proc/self/fd/{handle}"
    report = pathlib.Path(os.environ["XML_OUTPUT_FILE"])
    for name in [n for n in os.environ if n.startswith(("TEST_", "XML_", "GTEST_"))]:
        if name != "TEST_TMPDIR":
            del os.environ[name]
    limits = runner.Limits(
        seconds=float(os.environ.get("COURSE_SECONDS", "60")),
        megabytes=int(os.environ.get("COURSE_MEGABYTES", "4096")),
    )
    adopt_orphans()
    tests = runner.list_tests(binary, (handle,))
    if chosen := os.environ.get("COURSE_TESTS"):
        tests = [test for test in tests if test in chosen.split(":")]
    results = {test: run_test(binary, test, limits) for test in tests}
    os.close(handle)
    write(report, results)
    return 0 if all(result.passed for result in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
