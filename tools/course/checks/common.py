"""What the checks share: Bazel in a scratch workspace, and a tally of what held."""

import dataclasses
import os
import pathlib
import re
import subprocess
import time

# One SIMD target: what is checked is the course's machinery, not the kernels.
_SETTINGS = """\
build --config=fast
build --disk_cache={cache}
"""
_VERDICT = re.compile(
    r"^(//\S+)\s.*?\b(PASSED|FAILED|TIMEOUT|NO STATUS)\b", re.MULTILINE
)


def environment() -> dict[str, str]:
    """As a learner's shell has it: without what `bazel run` adds."""
    added = ("BUILD_", "RUNFILES_", "JAVA_RUNFILES", "PYTHON", "TEST_")
    return {k: v for k, v in os.environ.items() if not k.startswith(added)}


@dataclasses.dataclass(frozen=True)
class Settings:
    """Lets a scratch workspace find the sources that `root` has, and build quickly."""

    root: pathlib.Path
    cache: pathlib.Path

    def apply(self, folder: pathlib.Path) -> None:
        local = self.root / ".bazelrc.local"
        if local.exists():
            (folder / local.name).write_bytes(local.read_bytes())
        (folder / ".bazelrc.user").write_text(_SETTINGS.format(cache=self.cache))


def command(folder: pathlib.Path, *words: str) -> tuple[int, str]:
    """The exit code of a command in a workspace, and what it printed."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    return done.returncode, done.stdout


def bazel_test(folder: pathlib.Path, *targets: str) -> tuple[dict[str, bool], str]:
    """Whether each test target passes, and what Bazel printed."""
    words = ["tools/bazel", "test", "--color=no", "--curses=no", "--noshow_progress"]
    words += ["--keep_going", "--test_output=errors", *targets]
    _, text = command(folder, *words)
    return {target: end == "PASSED" for target, end in _VERDICT.findall(text)}, text


def leave(folder: pathlib.Path) -> None:
    """Takes away what the builds in this workspace left elsewhere, its server too."""
    if (folder / "tools/bazel").exists():
        command(folder, "tools/bazel", "clean", "--expunge")


class Tally:
    """One line for each thing that is checked, and the count of those that hold."""

    def __init__(self):
        self.passed = self.failed = 0
        self._last = time.monotonic()

    def say(self, name: str, problems: list[str], good: str) -> None:
        now = time.monotonic()
        verdict = "FAILS" if problems else good
        print(f"{name}: {verdict} ({now - self._last:.0f} s)", flush=True)
        for problem in problems:
            print(f"  {problem}", flush=True)
        self._last = now
        self.failed += bool(problems)
        self.passed += not problems
