"""Each lesson's data agrees with its code; what the check finds, it names."""

import pathlib
import tempfile
import unittest

from tools.course import agreement, lessons

_MODULE = """\
module tensor.half;
import tensor.core;
%s
"""
_REGION = "float f%d() {\n  // [solution 1.%d]\n  return 0;\n  // [/solution]\n}\n"
_TEST = "TEST(Half, Test%d) {\n  EXPECT_EQ(f%d(), 0);\n}\n"
_PACK = """\
number = 1
name = "half"
title = "Halves"
minutes = 10
series = "Part 1"
prerequisites = ["core"]
mistakes = []
[[objectives]]
says = "Halve"
tests = ["Half.*"]
"""
_EXERCISE = """
[[exercises]]
id = "1.%d"
title = "half"
kind = "loops"
points = %d
section = "Halves"
asks = "Halve."
hints = ["?", "!", "..."]
tests = ["Half.Test%d"]
"""
_QUESTION = """
[[quiz]]
asks = "?"
choices = ["a", "b"]
answer = 1
because = "so"
"""


class AgreementTest(unittest.TestCase):
    """A workspace of one lesson, made wrong in one place at a time."""

    def problems(self, change=lambda files: None) -> list[str]:
        regions = "".join(_REGION % (i, i) for i in (1, 2, 3)) + "//\n" * 120
        files = {
            "modules/half/half.cc": _MODULE % regions,
            "tests/half/half_test.cc": "".join(_TEST % (i, i) for i in (1, 2, 3)),
            "lessons/01_half/lesson.toml": _PACK
            + "".join(_EXERCISE % (i, p, i) for i, p in ((1, 50), (2, 30), (3, 20)))
            + 3 * _QUESTION,
            "lessons/01_half/README.md": "# Halves\n",
        }
        change(files)
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            lesson = lessons.Lesson(root, 1, "half")
            return list(agreement.problems(lesson, ["core", "half"]))

    def replaced(self, path: str, old: str, new: str) -> list[str]:
        def change(files):
            self.assertIn(old, files[path])
            files[path] = files[path].replace(old, new)

        return self.problems(change)

    def test_what_agrees_has_no_problems(self):
        self.assertEqual(self.problems(), [])

    def test_points_must_add_up_to_100(self):
        self.assertEqual(
            self.replaced("lessons/01_half/lesson.toml", "points = 30", "points = 31"),
            ["the points add up to 101, not 100"],
        )

    def test_exercises_are_the_regions(self):
        found = self.replaced("modules/half/half.cc", "solution 1.2", "solution 1.7")
        self.assertIn("the code's regions are ['1.1', '1.3', '1.7']", found[0])

    def test_prerequisites_are_what_is_imported_or_included(self):
        path, line = "modules/half/half.cc", "import tensor.core;\n"
        self.assertEqual(
            self.replaced(path, line, ""),
            ["prerequisites are ['core'], the code uses []"],
        )
        include = '#include "modules/core/transpose-inl.h"\n'
        self.assertEqual(self.replaced(path, line, include), [])

    def test_every_test_serves_an_objective(self):
        self.assertEqual(
            self.replaced("lessons/01_half/lesson.toml", '"Half.*"', '"Half.Test1"'),
            ["Half.Test2 serves no objective", "Half.Test3 serves no objective"],
        )

    def test_every_pattern_names_a_test(self):
        self.assertEqual(
            self.replaced("lessons/01_half/lesson.toml", '"Half.Test2"', '"Half.X"'),
            ["exercise 1.2: no test is called Half.X"],
        )

    def test_a_test_belongs_to_one_exercise(self):
        self.assertEqual(
            self.replaced(
                "lessons/01_half/lesson.toml", '"Half.Test2"', '"Half.Test[12]"'
            ),
            ["Half.Test1 belongs to 1.1 and 1.2"],
        )

    def test_a_test_asserts_something(self):
        path = "tests/half/half_test.cc"
        self.assertEqual(
            self.replaced(path, "EXPECT_EQ(f2(), 0);", "f2();"),
            ["Half.Test2 asserts nothing"],
        )
        self.assertEqual(self.replaced(path, "EXPECT_EQ(f2(), 0)", "expect_0(f2)"), [])

    def test_markers_are_few(self):
        found = self.replaced("modules/half/half.cc", "//\n" * 120, "")
        self.assertEqual(found, ["6 markers in 19 lines: above 5 %"])

    def test_sections_are_headings_of_the_lesson(self):
        def change(files):
            files["lessons/01_half/README.md"] = "# Other\n"

        self.assertEqual(len(self.problems(change)), 3)


class LessonsTest(unittest.TestCase):
    """The lessons themselves, as far as the BUILD file hands them over."""

    def test_data_and_code_agree(self):
        root = pathlib.Path(".")
        order = lessons.lesson_names(root)
        given = [
            lesson
            for lesson in lessons.all_lessons(root)
            if (root / lesson.folder / "lesson.toml").exists()
        ]
        self.assertTrue(given)
        found = [
            f"{lesson.folder}: {problem}"
            for lesson in given
            for problem in agreement.problems(lesson, order)
        ]
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
