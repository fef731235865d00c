"""Only tests that come to their end pass, whatever the others try."""

import os
import pathlib
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml
from unittest import mock

from tools.course.sealed import run

_BINARY = sys.argv.pop()


class SealedTest(unittest.TestCase):
    def test_only_what_passes_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "test.xml"
            os.environ["XML_OUTPUT_FILE"] = str(report)
            os.environ["COURSE_SECONDS"] = "3"
            os.environ["COURSE_FORGED"] = str(report)
            self.assertEqual(run.main([_BINARY]), 1)
            time.sleep(0.1)  # for who is left to spoil it
            cases = xml.parse(report).getroot().findall("testsuite/testcase")
        passed = {c.get("name") for c in cases if c.find("failure") is None}
        self.assertEqual(len(cases), 9)
        self.assertEqual(passed, {"Passes", "PassesAfterAllThat"})
        said = {c.get("name"): c.findtext("failure") for c in cases}
        self.assertIn("did not end within 3 seconds", said["Loops"])
        self.assertIn("crashed: SIGABRT", said["Crashes"])
        self.assertIn("ended before the test did", said["GuessesTheSecret"])

    def test_only_the_tests_that_are_asked_for_run(self):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "test.xml"
            os.environ["XML_OUTPUT_FILE"] = str(report)
            chosen = {"COURSE_TESTS": "Bad.Passes:Other.Fails"}
            with mock.patch.dict(os.environ, chosen):
                self.assertEqual(run.main([_BINARY]), 0)
            cases = xml.parse(report).getroot().findall("testsuite/testcase")
        self.assertEqual([case.get("name") for case in cases], ["Passes"])


if __name__ == "__main__":
    unittest.main()
