"""Every command of lessons/INSTRUCTORS.md, run on the small course in its order."""

import contextlib
import importlib
import io
import os
import pathlib
import re
import shlex
import tempfile
import unittest
from unittest import mock

from tools.course import checkout, sandbox
from tools.course.testing import grading_case, small_course

_PAGE = pathlib.Path("lessons/INSTRUCTORS.md")
_PREFIX = "bazel run //tools/course -- "
_MODULES = {
    "checkout": "commands",
    "update": "commands",
    "show": "commands",
    "grade": "grade",
}


def commands() -> list[str]:
    text = _PAGE.read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


class InstructorsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.term = pathlib.Path(folder.name) / "term"
        self.root = small_course.write(pathlib.Path(folder.name) / "reference")
        grading_case.add_sealed(self.root)
        for name in ("ada", "bob"):
            checkout.checkout(self.root, 2, self.term / "handed-in" / name)

    def test_each_command_works(self):
        self.assertGreaterEqual(len(commands()), 6)
        used = set()
        for command in commands():
            self.assertTrue(command.startswith(_PREFIX), command)
            text = command[len(_PREFIX) :].replace("/tmp/term", str(self.term))
            arguments = shlex.split(text)
            used.add(arguments[0])
            module = importlib.import_module(f"tools.course.{_MODULES[arguments[0]]}")
            stand_in = mock.patch.object(
                sandbox, "Sandbox", lambda *_: grading_case.StandIn()
            )
            place = mock.patch.object(sandbox, "place", lambda: self.term)
            with stand_in, place, contextlib.redirect_stdout(io.StringIO()):
                self.assertEqual(module.run(self.root, arguments), 0, command)
        self.assertEqual(used, set(_MODULES))
        self.assertTrue((self.term / "scores" / "scores.csv").exists())
        self.assertTrue((self.term / "ada" / "results.json").exists())


if __name__ == "__main__":
    os.environ.setdefault("BUILD_WORKING_DIRECTORY", ".")
    unittest.main()
