"""Any text as a source with regions: a document, or a CourseError that names the line.

A fuzzer guided by coverage (atheris) is in no package of Debian, so this one mutates
blindly, but from lines that matter and from fixed seeds: a failure names its seed, and
comes again. FUZZ_SECONDS=60 goes on for a minute (tests/fuzz/run.sh).
"""

import os
import random
import re
import time
import unittest

from tools.course import regions
from tools.course.errors import CourseError

_INPUTS = 4000
_LINES = (
    "",
    "// [solution 3.1]",
    "  // [solution 3.2]",
    "  // [solution 12.34]",
    "// [/solution]",
    "  // [/solution]",
    "\t// [/solution]",
    "// [solution 3]",
    "/* [solution 3.1] */",
    "#include <cmath>",
    "  return x + x;",
    "float twice(float x) {",
    "}",
)
_PIECES = ("//", "[", "]", "/", "solution", " ", "3.1", ".", "\t", "\r", "\0", "\x0b")
_PIECES += ("\u2028", "\u00a0", "\u0663.1", "SOLUTION", "\n", "*", "\\", '"', "\x85")


def _text(chance: random.Random) -> str:
    """Sound regions and lines that matter in any order, some of them damaged."""
    lines = chance.choices(_LINES, k=chance.choice((0, 0, 1, 2, 4, 8)))
    for exercise in range(chance.randrange(4)):
        lines += [f"  // [solution 7.{exercise}]", "  y;", "  // [/solution]"]
    text = "\n".join(lines)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 5))):
        begin = chance.randrange(len(text) + 1)
        end = min(len(text), begin + chance.choice((0, 0, 1, 3)))
        text = text[:begin] + chance.choice(_PIECES) + text[end:]
    return text


class RegionsFuzzTest(unittest.TestCase):
    def check(self, text: str) -> int:
        """How many regions were found."""
        try:
            document = regions.parse("m.cc", text)
        except CourseError as error:
            self.assertRegex(str(error), r"^m\.cc:[1-9]\d*: ")
            number = int(re.match(r"m\.cc:(\d+)", str(error))[1])
            self.assertLessEqual(number, text.count("\n") + 1)
            return 0
        self.assertEqual(document.with_bodies({}), text)
        names = [region.exercise for region in document.regions]
        self.assertEqual(len(names), len(set(names)))
        for region in document.regions:
            self.assertRegex(region.exercise, r"^[0-9]+\.[0-9]+$")
            first = region.line
            body = tuple(text.split("\n")[first : first + len(region.body)])
            self.assertEqual(region.body, body)
            self.assertTrue(region.text.strip())
        self.check_stubs(document, names)
        return len(names)

    def check_stubs(self, document: regions.Document, names: list) -> None:
        stubs = regions.with_stubs(document, {name: "title" for name in names})
        again = regions.parse("m.cc", stubs)
        self.assertEqual([region.exercise for region in again.regions], names)
        self.assertEqual(again.outside(), document.outside())
        for region in again.regions:
            self.assertIn(f"{region.exercise} title: not written yet", region.text)

    def test_any_text_is_a_document_or_an_error_with_its_line(self):
        end = time.monotonic() + float(os.environ.get("FUZZ_SECONDS", 0))
        seed = 0
        sound = 0  # with a region or more
        while seed < _INPUTS or time.monotonic() < end:
            text = _text(random.Random(seed))
            try:
                sound += self.check(text) > 0
            except Exception as error:
                raise AssertionError(f"seed {seed}: {text!r}") from error
            seed += 1
        self.assertGreater(sound, seed // 10)
        print(f"{seed} inputs")


if __name__ == "__main__":
    unittest.main()
