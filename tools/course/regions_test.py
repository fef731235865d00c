"""Regions are found strictly, and what replaces them keeps everything else."""

import unittest

from tools.course import regions
from tools.course.errors import CourseError

_TEXT = """\
#include <cmath>

float half(float x) {
  // [solution 3.1]
  const float h = 0.5f;
  return h * x;
  // [/solution]
}

float twice(float x) {
  // [solution 3.2]
  return x + x;
  // [/solution]
}
"""


def _error(text: str) -> str:
    try:
        regions.parse("m.cc", text)
    except CourseError as error:
        return str(error)
    return "no error"


class ParseTest(unittest.TestCase):
    def test_finds_each_region_with_its_line_and_body(self):
        document = regions.parse("m.cc", _TEXT)
        self.assertEqual([r.exercise for r in document.regions], ["3.1", "3.2"])
        self.assertEqual(document.region("3.1").line, 4)
        self.assertEqual(document.region("3.2").body, ("  return x + x;",))

    def test_a_document_that_is_not_changed_is_the_same_text(self):
        self.assertEqual(regions.parse("m.cc", _TEXT).with_bodies({}), _TEXT)

    def test_bodies_of_other_lengths_go_where_they_belong(self):
        text = regions.parse("m.cc", _TEXT).with_bodies({"3.1": ["  a;"], "3.2": []})
        self.assertIn("  // [solution 3.1]\n  a;\n  // [/solution]\n", text)
        self.assertIn("  // [solution 3.2]\n  // [/solution]\n", text)

    def test_outside_has_no_line_of_a_region(self):
        outside = "\n".join(regions.parse("m.cc", _TEXT).outside())
        self.assertNotIn("return", outside)
        self.assertIn("float twice(float x) {", outside)

    def test_a_region_without_an_end_is_an_error(self):
        text = _TEXT.replace("  // [/solution]\n}\n", "}\n")
        self.assertEqual(
            _error(text.split("float twice")[0]),
            "m.cc:4: solution 3.1 has no [/solution]",
        )

    def test_an_end_without_a_beginning_is_an_error(self):
        self.assertEqual(
            _error("  // [/solution]\n"), "m.cc:1: [/solution] without a [solution N.k]"
        )

    def test_a_region_inside_a_region_is_an_error(self):
        text = _TEXT.replace("  // [/solution]\n", "", 1)
        self.assertEqual(
            _error(text),
            "m.cc:10: solution 3.2 begins inside solution 3.1, which began in line 4",
        )

    def test_the_same_exercise_twice_is_an_error(self):
        self.assertEqual(
            _error(_TEXT.replace("3.2", "3.1")),
            "m.cc:11: solution 3.1 stands in line 4 already",
        )

    def test_an_empty_region_is_an_error(self):
        self.assertEqual(
            _error(_TEXT.replace("  return x + x;\n", "\n")),
            "m.cc:13: solution 3.2 is empty",
        )

    def test_what_only_looks_like_a_marker_is_an_error(self):
        for wrong in [
            "// [solution 3]",
            "//[solution 3.1]",
            "// [solution 3.1] x",
            "// [ Solution 3.1]",
            "/* [solution 3.1] */",
            "// [/solution 3.1]",
            "// [solution \u0663.1]",  # another script's digit 3
            "\u00a0 // [/solution]",  # a space that does not break
        ]:
            self.assertIn("m.cc:1: not a marker", _error(wrong + "\n"), wrong)


class StubTest(unittest.TestCase):
    def test_a_stub_throws_in_the_exercise_s_name(self):
        document = regions.parse("m.cc", _TEXT)
        text = regions.with_stubs(document, {"3.2": "doubling"})
        self.assertIn(
            '  // [solution 3.2]\n  throw NotImplemented("3.2 doubling: not written '
            'yet (./course hint 3.2)");\n  // [/solution]\n',
            text,
        )
        self.assertIn("return h * x;", text)  # the other exercise stays

    def test_a_stub_is_a_document_with_the_same_regions(self):
        document = regions.parse("m.cc", _TEXT)
        text = regions.with_stubs(document, {"3.1": "half", "3.2": "twice"})
        again = regions.parse("m.cc", text)
        self.assertEqual([r.exercise for r in again.regions], ["3.1", "3.2"])
        self.assertEqual(again.outside(), document.outside())

    def test_in_a_kernel_no_module_s_type_is_thrown(self):
        document = regions.parse("m-inl.h", _TEXT)
        text = regions.with_stubs(document, {"3.1": "half"})
        self.assertTrue(text.startswith("#include <stdexcept>\n#include <cmath>\n"))
        self.assertIn('throw std::logic_error("3.1 half: not', text)

    def test_a_long_title_breaks_the_line(self):
        document = regions.parse("m.cc", _TEXT)
        lines = regions.stub_body(document.region("3.1"), "of " + "many words " * 3)
        self.assertEqual(len(lines), 2)
        self.assertTrue(all(len(line) <= 88 for line in lines))


if __name__ == "__main__":
    unittest.main()
