"""Only tests that come to their end pass, whatever the others try."""

import os
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

from tools.course.sealed import run

_BINARY = sys.argv.pop()


class SealedTest(unittest.TestCase):
    def test_only_what_passes_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "test.xml"
            os.environ["XML_OUTPUT_FILE"] = str(report)
            os.environ["COURSE_SECONDS"] = "3"
            self.assertEqual(run.main([_BINARY]), 1)
            cases = xml.parse(report).getroot().findall("testsuite/testcase")
        passed = {c.get("name") for c in cases if c.find("failure") is None}
        self.assertEqual(len(cases), 8)
        self.assertEqual(passed, {"Passes", "PassesAfterAllThat"})
        said = {c.get("name"): c.findtext("failure") for c in cases}
        self.assertIn("did not end within 3 seconds", said["Loops"])
        self.assertIn("crashed: SIGABRT", said["Crashes"])
        self.assertIn("ended before the test did", said["GuessesTheSecret"])


if __name__ == "__main__":
    unittest.main()
