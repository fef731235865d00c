"""What of a learner's text is taken, and what is refused."""

import time
import unittest

from tools.course import regions, submission
from tools.course.errors import CourseError
from tools.course.testing.grading_case import RIGHT, GradingCase


class SubmissionTest(GradingCase):
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
        text = '  // }\n  const char* c = "}"; char d = \'{\';\n' + RIGHT["1.1"]
        self.assertEqual(self.points(self.submit(e11=text))["1.1"], 60)

    def test_damaged_markers_lose_what_they_marked(self):
        folder = self.submit(e11=RIGHT["1.1"])
        path = folder / "modules/creation/creation.cc"
        path.write_text(path.read_text().replace("  // [/solution]\n", "", 1))
        self.assertEqual(self.points(folder), {"1.1": 0, "1.2": 0})
        self.assertIn("markers are damaged", self.graded.exercises[0].note)


if __name__ == "__main__":
    unittest.main()
