"""Checkouts of a small reference: what stands in them, and what an update touches."""

import json
import os
import pathlib
import tempfile
import unittest

from tools.course import checkout, checkout_record, workspace
from tools.course.errors import CourseError
from tools.course.testing import small_course


class CheckoutTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        self.root = small_course.write(self.here / "reference")

    def checkout(self, number: int, name: str = "out", mine=None) -> pathlib.Path:
        folder = self.here / name
        self.report = checkout.checkout(self.root, number, folder, mine)
        return folder

    def edit(self, path: pathlib.Path, old: str, new: str):
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def test_earlier_lessons_are_solved_and_this_one_is_a_starter(self):
        folder = self.checkout(1)
        first = (folder / "modules/core/core.cc").read_text()
        second = (folder / "modules/creation/creation.cc").read_text()
        self.assertIn("the first solution of core", first)
        self.assertNotIn("the first solution of creation", second)
        self.assertIn('throw NotImplemented("1.1 first of creation: not', second)

    def test_later_lessons_and_planted_answers_are_absent(self):
        folder = self.checkout(1)
        names = [p.relative_to(folder).as_posix() for p in folder.rglob("*")]
        self.assertFalse([n for n in names if "init" in n.split("/")])
        self.assertFalse([n for n in names if "wrong" in n])
        self.assertNotIn("tensor.init", (folder / "modules/tensor.cppm").read_text())

    def test_the_proof_s_rules_are_absent(self):
        folder = self.checkout(0)
        for path in folder.rglob("BUILD.bazel"):
            self.assertNotIn("course:proof", path.read_text())
            self.assertNotIn("course_variants", path.read_text())

    def test_a_lesson_s_pictures_come_along(self):
        given = {"x.svg": b"<svg>\n</svg>\n", "y.png": bytes(range(256))}
        pictures = "lessons/01_creation/pictures"
        (self.root / pictures).mkdir()
        for name, content in given.items():
            (self.root / pictures / name).write_bytes(content)
        folder = self.checkout(1) / pictures
        self.assertEqual({p.name: p.read_bytes() for p in folder.iterdir()}, given)

    def test_the_same_command_writes_the_same_bytes(self):
        def content(folder):
            return {
                path.relative_to(folder): (path.read_bytes(), path.stat().st_mode)
                for path in folder.rglob("*")
                if path.is_file()
            }

        one, two = self.checkout(1, "one"), self.checkout(1, "two")
        self.assertEqual(content(one), content(two))

    def test_a_lesson_s_text_does_not_give_its_solution_away(self):
        readme = self.root / "lessons/01_creation/README.md"
        line = "  // the first solution of creation\n  return first_creation(1);\n"
        readme.write_text(f"# T\n\n```cpp\n{line}```\n\nkept\n\n```cpp\nint x;\n```\n")
        text = (self.checkout(1) / "lessons/01_creation/README.md").read_text()
        self.assertNotIn("first_creation", text)
        self.assertIn("*(exercise 1.1: yours to write)*", text)
        self.assertIn("int x;", text)

    def test_a_solution_in_a_given_source_is_an_error(self):
        example = self.root / "lessons/01_creation/example.cc"
        example.write_text(
            "// the first solution of creation\nreturn first_creation(1);\n"
        )
        with self.assertRaisesRegex(
            CourseError, "example.cc:1: gives away exercise 1.1"
        ):
            self.checkout(1)

    def test_an_end_like_a_solution_s_gives_nothing_away(self):
        source = self.root / "modules/creation/creation.cc"
        self.edit(source, "return first_creation(1);", "first();\n}\nreturn result;")
        example = self.root / "lessons/01_creation/example.cc"
        example.write_text("int f() {\n  {\n  }\n  return result;\n}\n")
        self.checkout(1)

    def test_mine_carries_the_learner_s_own_answers_over(self):
        old = self.checkout(1, "old")
        source = old / "modules/creation/creation.cc"
        self.edit(source, 'throw NotImplemented("1.1', 'return mine("1.1')
        new = self.checkout(2, "new", mine=old)
        text = (new / "modules/creation/creation.cc").read_text()
        self.assertIn('return mine("1.1', text)
        self.assertIn("the second solution of creation", text)  # not written: reference
        self.assertEqual(self.report.kept, ["1.1"])

    def test_another_end_of_lines_is_no_edit(self):
        old = self.checkout(1, "old")
        source = old / "modules/creation/creation.cc"
        self.edit(source, 'throw NotImplemented("1.1', 'return mine("1.1')
        for path in (source, old / "WORKSPACE", old / "modules/lessons.bzl"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        new = self.checkout(2, "new", mine=old)
        self.assertEqual((self.report.kept, self.report.conflicts), (["1.1"], []))
        text = (new / "modules/creation/creation.cc").read_text()
        self.assertIn('return mine("1.1', text)
        self.assertEqual(checkout.update(self.root, old).conflicts, [])

    def test_what_the_learner_did_outside_of_regions_is_not_carried_over(self):
        old = self.checkout(1, "old")
        source = old / "modules/creation/creation.cc"
        source.write_text("int stray;\n" + source.read_text())
        new = self.checkout(2, "new", mine=old)
        text = (new / "modules/creation/creation.cc").read_text()
        self.assertNotIn("stray", text)

    def test_update_brings_fixes_and_keeps_what_the_learner_wrote(self):
        folder = self.checkout(1)
        source = folder / "modules/creation/creation.cc"
        self.edit(source, 'throw NotImplemented("1.1', 'return mine("1.1')
        self.edit(self.root / "modules/creation/creation.cc", "int kOne", "int kFixed")
        self.edit(self.root / "tests/creation/creation_test.cc", "// test", "// fixed")
        report = checkout.update(self.root, folder)
        self.assertIn('return mine("1.1', source.read_text())
        self.assertIn("int kFixed", source.read_text())
        self.assertIn(
            "// fixed", (folder / "tests/creation/creation_test.cc").read_text()
        )
        self.assertEqual(report.kept, ["1.1"])
        self.assertEqual(report.conflicts, [])

    def test_update_puts_its_file_beside_one_that_the_learner_changed(self):
        folder = self.checkout(1)
        test = folder / "tests/creation/creation_test.cc"
        self.edit(test, "// test", "// mine")
        self.edit(self.root / "tests/creation/creation_test.cc", "// test", "// fixed")
        report = checkout.update(self.root, folder)
        self.assertIn("// mine", test.read_text())
        self.assertIn("// fixed", test.with_name("creation_test.cc.new").read_text())
        self.assertEqual(len(report.conflicts), 1)

    def test_update_takes_away_what_the_reference_has_no_more(self):
        extra = self.root / "tests/creation/extra_test.cc"
        extra.write_text("// test\n")
        folder = self.checkout(1)
        extra.unlink()
        checkout.update(self.root, folder)
        self.assertFalse((folder / "tests/creation/extra_test.cc").exists())

    def refuses(self, folder: pathlib.Path, why: str):
        """An update says why, and leaves what is outside and the folder alone."""

        def content():
            return {p: p.read_bytes() for p in self.here.rglob("*") if p.is_file()}

        before = content()
        with self.assertRaisesRegex(CourseError, why):
            checkout.update(self.root, folder)
        self.assertEqual(content(), before)

    def test_update_removes_nothing_outside_of_the_folder(self):
        folder = self.checkout(1)
        (self.here / "precious").write_text("kept")
        record = folder / checkout_record.FILE
        given = json.loads(record.read_text())
        for path in (str(self.here / "precious"), "../precious", "modules/../x"):
            files = {path: checkout_record.text_sum("kept")}
            record.write_text(json.dumps(given | {"files": files}))
            self.refuses(folder, "leads out of")

    def test_update_writes_through_no_link(self):
        folder = self.checkout(1)
        self.edit(self.root / "tests/creation/creation_test.cc", "// test", "// fixed")
        outside = self.here / "profile"
        outside.write_text((folder / "tests/creation/creation_test.cc").read_text())
        for name in ("creation_test.cc", "creation_test.cc.new"):
            path = folder / "tests/creation" / name
            path.unlink(missing_ok=True)
            path.symlink_to(outside)
            self.refuses(folder, f"{name} is a link")
            path.unlink()
        (folder / "tests/creation").rename(self.here / "elsewhere")
        (folder / "tests/creation").symlink_to(self.here / "elsewhere")
        self.refuses(folder, "tests/creation is a link")

    def test_a_source_that_is_a_link_or_a_pipe_is_named(self):
        for name, make in [
            ("link", lambda path: path.symlink_to(self.here / "profile")),
            ("pipe", os.mkfifo),
        ]:
            folder = self.checkout(1, name)
            path = folder / "modules/creation/creation.cc"
            path.rename(self.here / "profile")
            make(path)
            self.refuses(folder, "modules/creation/creation.cc")

    def test_a_damaged_record_is_said_to_be_damaged(self):
        folder = self.checkout(1)
        record = folder / checkout_record.FILE
        given = json.loads(record.read_text())
        for text in [
            "{",
            "[" * 100_000,
            "7",
            "\xff",
            json.dumps(given | {"lesson": "1"}),
            json.dumps(given | {"files": {"x": 1}}),
            json.dumps(given | {"regions": []}),
        ]:
            record.write_bytes(text.encode("latin-1"))
            self.refuses(folder, "is damaged; make the checkout anew")

    def test_a_lesson_without_exercises_has_no_solutions(self):
        folder = self.here / "out"
        with self.assertRaisesRegex(CourseError, "lesson 9 has no exercises"):
            checkout.checkout(self.root, workspace.LAST, folder, solutions=True)
        self.assertFalse(folder.exists())

    def test_a_file_is_no_folder(self):
        (self.here / "out").write_text("")
        with self.assertRaisesRegex(CourseError, "out is no folder"):
            self.checkout(1)

    def test_an_example_of_a_region_is_no_region(self):
        example = "# // [solution 1.1]\n// [solution 1.1]\nx\n// [/solution]\n"
        (self.root / "tools/course/regions.py").write_text(example)
        folder = self.checkout(1)
        source = folder / "modules/creation/creation.cc"
        self.edit(source, 'throw NotImplemented("1.1', 'return mine("1.1')
        self.assertEqual(checkout.update(self.root, folder).written, [])

    def test_the_learner_s_settings_stay_the_learner_s(self):
        folder = self.checkout(1)
        settings = folder / ".bazelrc.user"
        self.assertIn("build --config=fast", settings.read_text())
        settings.write_text("build --jobs=1\n")
        report = checkout.update(self.root, folder)
        self.assertEqual((report.written, report.conflicts), ([], []))
        self.assertEqual(settings.read_text(), "build --jobs=1\n")

    def test_an_update_without_news_writes_nothing(self):
        folder = self.checkout(1)
        self.assertEqual(checkout.update(self.root, folder).written, [])

    def test_a_folder_that_is_not_empty_is_left_alone(self):
        folder = self.checkout(0)
        with self.assertRaisesRegex(CourseError, "is not empty"):
            self.checkout(1, folder.name)

    def test_a_folder_that_is_no_checkout_is_named(self):
        with self.assertRaisesRegex(CourseError, "is no checkout"):
            checkout.update(self.root, self.here)

    def test_the_record_names_the_lesson(self):
        record = json.loads((self.checkout(2) / checkout_record.FILE).read_text())
        self.assertEqual(record["lesson"], 2)

    def test_there_is_no_lesson_10(self):
        with self.assertRaisesRegex(CourseError, "there is no lesson 10"):
            workspace.plan(self.root, 10)


if __name__ == "__main__":
    unittest.main()
