"""Every hole that the proof has to see, in measurements made up here."""

import pathlib
import tempfile
import unittest

from tools.course import lessons, proof
from tools.course.testing import small_course


class ProofTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = small_course.write(pathlib.Path(folder.name))
        self.pack = lessons.find(root, 1).pack
        wrong = [
            {"belief": f"belief {i}", "caught_by": ["x"], "says": "", "prints": ""}
            for i in range(3)
        ]
        self.measured = {
            "tests": ["Count.firstOne", "Count.secondOne"],
            "reference_fails": {},
            "exercises": {
                f"1.{i}": {
                    "tests": [f"Count.{word}One"],
                    "stub_fails": [f"Count.{word}One"],
                    "wrong": [dict(one) for one in wrong],
                }
                for i, word in [(1, "first"), (2, "second")]
            },
        }
        self.first = self.measured["exercises"]["1.1"]

    def holes(self) -> list[str]:
        self.rows, holes = proof.judge(self.pack, self.measured)
        return holes

    def test_without_holes_each_exercise_has_its_row(self):
        self.assertEqual(self.holes(), [])
        self.assertRegex(self.rows[0], "1.1 +first of creation +passes +0 +3 of 3")

    def test_sees_a_reference_that_fails(self):
        self.measured["reference_fails"] = {"Count.firstOne": "why"}
        self.assertEqual(
            self.holes(), ["creation: the reference fails Count.firstOne:\nwhy"]
        )
        self.assertIn("FAILS", self.rows[0])

    def test_sees_a_free_point(self):
        self.first["stub_fails"] = []
        self.assertEqual(
            self.holes(), ["1.1: a free point: the stub passes Count.firstOne"]
        )
        self.assertIn("FREE POINTS", self.rows[0])

    def test_sees_a_stub_that_fails_other_tests(self):
        self.first["stub_fails"] += ["Count.secondOne", "Count.other"]
        self.assertEqual(
            self.holes(),
            [
                "1.1: its stub fails Count.other, which is not its test",
                "1.1: its stub fails Count.secondOne, a test of 1.2",
            ],
        )

    def test_sees_a_wrong_answer_that_survives(self):
        self.first["wrong"][1]["caught_by"] = []
        self.assertEqual(self.holes(), ["1.1: a wrong answer survives: belief 1"])

    def test_sees_that_there_are_too_few(self):
        self.first["wrong"].pop()
        self.assertEqual(self.holes(), ["1.1: 2 wrong answers, not 3"])

    def test_sees_other_words_than_were_expected(self):
        self.first["wrong"][0] |= {"says": "a\nb", "prints": "a\nc"}
        self.assertEqual(
            self.holes(), ["1.1: 'belief 0' must print\na\nb\nbut prints\na\nc"]
        )

    def test_sees_words_that_nobody_has_read(self):
        self.first["wrong"][0]["prints"] = "a"
        self.assertEqual(len(self.holes()), 1)

    def test_sees_a_pattern_without_a_test(self):
        self.measured["tests"] = ["Count.secondOne"]
        self.assertEqual(self.holes(), ["1.1: no test is called Count.first*"])


class WriteTest(unittest.TestCase):
    def test_what_is_printed_replaces_what_stood_there(self):
        text = """\
[[wrong]]
belief = "a"
says = '''
old
'''

[[wrong]]
belief = "b"
change = [["x", "y"]]
"""
        expected = """\
[[wrong]]
belief = "a"
says = '''
one
two
'''

[[wrong]]
belief = "b"
change = [["x", "y"]]
says = '''
three
'''
"""
        written = proof.with_says(text, ["one\ntwo", "three"])
        self.assertEqual(written, expected)
        self.assertEqual(proof.with_says(written, ["one\ntwo", "three"]), expected)


if __name__ == "__main__":
    unittest.main()
