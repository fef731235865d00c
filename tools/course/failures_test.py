"""What a learner is shown of a test that failed."""

import unittest

from tools.course import failures
from tools.course import pack as packs

_EXERCISE = packs.Exercise(
    id="1.1",
    title="count",
    kind="loops",
    points=10,
    section="Counting",
    asks="",
    hints=("", "", ""),
    tests=("Count.*",),
)


class FailuresTest(unittest.TestCase):
    def test_names_the_exercise_the_test_the_section_and_the_hint(self):
        self.assertEqual(
            failures.text(_EXERCISE, "Count.One", "a_test.cc:7: Failure\n3 of 4\n\n"),
            "1.1 count: Count.One\n"
            "  a_test.cc:7: Failure\n"
            "  3 of 4\n"
            "lesson's section: Counting\n"
            "for a hint: ./course hint 1.1",
        )

    def test_shows_the_first_failure_and_counts_the_others(self):
        message = "a.cc:7: Failure\none\n\na.cc:8: Failure\n\nunknown file: Failure"
        self.assertEqual(
            failures.first(message),
            ["a.cc:7: Failure", "one", "(the first of 3 failures in this test)"],
        )

    def test_is_shorter_than_25_lines(self):
        one = "a.cc:7: Failure\n" + "".join(f"line {i}\n" for i in range(40))
        lines = failures.text(_EXERCISE, "Count.One", one + one).splitlines()
        self.assertEqual(len(lines), 24)
        self.assertIn("  line 17", lines)
        self.assertIn("  ... 22 more lines", lines)

    def test_lines_numbers_can_be_left_out(self):
        self.assertEqual(
            failures.without_numbers(["a/b.cc:7: Failure", "x: 7", "b.cc:8: n"]),
            ["a/b.cc: Failure", "x: 7", "b.cc: n"],
        )


if __name__ == "__main__":
    unittest.main()
