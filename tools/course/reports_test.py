"""What grading writes."""

import json
import pathlib
import unittest
import xml.etree.ElementTree as xml

from tools.course import checkout, grade, reports, results, sandbox
from tools.course.errors import CourseError
from tools.course.testing.grading_case import RIGHT, GradingCase


class ReportsTest(GradingCase):
    """The files that are written."""

    def graded_files(self) -> pathlib.Path:
        folder = self.submit(e11=RIGHT["1.1"] + "// crashes the first")
        (folder / "tests/creation/creation_test.cc").write_text("")
        out = self.here / "out"
        grade.grade_all(self.grader, [folder], out, single=True)
        return out

    def test_results_json_has_documented_fields_only(self):
        text = (self.graded_files() / "results.json").read_text()
        self.assertEqual(reports.check_gradescope(text), [])
        content = json.loads(text)
        self.assertEqual(content["score"], 30)
        self.assertEqual(content["tests"][0]["max_score"], 60)
        self.assertIn("./course hint 1.1", content["tests"][0]["output"])
        self.assertIn("creation_test.cc: edited", content["output"])

    def test_a_wrong_results_json_is_noticed(self):
        wrong = {
            "score": "1",
            "points": 2,
            "visibility": "secret",
            "tests": [{"score": 3, "max_score": 2, "number": 1.1}],
        }
        self.assertEqual(
            reports.check_gradescope(json.dumps(wrong)),
            [
                "field score can't be '1'",
                "unknown field points",
                "field visibility can't be 'secret'",
                "test field number can't be 1.1",
                "score 3 of 2",
            ],
        )

    def test_junit_counts_tests_and_failures(self):
        root = xml.parse(self.graded_files() / "junit.xml").getroot()
        suite = root.find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("2", "1"))

    def test_a_class_has_one_table(self):
        self.submit("class/ada", e11=RIGHT["1.1"], e12=RIGHT["1.2"])
        self.submit("class/bob")
        out = self.here / "out"
        folders = sorted((self.here / "class").iterdir())
        grade.grade_all(self.grader, folders, out, single=False)
        self.assertEqual(
            (out / "scores.csv").read_text(),
            "submission,1.1,1.2,points,discarded edits\n"
            "ada,60.0,40.0,100.0,0\nbob,0.0,0.0,0.0,0\n",
        )
        self.assertTrue((out / "bob/results.json").exists())

    def test_a_class_has_one_summary(self):
        folders = [self.submit("ada", e11=RIGHT["1.1"]), self.submit("grace")]
        grades = [self.grader.grade(folder, folder.name) for folder in folders]
        self.assertEqual(
            reports.summary(grades).splitlines(),
            [
                "           1.1    1.2 points",
                "ada         60      0     60",
                "grace        0      0      0",
                "mean        30      0     30",
            ],
        )

    def test_the_lesson_is_the_one_that_the_checkouts_say(self):
        folders = [self.submit("ada"), self.here / "void"]
        self.assertEqual(grade._lesson_of(folders), 1)
        checkout.checkout(self.root, 2, self.here / "bob")
        with self.assertRaisesRegex(CourseError, "name the --lesson; .*1 in .*2 in "):
            grade._lesson_of([*folders, self.here / "bob"])

    def test_a_forged_report_is_no_report(self):
        path = self.here / "test.xml"
        path.write_text(
            '<testsuites><testsuite name="all"><testcase classname="Count" '
            'name="firstOne"/></testsuite></testsuites>'
        )
        self.assertEqual(sandbox.read_report(path), {})


if __name__ == "__main__":
    unittest.main()
