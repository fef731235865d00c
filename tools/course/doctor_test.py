"""Each fault of a machine or a checkout is seeded once, and the doctor names it."""

import pathlib
import tempfile
import unittest

from tools.course import checkout, checkout_record, doctor
from tools.course.testing import small_course


class Healthy(doctor.Machine):
    """A machine with nothing wrong, but for what a test changes."""

    missing: tuple[str, ...] = ()
    clang = "clang version 19.1.7"
    disk = 100 << 30
    memory = 8 << 30
    cpu = "x86_64"
    folder: pathlib.Path | None = pathlib.Path("/")

    def which(self, program):
        return None if program in self.missing else f"/usr/bin/{program}"

    def output(self, *command):
        return self.clang

    def home(self):
        return self.folder

    def free_disk(self, path):
        return self.disk

    def free_memory(self):
        return self.memory

    def processor(self):
        return self.cpu


class DoctorTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        root = small_course.write(self.here / "reference")
        self.folder = self.here / "mine"
        checkout.checkout(root, 1, self.folder)
        self.machine = Healthy()

    def faults(self) -> list[str]:
        return [fault.what for fault in doctor.examine(self.machine, self.folder)]

    def test_a_healthy_machine_has_no_faults(self):
        self.assertEqual(self.faults(), [])

    def test_bazel_is_missing(self):
        self.machine.missing = ("bazel",)
        self.assertEqual(self.faults(), ["there is no bazel"])

    def test_the_compiler_is_missing(self):
        self.machine.missing = ("clang-19",)
        self.assertEqual(self.faults(), ["there is no clang-19"])

    def test_the_compiler_is_another(self):
        self.machine.clang = "clang version 14.0.6"
        self.assertEqual(self.faults(), ["clang-19 does not run as version 19"])

    def test_the_linker_is_missing(self):
        self.machine.missing = ("ld.lld-19",)
        self.assertEqual(self.faults(), ["there is no linker lld-19"])

    def test_there_is_no_home(self):
        self.machine.folder = None
        self.assertEqual(self.faults(), ["HOME names no folder, where Bazel builds"])

    def test_the_disk_is_full(self):
        self.machine.disk = 5 << 20
        self.assertIn("has 5 MB free, a build needs 3072", self.faults()[0])

    def test_memory_is_short(self):
        self.machine.memory = 300 << 20
        self.assertIn("300 MB of memory are free", self.faults()[0])

    def test_the_processor_is_another(self):
        self.machine.cpu = "sparc64"
        self.assertIn("the processor is sparc64", self.faults()[0])

    def test_the_path_is_none_for_bazel(self):
        moved = self.here / "my homework"
        self.folder.rename(moved)
        self.folder = moved
        self.assertIn("characters that Bazel does not take", self.faults()[0])

    def test_a_program_lost_its_mode(self):
        (self.folder / "course").chmod(0o644)
        self.assertEqual(self.faults(), ["course can't be executed"])

    def test_a_given_file_was_changed(self):
        path = self.folder / "tests/creation/creation_test.cc"
        path.write_text("// easier\n")
        name = "tests/creation/creation_test.cc"
        self.assertEqual(
            self.faults(), [f"{name} was changed outside of the exercises"]
        )

    def test_a_given_file_is_missing(self):
        (self.folder / "WORKSPACE").unlink()
        self.assertEqual(self.faults(), ["WORKSPACE is missing"])

    def test_a_marker_was_damaged(self):
        path = self.folder / "modules/creation/creation.cc"
        path.write_text(path.read_text().replace("  // [/solution]\n", "", 1))
        self.assertIn("solution 1.2 begins inside solution 1.1", self.faults()[0])

    def test_the_record_is_damaged(self):
        for text in ("{", "{}", "[]", '{"lesson": "one"}'):
            (self.folder / checkout_record.FILE).write_text(text)
            self.assertEqual(len(self.faults()), 1)
            self.assertIn("is damaged", self.faults()[0])

    def test_a_given_file_is_something_else(self):
        path = self.folder / "tests/creation/creation_test.cc"
        path.unlink()
        path.mkdir()
        name = "tests/creation/creation_test.cc"
        self.assertEqual(self.faults(), [f"{name}: no plain file"])

    def test_writing_an_exercise_is_no_fault(self):
        path = self.folder / "modules/creation/creation.cc"
        path.write_text(path.read_text().replace("throw NotImplemented(", "return f("))
        self.assertEqual(self.faults(), [])

    def test_every_fault_says_what_mends_it(self):
        self.machine.missing = ("bazel", "clang-19", "ld.lld-19")
        self.machine.disk = self.machine.memory = 0
        faults = doctor.examine(self.machine, self.folder)
        self.assertEqual(len(faults), 5)
        for fault in faults:
            self.assertNotEqual(fault.mend, "")
            self.assertNotIn("\n", fault.what + fault.mend)


if __name__ == "__main__":
    unittest.main()
