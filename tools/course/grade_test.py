"""Grading on a small course. Where Bazel would build and run, a stand-in answers: an
exercise passes its tests if its text says what _RIGHT says."""

import contextlib
import io
import json
import os
import pathlib
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml
from unittest import mock

from tools.course import checkout, commands, grade, lessons, regions, reports, results
from tools.course import runner, sandbox, submission
from tools.course.errors import CourseError
from tools.course.testing import small_course

_TESTS = {"1.1": ("Count.firstOne", "Count.firstTwo"), "1.2": ("Count.secondOne",)}
_RIGHT = {"1.1": "  return first_creation(1);", "1.2": "  return second_creation(2);"}


class StandIn:
    """Judges the sealed workspace by its text."""

    broken = False

    def __init__(self):
        self.builds = 0

    def build(self, lesson):
        self.builds += 1
        for exercise, region in lesson.regions().items():
            if "does not compile" in region.text:
                return results.Failure(exercise, "x.cc:1: expected ';'")
            if "breaks the build" in region.text:
                return results.Failure(None, "out of luck")
        return results.Failure(None, "no compiler") if self.broken else None

    def close(self, lesson):
        pass

    def run(self, lesson, tests):
        found = {}
        for exercise, region in lesson.regions().items():
            if "ends early" in region.text:
                continue  # its process gave no secret back: there is no result
            good = _RIGHT[exercise].strip() in region.text
            for test in set(_TESTS[exercise]) & set(tests):
                crashed = "crashes the first" in region.text and test.endswith("One")
                found[test] = runner.Result(good and not crashed, "crashed: SIGSEGV\n")
        return found


def add_sealed(root: pathlib.Path) -> None:
    """What a sealed workspace takes from the reference beside a checkout's files."""
    rules = root / "tools/build/cc_modules.bzl"
    rules.parent.mkdir(parents=True)
    rules.write_text('main = Label("@com_google_googletest//:gtest_main")\n')
    sealed = root / "tools/course/sealed"
    sealed.mkdir()
    for name in ("main.cc", "run.py"):
        (sealed / name).write_text("// sealed\n")


class GradingCase(unittest.TestCase):
    """A reference, its grader, and submissions for lesson 1."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        self.root = small_course.write(self.here / "reference")
        add_sealed(self.root)
        self.sandbox = StandIn()
        self.grader = grade.Grader(self.root, 1, self.here / "sealed", self.sandbox)

    def submit(self, name: str = "ada", **answers: str) -> pathlib.Path:
        folder = self.here / name
        checkout.checkout(self.root, 1, folder)
        path = folder / "modules/creation/creation.cc"
        document = regions.parse("m.cc", path.read_text())
        bodies = {f"{e[1]}.{e[2]}": text.split("\n") for e, text in answers.items()}
        path.write_text(document.with_bodies(bodies))
        return folder

    def points(self, folder: pathlib.Path) -> dict[str, float]:
        self.graded = self.grader.grade(folder, folder.name)
        return {one.exercise.id: one.points for one in self.graded.exercises}


class GradeTest(GradingCase):
    def test_an_empty_submission_earns_nothing_and_builds_nothing(self):
        self.assertEqual(self.points(self.submit()), {"1.1": 0, "1.2": 0})
        self.assertEqual(self.sandbox.builds, 0)

    def test_an_empty_folder_earns_nothing(self):
        (self.here / "void").mkdir()
        self.assertEqual(self.points(self.here / "void"), {"1.1": 0, "1.2": 0})

    def test_the_reference_earns_100(self):
        folder = self.submit(e11=_RIGHT["1.1"], e12=_RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 60, "1.2": 40})
        self.assertEqual(self.graded.points, 100)

    def test_the_same_submission_has_the_same_score_twice(self):
        folder = self.submit(e11=_RIGHT["1.1"], e12="  return 7;")
        first = reports.gradescope(self.grader.grade(folder, "ada"))
        self.assertEqual(reports.gradescope(self.grader.grade(folder, "ada")), first)

    def test_the_one_before_leaves_nothing_behind(self):
        self.points(self.submit("ada", e11=_RIGHT["1.1"], e12=_RIGHT["1.2"]))
        self.assertEqual(
            self.points(self.submit("bob", e12=_RIGHT["1.2"])), {"1.1": 0, "1.2": 40}
        )

    def test_an_exercise_that_does_not_compile_costs_only_its_points(self):
        folder = self.submit(e11="  does not compile", e12=_RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 40})
        self.assertIn("does not compile: x.cc:1", self.graded.exercises[0].note)

    def test_a_build_that_fails_elsewhere_costs_who_breaks_it(self):
        folder = self.submit(e11="  breaks the build", e12=_RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 40})
        self.assertIn("out of luck", self.graded.exercises[0].note)

    def test_a_machine_that_can_t_build_grades_nobody(self):
        self.grader.prepare()
        self.sandbox.broken = True
        with self.assertRaisesRegex(CourseError, "nothing can be graded here: no comp"):
            self.grader.prepare()

    def test_a_crash_costs_its_test(self):
        right = _RIGHT["1.1"] + "  // crashes the first"
        folder = self.submit(e11=right, e12=_RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 30, "1.2": 40})

    def test_a_program_that_ends_early_earns_nothing(self):
        folder = self.submit(e11="  ends early", e12=_RIGHT["1.2"])
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 40})

    def test_an_edited_test_is_discarded_and_listed(self):
        folder = self.submit(e11="  return 7;")
        (folder / "tests/creation/creation_test.cc").write_text("TEST(Count, no) {}\n")
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 0})
        discarded = self.graded.submission.discarded
        self.assertIn("tests/creation/creation_test.cc: edited", discarded)

    def test_edits_outside_of_regions_and_new_files_are_discarded(self):
        folder = self.submit(e12=_RIGHT["1.2"])
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
        self.submit("class/zoe", e11=_RIGHT["1.1"], e12=_RIGHT["1.2"])
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
        folder = self.submit(e11=_RIGHT["1.1"])
        for error in (PermissionError(13, "Permission denied"), RecursionError("x")):
            with mock.patch.object(submission, "take", side_effect=error):
                self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 0})
            self.assertIn("can't be read", self.graded.exercises[1].note)

    def test_the_scores_so_far_are_kept_when_grading_comes_to_a_halt(self):
        folders = [self.submit("ada", e11=_RIGHT["1.1"]), self.submit("bob", e11="x")]
        halt = CourseError("bazel test ended with code 37")
        with (
            mock.patch.object(self.sandbox, "run", side_effect=[{}, halt]),
            self.assertRaises(CourseError),
        ):
            grade.grade_all(self.grader, folders, self.here / "out", single=False)
        self.assertIn("ada,", (self.here / "out/scores.csv").read_text())

    def test_a_learner_s_name_may_be_anything(self):
        folder = self.submit("ada\x1b\udcff", e11=_RIGHT["1.1"])
        out = self.here / "out"
        grade.grade_all(self.grader, [folder], out, single=True)
        xml.parse(out / "junit.xml")

    def test_text_that_would_act_elsewhere_is_refused(self):
        for text, why in [
            ("  }\n  int x = 1;\n  int f() {", "a brace closes the function"),
            ("#include \"/reference/creation.cc\"", "a preprocessor line"),
            ("  if (true) {", "a brace is not closed"),
            ("  std::getenv(\"X\");", "'getenv' can't be used"),
            ("  /* }", "does not end inside"),
            ("import tensor.core;", "an import"),
        ]:
            name = f"s{abs(hash(text))}"
            self.assertEqual(self.points(self.submit(name, e11=text))["1.1"], 0)
            self.assertIn(why, self.graded.exercises[0].note, text)

    def test_text_that_would_run_before_the_test_is_refused(self):
        early = "return 1; } static int early(); int other() {"
        for text, why in [
            ("struct E { [[gnu::__constructor__]] static void f() {} };", "attribute"),
            ("struct E { [ /**/ [using gnu: constructor]] int x; };", "attribute"),
            ("[[likely, gnu::constructor]] void f();", "attribute"),
            ("int x __attribute__((section(\"a\")));", "'__attribute__'"),
            ("__asm volatile(\"\");", "'__asm'"),
            ("int ifunc;", "'ifunc'"),
            (f"(void)u8'\"'; {early} (void)u8'\"';", "a brace closes"),
            (f"(void)L'\"'; {early} (void)U'\"';", "a brace closes"),
            (f'(void)""_R"("; {early} (void)")"_R;', "a brace closes"),
            (f"(void)1p+'\"'; {early} (void)1p+'\"';", "a quote behind a number"),
            (f"// \\\n/*\n{early}// */", "a backslash"),
            (f"/\\ \n/ {early}", "a backslash"),
            (f"// a\r{early}", "a brace closes"),
            ("return 1; %> int other() <%", "'%>'"),
            ("struct E <:<:x:>:> {};", "'<:'"),
            ("return 1; __END_DECLS __BEGIN_DECLS", "'__END_DECLS'"),
            ("return 1; _GLIBCXX_END_NAMESPACE_CXX11", "'_GLIBCXX_END"),
            ("return 1; ABSL_NAMESPACE_END", "'ABSL_NAMESPACE_END'"),
            ('open("/pr" "oc/self/mem");', "'/proc'"),
        ]:
            self.assertIn(why, submission.why_refused(text) or "", text)

    def test_what_exercises_may_need_is_taken(self):
        for text in [
            "[[maybe_unused]] const int x = 1'000'000; if (x) [[likely]] return;",
            "const char quote = '\"'; const char32_t brace = U'{';",
            'auto text = R"x(})" \\ {)x"; auto more = u8R"({)" "/home";',
            "std::vector<::tensor::Shape> all; int i = a[b[0]] + 0xA'B;",
            "if (__builtin_add_overflow(a, b, &c)) std::_Exit(1);",
            "double x = 1.5e-3 + .5f - 1e+3 / 0x1p-2;",
            "HWY_ATTR; HWY_MIN(a, b);",
        ]:
            self.assertIsNone(submission.why_refused(text), text)

    def test_looking_at_a_text_takes_time_in_proportion_to_it(self):
        for piece in ("\n", "[", "[ ", "/*\n", "R\"", "'", "1'", '"', "<:: ", " "):
            begin = time.process_time()
            text = piece * (100_000 // len(piece))
            submission.why_refused(text)
            submission.why_refused("[[" + text)
            try:
                regions.parse("m.cc", f"{text}\n//{text}\n// [{text}")
            except CourseError:
                pass
            self.assertLess(time.process_time() - begin, 5, piece)

    def test_braces_in_strings_and_comments_do_not_count(self):
        text = '  // }\n  const char* c = "}"; char d = \'{\';\n' + _RIGHT["1.1"]
        self.assertEqual(self.points(self.submit(e11=text))["1.1"], 60)

    def test_damaged_markers_lose_what_they_marked(self):
        folder = self.submit(e11=_RIGHT["1.1"])
        path = folder / "modules/creation/creation.cc"
        path.write_text(path.read_text().replace("  // [/solution]\n", "", 1))
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 0})
        self.assertIn("markers are damaged", self.graded.exercises[0].note)

    def test_the_sealed_workspace_has_no_solution_of_the_lesson(self):
        text = (self.here / "sealed/modules/creation/creation.cc").read_text()
        self.assertNotIn("first_creation", text)
        rules = (self.here / "sealed/tools/build/cc_modules.bzl").read_text()
        self.assertIn("//tools/course/sealed:main", rules)


class ReportsTest(GradingCase):
    """The files that are written."""

    def graded_files(self) -> pathlib.Path:
        folder = self.submit(e11=_RIGHT["1.1"] + "// crashes the first")
        (folder / "tests/creation/creation_test.cc").write_text("")
        out = self.here / "out"
        grade.grade_all(self.grader, [folder], out, single=True)
        return out

    def test_results_json_has_documented_fields_only(self):
        text = (self.graded_files() / "results.json").read_text()
        self.assertEqual(reports.check_gradescope(text), [])
        content = json.loads(text)
        self.assertEqual(content["score"], 30)
        self.assertEqual(content["tests"][0]["max_score"], 60)
        self.assertIn("./course hint 1.1", content["tests"][0]["output"])
        self.assertIn("creation_test.cc: edited", content["output"])

    def test_a_wrong_results_json_is_noticed(self):
        wrong = {
            "score": "1",
            "points": 2,
            "visibility": "secret",
            "tests": [{"score": 3, "max_score": 2, "number": 1.1}],
        }
        self.assertEqual(
            reports.check_gradescope(json.dumps(wrong)),
            [
                "field score can't be '1'",
                "unknown field points",
                "field visibility can't be 'secret'",
                "test field number can't be 1.1",
                "score 3 of 2",
            ],
        )

    def test_junit_counts_tests_and_failures(self):
        root = xml.parse(self.graded_files() / "junit.xml").getroot()
        suite = root.find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("2", "1"))

    def test_a_class_has_one_table(self):
        self.submit("class/ada", e11=_RIGHT["1.1"], e12=_RIGHT["1.2"])
        self.submit("class/bob")
        out = self.here / "out"
        folders = sorted((self.here / "class").iterdir())
        grade.grade_all(self.grader, folders, out, single=False)
        self.assertEqual(
            (out / "scores.csv").read_text(),
            "submission,1.1,1.2,points,discarded edits\n"
            "ada,60.0,40.0,100.0,0\nbob,0.0,0.0,0.0,0\n",
        )
        self.assertTrue((out / "bob/results.json").exists())

    def test_a_class_has_one_summary(self):
        folders = [self.submit("ada", e11=_RIGHT["1.1"]), self.submit("grace")]
        grades = [self.grader.grade(folder, folder.name) for folder in folders]
        self.assertEqual(
            reports.summary(grades).splitlines(),
            [
                "           1.1    1.2 points",
                "ada         60      0     60",
                "grace        0      0      0",
                "mean        30      0     30",
            ],
        )

    def test_the_lesson_is_the_one_that_the_checkouts_say(self):
        folders = [self.submit("ada"), self.here / "void"]
        self.assertEqual(grade._lesson_of(folders), 1)
        checkout.checkout(self.root, 2, self.here / "bob")
        with self.assertRaisesRegex(CourseError, "name the --lesson; .*1 in .*2 in "):
            grade._lesson_of([*folders, self.here / "bob"])

    def test_a_forged_report_is_no_report(self):
        path = self.here / "test.xml"
        path.write_text(
            '<testsuites><testsuite name="all"><testcase classname="Count" '
            'name="firstOne"/></testsuite></testsuites>'
        )
        self.assertEqual(sandbox.read_report(path), {})


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


class CommandsTest(GradingCase):
    def test_what_is_no_exercise_is_said_to_be_none(self):
        for name in ("abc", "1", "1.", "1.x"):
            with self.assertRaisesRegex(CourseError, "names no exercise"):
                commands.run(self.root, ["show", name])


if __name__ == "__main__":
    unittest.main()
