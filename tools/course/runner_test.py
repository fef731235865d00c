"""A test's bad end costs that test only. The binaries are scripts that behave badly."""

import os
import pathlib
import sys
import tempfile
import unittest

from tools.course import runner

# Speaks googletest's language: lists tests, runs those that the filter names.
_FAKE = """\
#!{python}
import os, sys, time
tests = {tests!r}
if "--gtest_list_tests" in sys.argv:
    print("Fake.")
    for name in tests:
        print("  " + name)
    sys.exit(0)
chosen = next(a for a in sys.argv if a.startswith("--gtest_filter=")).split("=")[1]
failed = False
for name, what in tests.items():
    if "Fake." + name not in chosen.split(":"):
        continue
    print("[ RUN      ] Fake." + name, flush=True)
    if what == "crash":
        os.abort()
    if what == "exit":
        os._exit(0)
    if what == "loop":
        time.sleep(60)
    if what == "eat":
        food = bytearray(300 << 20)
        time.sleep(60)
    if what == "divide":
        if os.fork() == 0:
            food = bytearray(120 << 20)
            time.sleep(60)
        food = bytearray(120 << 20)
        time.sleep(60)
    if what == "multiply":
        for _ in range(20):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        time.sleep(60)
    if what == "print":
        print("much" * (1 << 19))
    if what == "skip":
        print("[  SKIPPED ] Fake." + name + " (0 ms)", flush=True)
        continue
    if what == "fail":
        failed = True
        print("x.cc:1: Failure")
        print("[  FAILED  ] Fake." + name + ", where GetParam() = 3 (0 ms)", flush=True)
        continue
    print("[       OK ] Fake." + name + " (0 ms)", flush=True)
sys.exit(failed)
"""


class RunnerTest(unittest.TestCase):
    def run_tests(
        self, fail_fast=False, seconds=1.5, processes=256, **tests: str
    ) -> dict[str, runner.Result]:
        with tempfile.TemporaryDirectory() as folder:
            binary = pathlib.Path(folder) / "fake_test"
            binary.write_text(_FAKE.format(python=sys.executable, tests=tests))
            os.chmod(binary, 0o755)
            found = runner.list_tests(str(binary))
            self.assertEqual(found, [f"Fake.{name}" for name in tests])
            limits = runner.Limits(seconds, megabytes=200, processes=processes)
            return runner.run(str(binary), found, limits=limits, fail_fast=fail_fast)

    def test_good_tests_pass_and_bad_ones_keep_their_message(self):
        results = self.run_tests(A="ok", B="fail", C="ok")
        self.assertEqual([r.passed for r in results.values()], [True, False, True])
        self.assertEqual(results["Fake.B"].message, "x.cc:1: Failure\n")

    def test_a_crash_costs_its_test(self):
        results = self.run_tests(A="ok", B="crash", C="ok", D="crash", E="ok")
        passed = {name for name, result in results.items() if result.passed}
        self.assertEqual(passed, {"Fake.A", "Fake.C", "Fake.E"})
        self.assertEqual(results["Fake.B"].message, "crashed: SIGABRT\n")

    def test_an_endless_loop_costs_its_test(self):
        results = self.run_tests(A="loop", B="ok")
        self.assertIn("did not end within 1.5 seconds", results["Fake.A"].message)
        self.assertTrue(results["Fake.B"].passed)

    def test_memory_beyond_the_limit_costs_its_test(self):
        results = self.run_tests(seconds=20, A="eat", B="ok")
        self.assertIn("more than 200 MB", results["Fake.A"].message)
        self.assertTrue(results["Fake.B"].passed)

    def test_the_memory_of_all_its_processes_is_counted(self):
        results = self.run_tests(seconds=20, A="divide", B="ok")
        self.assertIn("more than 200 MB", results["Fake.A"].message)
        self.assertTrue(results["Fake.B"].passed)

    def test_too_many_processes_cost_their_test(self):
        results = self.run_tests(seconds=20, processes=9, A="multiply", B="ok")
        self.assertIn("more than 9 processes", results["Fake.A"].message)
        self.assertTrue(results["Fake.B"].passed)

    def test_leaving_early_with_0_passes_nothing(self):
        results = self.run_tests(A="exit", B="ok")
        self.assertIn("in the middle of the test", results["Fake.A"].message)
        self.assertTrue(results["Fake.B"].passed)

    def test_a_skipped_test_has_not_passed(self):
        results = self.run_tests(A="skip", B="ok")
        self.assertFalse(results["Fake.A"].passed)
        self.assertTrue(results["Fake.B"].passed)

    def test_the_first_failure_can_end_the_run(self):
        results = self.run_tests(fail_fast=True, A="fail")
        self.assertEqual(list(results), ["Fake.A"])

    def test_a_failure_stays_when_the_next_parameter_is_skipped(self):
        text = (
            "[ RUN      ] P/S.N/0\n[  FAILED  ] P/S.N/0 (0 ms)\n"
            "[ RUN      ] P/S.N/1\n[  SKIPPED ] P/S.N/1 (0 ms)\n"
        )
        results = {}
        self.assertIsNone(runner.read_output(text, results))
        self.assertFalse(results["S.N"].passed)

    def test_a_test_of_which_a_parameter_was_skipped_has_no_result(self):
        text = (
            "[ RUN      ] P/S.N/0\n[       OK ] P/S.N/0 (0 ms)\n"
            "[ RUN      ] P/S.N/1\n[  SKIPPED ] P/S.N/1 (0 ms)\n"
        )
        results = {}
        self.assertIsNone(runner.read_output(text, results))
        self.assertEqual(results, {})

    def test_a_verdict_may_follow_what_the_test_prints(self):
        text = (
            "[ RUN      ] S.A\nx.cc:1: Failure\n..[  FAILED  ] S.A (0 ms)\n"
            "[ RUN      ] S.B\n..[       OK ] S.B (0 ms)\n"
        )
        results = {}
        self.assertIsNone(runner.read_output(text, results))
        self.assertEqual(
            results,
            {
                "S.A": runner.Result(False, "x.cc:1: Failure\n..\n"),
                "S.B": runner.Result(True),
            },
        )

    def test_a_test_without_a_verdict_has_not_passed(self):
        text = "[ RUN      ] S.A\n?\n[ RUN      ] S.B\n[       OK ] S.B (0 ms)\n"
        results = {}
        self.assertIsNone(runner.read_output(text, results))
        self.assertEqual(results["S.A"], runner.Result(False, "?\n"))
        self.assertTrue(results["S.B"].passed)

    def test_much_that_is_printed_hides_no_verdict(self):
        results = self.run_tests(A="print", B="ok")
        self.assertTrue(results["Fake.A"].passed)
        self.assertTrue(results["Fake.B"].passed)


class NamesTest(unittest.TestCase):
    def test_parameters_do_not_make_another_test(self):
        for name in ["S.N", "P/S.N/3", "S/0.N", "P/S/1.N"]:
            self.assertEqual(runner.canonical(name), "S.N")

    def test_a_filter_names_every_form(self):
        self.assertIn("*/S.N/*", runner.filter_of(["S.N"]).split(":"))


if __name__ == "__main__":
    unittest.main()
