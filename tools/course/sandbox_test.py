"""What Bazel is told when it grades, and what it hides."""

import contextlib
import io
import os
import unittest
from unittest import mock

from tools.course import grade, lessons, sandbox
from tools.course.errors import CourseError
from tools.course.testing.grading_case import GradingCase


class SandboxTest(GradingCase):
    """What Bazel is told and what its ends mean; a script answers in its place."""

    def setUp(self):
        super().setUp()
        self.lesson = lessons.Lesson(self.here / "sealed", 1, "creation")
        self.seen = self.here / "seen"
        self.places = f"output_base: {self.here}/base\ninstall_base: {self.here}/i\n"
        place = mock.patch.object(sandbox, "place", lambda: self.here / "cache")
        shared = mock.patch.object(sandbox, "SHARED", (self.here / "shared",))
        for patch in (place, shared):
            patch.start()
            self.addCleanup(patch.stop)

    def bazel(self, code: int, hidden=()) -> sandbox.Sandbox:
        path = self.lesson.root / "tools/bazel"
        path.write_text(
            f"#!/bin/sh\nif [ $1 = info ]; then printf '{self.places}'; exit; fi\n"
            f'echo "$@" > {self.seen}\necho out of disk\nexit {code}\n'
        )
        path.chmod(0o755)
        return sandbox.Sandbox(sandbox.Limits(), list(hidden))

    def test_tests_that_fail_are_no_fault_of_the_machine(self):
        for code in (0, 3):
            self.assertEqual(self.bazel(code).run(self.lesson, ["A.B"]), {})

    def test_a_machine_that_can_t_test_gives_nobody_0_points(self):
        for code in (1, 4, 36, 37):
            with self.assertRaisesRegex(CourseError, f"code {code}:\nout of disk"):
                self.bazel(code).run(self.lesson, ["A.B"])

    def test_what_does_not_build_is_the_submission_s(self):
        self.assertIsNone(self.bazel(0).build(self.lesson))
        self.assertEqual(self.bazel(1).build(self.lesson).text, "out of disk")

    def test_a_machine_that_can_t_build_gives_nobody_0_points(self):
        for code in (2, 36, 37):
            with self.assertRaisesRegex(CourseError, f"code {code}:\nout of disk"):
                self.bazel(code).build(self.lesson)
        (self.lesson.root / "tools/bazel").unlink()
        with self.assertRaisesRegex(CourseError, "does not start"):
            sandbox.Sandbox(sandbox.Limits(), []).build(self.lesson)

    def test_bazel_that_does_not_say_where_it_builds_is_no_sandbox(self):
        self.places = ""
        with self.assertRaisesRegex(CourseError, "does not say where"):
            self.bazel(0).build(self.lesson)

    def test_hidden_is_what_can_be(self):
        names = ("class/ada", "class/bob", "out", "shared/x", "base/sandbox", "top")
        folders = [self.here / name for name in names]
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        (self.here / "link").symlink_to(self.here / "top")
        wanted = [*folders, self.here / "class", self.here, self.here / "absent"]
        self.bazel(0, [*wanted, self.here / "link"]).build(self.lesson)
        words = self.seen.read_text().split()
        blocked = [w.split("=")[1] for w in words if "block_path" in w]
        here = self.here.resolve()
        self.assertEqual(
            blocked, [f"{here}/{n}" for n in ("base/sandbox", "class", "out", "top")]
        )

    def test_the_caches_are_those_that_the_settings_name(self):
        home = self.here / "home"
        home.mkdir()
        (home / ".bazelrc").write_text("common --x --disk_cache=~/one # comment\n")
        (self.root / ".bazelrc.user").write_text(
            f"build \\\n  --disk_cache {self.here}/two\n# build --disk_cache=/no\n"
            "build --disk_cache=\nbuild --disk_cache=sealed\n"
        )
        with mock.patch.dict(os.environ, {"HOME": str(home)}):
            found = sandbox.disk_caches(self.root)
        self.assertEqual(found, [home / "one", self.here / "two"])
        self.assertTrue(all(folder.is_dir() for folder in found))

    def test_the_class_the_scores_and_the_caches_are_hidden(self):
        (self.root / ".bazelrc.user").write_text(
            f"build --disk_cache={self.here}/built\n"
        )
        self.submit("class/ada")
        (self.here / "cache").mkdir()
        out = self.here / "out"
        for who in (["--class", "class"], ["--submission", "class/ada"]):
            boxes = []

            def stand_in(limits, hidden):
                boxes.append(hidden)
                return self.sandbox

            command = ["grade", who[0], str(self.here / who[1]), "--out", str(out)]
            with (
                mock.patch.object(sandbox, "Sandbox", stand_in),
                contextlib.redirect_stdout(io.StringIO()) as said,
            ):
                self.assertEqual(grade.run(self.root, command), 0)
            wanted = {out, self.here / "class", self.here / "built", self.root}
            self.assertLessEqual(wanted, set(boxes[0]))
            self.assertTrue(all(path.is_dir() for path in wanted))
            self.assertIn(f"written to {out}\n", said.getvalue())

    def test_what_builds_need_can_t_stand_in_the_repository(self):
        folder = self.submit()
        words = ["--submission", str(folder), "--out", str(self.here / "out")]
        with (
            mock.patch.object(sandbox, "place", lambda: self.root.resolve() / "cache"),
            self.assertRaisesRegex(CourseError, "in this repository"),
        ):
            grade.run(self.root, ["grade", *words])


if __name__ == "__main__":
    unittest.main()
