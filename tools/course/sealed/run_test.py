"""The runner of sealed tests, on scripts in the place of test binaries."""

import os
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from unittest import mock

from tools.course.sealed import run

# Speaks googletest's language and main.cc's: gives the secret back if a test passes.
_FAKE = """\
#!{python}
import os, sys
if "--gtest_list_tests" in sys.argv:
    print("Fake.\\n  One\\n  Two")
    sys.exit(0)
secret = os.read(3, 100)
test = "One" if "Fake.One" in sys.argv[-1] else "Two"
print("[ RUN      ] Fake." + test, flush=True)
{body}
"""
_GIVES = "os.write(4, secret)\n"


class RunTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)

    def program(self, name: str, body: str) -> pathlib.Path:
        path = self.here / name
        path.write_text(_FAKE.format(python=sys.executable, body=body))
        path.chmod(0o755)
        return path

    def run_tests(self, binary: pathlib.Path) -> dict[str, str | None]:
        """What each test says that fails; None if it passes."""
        report = self.here / "test.xml"
        with mock.patch.dict(os.environ, {"XML_OUTPUT_FILE": str(report)}):
            run.main([str(binary)])
        cases = xml.parse(report).getroot().findall("testsuite/testcase")
        return {case.get("name"): case.findtext("failure") for case in cases}

    def test_a_test_that_gives_the_secret_back_has_passed(self):
        binary = self.program("a_test", _GIVES)
        self.assertEqual(self.run_tests(binary), {"One": None, "Two": None})

    def test_no_test_can_put_another_program_in_the_place_of_the_next(self):
        good = self.program("good", _GIVES)
        binary = self.here / "link"
        swaps = f"os.replace({str(good)!r}, {str(binary)!r})\n"
        body = f"if test == 'One': {swaps}sys.exit(1)\n"
        binary.symlink_to(self.program("bad", body))
        found = self.run_tests(binary)
        self.assertFalse(good.exists())  # it is where the link was
        self.assertIsNotNone(found["One"])
        self.assertIsNotNone(found["Two"])

    def test_a_report_holds_whatever_a_test_prints(self):
        ends = "sys.stdout.flush()\nsys.exit(1)\n"
        odd = "a\\uffff\\ufffe\\x00\\x1b\\x7f\\ud7ff\\U0010ffff\\tz"
        prints = f"os.write(1, {odd!r}.encode())\n".replace("\\\\", "\\")
        found = self.run_tests(self.program("a_test", prints + ends))
        self.assertEqual(
            found["Two"].rstrip("\n"), "a" + "\ufffd" * 4 + "\x7f\ud7ff\U0010ffff\tz"
        )


if __name__ == "__main__":
    unittest.main()
