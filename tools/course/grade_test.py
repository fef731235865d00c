"""Grading: what earns points, and what a submission can't spoil."""

import os
import unittest
import xml.etree.ElementTree as xml
from unittest import mock

from tools.course import checkout, commands, grade, reports, sandbox, submission
from tools.course.errors import CourseError
from tools.course.testing.grading_case import RIGHT, GradingCase


class GradeTest(GradingCase):
    def test_an_empty_submission_earns_nothing_and_builds_nothing(self):
        self.assertEqual(self.points(self.submit()), {"1.1": 0, "1.2": 0})
        self.assertEqual(self.sandbox.builds, 0)

    def test_an_empty_folder_earns_nothing(self):
        (self.here / "void").mkdir()
        self.assertEqual(self.points(self.here / "void"), {"1.1": 0, "1.2": 0})

    def test_the_reference_earns_100(self):
        folder = self.submit(e11=RIGHT["1.1"], e12=RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 60, "1.2": 40})
        self.assertEqual(self.graded.points, 100)

    def test_the_same_submission_has_the_same_score_twice(self):
        folder = self.submit(e11=RIGHT["1.1"], e12="  return 7;")
        first = reports.gradescope(self.grader.grade(folder, "ada"))
        self.assertEqual(reports.gradescope(self.grader.grade(folder, "ada")), first)

    def test_the_one_before_leaves_nothing_behind(self):
        self.points(self.submit("ada", e11=RIGHT["1.1"], e12=RIGHT["1.2"]))
        self.assertEqual(
            self.points(self.submit("bob", e12=RIGHT["1.2"])), {"1.1": 0, "1.2": 40}
        )

    def test_an_exercise_that_does_not_compile_costs_only_its_points(self):
        folder = self.submit(e11="  does not compile", e12=RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 40})
        self.assertIn("does not compile: x.cc:1", self.graded.exercises[0].note)

    def test_a_build_that_fails_elsewhere_costs_who_breaks_it(self):
        folder = self.submit(e11="  breaks the build", e12=RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 40})
        self.assertIn("out of luck", self.graded.exercises[0].note)

    def test_a_machine_that_can_t_build_grades_nobody(self):
        self.grader.prepare()
        self.sandbox.broken = True
        with self.assertRaisesRegex(CourseError, "nothing can be graded here: no comp"):
            self.grader.prepare()

    def test_a_crash_costs_its_test(self):
        right = RIGHT["1.1"] + "  // crashes the first"
        folder = self.submit(e11=right, e12=RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 30, "1.2": 40})

    def test_a_program_that_ends_early_earns_nothing(self):
        folder = self.submit(e11="  ends early", e12=RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 40})

    def test_an_edited_test_is_discarded_and_listed(self):
        folder = self.submit(e11="  return 7;")
        (folder / "tests/creation/creation_test.cc").write_text("TEST(Count, no) {}\n")
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 0})
        discarded = self.graded.submission.discarded
        self.assertIn("tests/creation/creation_test.cc: edited", discarded)

    def test_edits_outside_of_regions_and_new_files_are_discarded(self):
        folder = self.submit(e12=RIGHT["1.2"])
        path = folder / "modules/creation/creation.cc"
        path.write_text(path.read_text() + "int forged = puts(\"[  PASSED  ]\");\n")
        (folder / "tests/creation/extra_test.cc").write_text("")
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 40})
        discarded = "\n".join(self.graded.submission.discarded)
        self.assertIn("creation.cc: edited outside of the exercises", discarded)
        self.assertIn("extra_test.cc: not part of the lesson", discarded)
        sealed = (self.here / "sealed/modules/creation/creation.cc").read_text()
        self.assertNotIn("forged", sealed)

    def test_a_link_out_of_the_submission_is_not_followed(self):
        folder = self.submit()
        path = folder / "modules/creation/creation.cc"
        path.unlink()
        path.symlink_to(self.root / "modules/creation/creation.cc")
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 0})
        name = "modules/creation/creation.cc is a link"
        self.assertIn(name, "\n".join(self.graded.submission.discarded))
        self.assertIn(name, self.graded.exercises[0].note)

    def test_what_can_t_be_read_costs_its_learner_alone(self):
        def nested(folder):
            (folder / ".course/checkout.json").write_text("[" * 100_000)

        def no_record(folder):
            (folder / ".course/checkout.json").unlink()
            (folder / ".course/checkout.json").mkdir()

        def pipe(folder):
            (folder / ".course/checkout.json").unlink()
            os.mkfifo(folder / ".course/checkout.json")

        def replaced(by):
            def make(folder):
                path = folder / "modules/creation/creation.cc"
                path.unlink()
                by(path)

            return make

        odd = [nested, no_record, pipe]
        odd += [replaced(by) for by in (os.mkfifo, os.mkdir)]
        odd += [replaced(lambda path: path.write_bytes(b"x" * (2 << 20)))]
        odd += [replaced(lambda path: path.write_bytes(b"\xff"))]
        for number, make in enumerate(odd):
            folder = self.submit(f"class/ada{number}", e11="  return 7;")
            make(folder)
        self.submit("class/zoe", e11=RIGHT["1.1"], e12=RIGHT["1.2"])
        folders = sorted((self.here / "class").iterdir())
        self.assertEqual(grade._lesson_of(folders), 1)
        graded = grade.grade_all(self.grader, folders, self.here / "out", False)
        self.assertEqual([g.points for g in graded], [0] * len(odd) + [100])
        notes = [g.exercises[0].note for g in graded[3:-1]]
        self.assertEqual(
            [note.split(": ", 2)[-1] for note in notes],
            ["no plain file", "no plain file", "larger than 1024 kB", "no text file"],
        )

    def test_an_error_in_reading_costs_its_learner_alone(self):
        folder = self.submit(e11=RIGHT["1.1"])
        for error in (PermissionError(13, "Permission denied"), RecursionError("x")):
            with mock.patch.object(submission, "take", side_effect=error):
                self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 0})
            self.assertIn("can't be read", self.graded.exercises[1].note)

    def test_the_scores_so_far_are_kept_when_grading_comes_to_a_halt(self):
        folders = [self.submit("ada", e11=RIGHT["1.1"]), self.submit("bob", e11="x")]
        halt = CourseError("bazel test ended with code 37")
        with (
            mock.patch.object(self.sandbox, "run", side_effect=[{}, halt]),
            self.assertRaises(CourseError),
        ):
            grade.grade_all(self.grader, folders, self.here / "out", single=False)
        self.assertIn("ada,", (self.here / "out/scores.csv").read_text())

    def test_a_learner_s_name_may_be_anything(self):
        folder = self.submit("ada\x1b\udcff", e11=RIGHT["1.1"])
        out = self.here / "out"
        grade.grade_all(self.grader, [folder], out, single=True)
        xml.parse(out / "junit.xml")

    def test_the_sealed_workspace_has_no_solution_of_the_lesson(self):
        text = (self.here / "sealed/modules/creation/creation.cc").read_text()
        self.assertNotIn("first_creation", text)
        rules = (self.here / "sealed/tools/build/cc_modules.bzl").read_text()
        self.assertIn("//tools/course/sealed:main", rules)


class CommandsTest(GradingCase):
    def test_a_class_is_its_learners_folders(self):
        for name in ("ada", "bob", ".git", "graded"):
            (self.here / "class" / name).mkdir(parents=True)
        (self.here / "class/list.txt").write_text("ada bob")
        found = grade.submissions_in(self.here / "class", self.here / "class/graded")
        self.assertEqual([path.name for path in found], ["ada", "bob"])

    def test_what_is_no_exercise_is_said_to_be_none(self):
        for name in ("abc", "1", "1.", "1.x"):
            with self.assertRaisesRegex(CourseError, "names no exercise"):
                commands.run(self.root, ["show", name])


if __name__ == "__main__":
    unittest.main()
