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
        message = "a.cc:7: Failure\none\n\na.cc:8: Failure\ntwo\ncrashed: SIGSEGV\n"
        self.assertEqual(failures.first(message), ["a.cc:7: Failure", "one"])
        self.assertIn(
            "  one\n  (the first of 3 failures in this test)\n",
            failures.text(_EXERCISE, "Count.One", message),
        )

    def test_is_shorter_than_25_lines(self):
        one = "a.cc:7: Failure\n" + "".join(f"line {i}\n" for i in range(40))
        lines = failures.text(_EXERCISE, "Count.One", one + one).splitlines()
        self.assertEqual(len(lines), 24)
        self.assertIn("  line 17", lines)
        self.assertIn("  ... 22 more lines", lines)

    def test_lines_numbers_can_be_left_out(self):
        message = "a/b.cc:7: Failure\nx: 7\nb.cc:8: n\n\na.cc:9: Failure\n"
        self.assertEqual(failures.steady(message), "a/b.cc: Failure\nx: 7\nb.cc: n")


if __name__ == "__main__":
    unittest.main()
