"""The learner's commands in a checkout, on results made up here."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

from tools.course import checkout, lessons, loop, results, runner
from tools.course.errors import CourseError
from tools.course.testing import small_course


class CheckoutCase(unittest.TestCase):
    """A checkout of lesson 1 of the small course."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = small_course.write(pathlib.Path(folder.name) / "reference")
        self.folder = pathlib.Path(folder.name) / "mine"
        checkout.checkout(root, 1, self.folder, solutions=True)
        self.lesson = lessons.find(self.folder, 1)

    def course(self, *arguments: str) -> str:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.code = loop.run(self.folder, list(arguments))
        return out.getvalue()

    def results(self, message="", **passed: bool):
        results.save(
            self.lesson,
            {f"Count.{n}": runner.Result(p, message) for n, p in passed.items()},
            results.sources_sum(self.lesson),
        )


class LoopTest(CheckoutCase):
    def test_status_says_what_is_not_tested_yet(self):
        text = self.course("status")
        self.assertIn("not run  1.1  first of creation", text)
        self.assertIn("0 of 100 points", text)
        self.assertIn("nothing was tested yet: ./course test", text)

    def test_status_counts_the_points_of_tests_that_pass(self):
        self.results(firstOne=True, firstTwo=False, secondOne=True)
        text = self.course("status")
        self.assertIn(
            "to do    1.1  first of creation              30/60   1 of 2", text
        )
        self.assertIn(
            "passes   1.2  second of creation             40/40   1 of 1", text
        )
        self.assertIn("70 of 100 points", text)
        self.assertIn("next: ./course why 1.1", text)

    def test_status_says_what_comes_next_when_all_pass(self):
        self.results(firstOne=True, firstTwo=True, secondOne=True)
        text = self.course("status")
        self.assertIn("every exercise passes; next: ./course quiz", text)

    def test_what_is_not_written_is_to_do_whatever_its_tests_print(self):
        self.results("<another exception>", firstOne=False, secondOne=False)
        source = self.folder / "modules/creation/creation.cc"
        text = source.read_text().replace('throw NotImplemented("1.2', 'return f("1.2')
        source.write_text(text)
        self.results("<another exception>", firstOne=False, secondOne=False)
        text = self.course("status")
        self.assertIn("to do    1.1", text)
        self.assertIn("FAILS    1.2", text)

    def test_status_is_not_deceived_by_old_results(self):
        self.results(firstOne=True, firstTwo=True, secondOne=True)
        source = self.folder / "modules/creation/creation.cc"
        source.write_text(source.read_text() + "\n")
        text = self.course("status")
        self.assertIn("0 of 100 points", text)
        self.assertIn("the files have changed since the last test", text)

    def test_results_are_those_of_the_text_that_was_built(self):
        before = results.sources_sum(self.lesson)
        source = self.folder / "modules/creation/creation.cc"
        source.write_text(source.read_text() + "\n")
        found = {"Count.firstOne": runner.Result(True)}
        self.assertEqual(results.save(self.lesson, found, before), found)
        self.assertEqual(results.load(self.lesson), ({}, True))

    def test_what_editors_keep_beside_a_source_is_none(self):
        self.results(firstOne=True)
        for name in (".creation.cc.swp", "creation.cc~", "#creation.cc#"):
            (self.folder / "modules/creation" / name).write_text("x")
        self.assertFalse(results.load(self.lesson)[1])

    def test_a_source_that_is_not_utf_8_is_named(self):
        source = self.folder / "modules/creation/creation.cc"
        source.write_bytes(source.read_bytes() + b"// \xf6\n")
        line = source.read_bytes().count(b"\n")
        with self.assertRaisesRegex(CourseError, f"creation.cc:{line}: not UTF-8"):
            self.course("why", "1.1")

    def test_status_speaks_json(self):
        self.results(firstOne=True, firstTwo=True)
        content = json.loads(self.course("status", "--json"))
        self.assertEqual(content["points"], 60)
        self.assertTrue(content["exercises"][0]["passed"])

    def test_every_command_speaks_json(self):
        self.results(firstOne=True, firstTwo=True)
        for command in [
            ["hint", "1.1"],
            ["why", "1.1"],
            ["quiz"],
            ["solution", "1.1"],
            ["reset", "1.1", "--yes"],
        ]:
            json.loads(self.course(*command, "--json"))  # raises if it is none
            self.assertEqual(self.code, 0)

    def test_there_are_no_colours_in_a_pipe(self):
        self.assertNotIn("\033", self.course("status"))

    def test_hints_come_one_at_a_time(self):
        first = self.course("hint", "1.1")
        self.assertIn("question?", first)
        self.assertNotIn("idea!", first)
        self.assertIn("idea!", self.course("hint", "1.1"))
        third = self.course("hint", "1.1")
        self.assertIn("sketch...", third)
        self.assertNotIn("still stuck", third)
        self.assertIn("sketch...", self.course("hint", "1.1"))

    def test_a_damaged_count_of_hints_begins_again(self):
        for damaged in ("", "{", "\xff"):
            (self.folder / ".course/hints.json").write_text(damaged)
            self.assertIn("question?", self.course("hint", "1.1"))

    def test_why_names_the_place_the_tests_and_the_section(self):
        text = self.course("why", "1.2")
        self.assertIn("modules/creation/creation.cc:", text)
        self.assertIn("Count.second*", text)
        self.assertIn("'Counting'", text)

    def test_a_solution_is_shown_after_a_pass_only(self):
        with self.assertRaisesRegex(CourseError, "1.1 does not pass yet"):
            self.course("solution", "1.1")
        self.results(firstOne=True, firstTwo=True)
        self.assertIn("return first_creation(1);", self.course("solution", "1.1"))

    def test_reset_brings_the_stub_back_and_keeps_the_text(self):
        source = self.folder / "modules/creation/creation.cc"
        given = source.read_text()
        mine = given.replace('throw NotImplemented("1.1', 'return mine("1.1')
        source.write_text(mine)
        text = self.course("reset", "1.1", "--yes")
        self.assertEqual(source.read_text(), given)
        self.assertIn(".course/backup/1.1-1.txt", text)
        backup = (self.folder / ".course/backup/1.1-1.txt").read_text()
        self.assertIn('return mine("1.1', backup)

    def test_reset_overwrites_no_backup(self):
        folder = self.folder / ".course/backup"
        folder.mkdir()
        (folder / "1.1-2.txt").write_text("older")
        names = [json.loads(self.reset_1_1())["backup"] for _ in range(2)]
        self.assertEqual(
            names, [".course/backup/1.1-1.txt", ".course/backup/1.1-3.txt"]
        )
        self.assertEqual((folder / "1.1-2.txt").read_text(), "older")

    def reset_1_1(self) -> str:
        return self.course("reset", "1.1", "--yes", "--json")

    def test_a_damaged_record_is_named(self):
        record = self.folder / ".course/checkout.json"
        for text in ("{", "[]", "{}"):
            record.write_text(text)
            with self.assertRaisesRegex(CourseError, "checkout.json is damaged"):
                self.course("status")

    def test_an_exercise_that_the_record_does_not_have_is_the_learner_s(self):
        record = self.folder / ".course/checkout.json"
        record.write_text(json.dumps(json.loads(record.read_text()) | {"regions": {}}))
        self.results(firstOne=False)
        self.assertIn("FAILS    1.1", self.course("status"))

    def test_the_quiz_keeps_its_answers_until_asked(self):
        self.assertIn("./course quiz --answers", self.course("quiz"))

    def test_an_unknown_exercise_is_named_with_those_there_are(self):
        with self.assertRaisesRegex(CourseError, "lesson 1 has 1.1, 1.2"):
            self.course("hint", "1.7")


class FailureTest(CheckoutCase):
    """Whose fault it is when nothing can be built."""

    def explain(self, output: str) -> results.Failure:
        return results.explain(self.lesson, output)

    def test_an_error_inside_a_region_is_its_exercise_s(self):
        line = self.lesson.regions()["1.2"].line
        path = "modules/creation/creation.cc"
        shown = "    8 |   return 1\n      |           ^\n"
        failure = self.explain(
            f"ERROR: x\n{path}:{line + 1}:3: error: expected ';'\n{shown}1 error.\n"
        )
        self.assertEqual(failure.exercise, "1.2")
        self.assertEqual(failure.text, f"{path}:{line + 1}: expected ';'\n{shown[:-1]}")

    def test_what_an_exercise_asked_for_is_its_fault(self):
        line = self.lesson.regions()["1.1"].line
        path = "modules/creation/creation.cc"
        failure = self.explain(
            f"external/absl/a.h:7:1: error: no type\n"
            f"{path}:{line + 1}:3: note: in instantiation of f<int>\n"
        )
        self.assertEqual(failure.exercise, "1.1")
        self.assertIn("external/absl/a.h:7: no type\n", failure.text)
        self.assertIn(f"{path}:{line + 1}: in instantiation", failure.text)

    def test_a_note_alone_accuses_nobody(self):
        line = self.lesson.regions()["1.1"].line
        path = "modules/creation/creation.cc"
        self.assertIsNone(self.explain(f"{path}:{line + 1}:3: note: x\n").exercise)

    def test_an_error_elsewhere_is_nobody_s_exercise(self):
        failure = self.explain("modules/creation/creation.cc:1:1: error: what\n")
        self.assertIsNone(failure.exercise)

    def test_any_other_output_is_shown_at_its_end(self):
        failure = self.explain("\n".join(f"line {i}" for i in range(40)))
        self.assertIsNone(failure.exercise)
        self.assertIn("line 39", failure.text)
        self.assertNotIn("line 3\n", failure.text)

    def test_the_first_failure_is_that_of_the_first_pattern(self):
        path = self.folder / "lessons/01_creation/lesson.toml"
        patterns = '["Count.firstTwo", "Count.first*"]'
        path.write_text(path.read_text().replace('["Count.first*"]', patterns))
        lesson = lessons.find(self.folder, 1)
        self.results("x", firstOne=False, firstTwo=False)
        score = results.scores(lesson, results.load(lesson)[0])[0]
        self.assertEqual(score.first, "Count.firstTwo")


if __name__ == "__main__":
    unittest.main()
