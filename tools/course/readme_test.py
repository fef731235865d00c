"""What lessons/readme_test.sh finds in a lesson's page, it names."""

import pathlib
import subprocess
import tempfile
import unittest

_PAGE = """\
```cpp
int x;
```

```text
x = 1
```

![A line](pictures/line.svg)
"""


class ReadmeTest(unittest.TestCase):
    """A page with a block of each kind and a picture."""

    def check(self, page: str = _PAGE, picture: str = "line.svg") -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            files = {
                "README.md": page,
                "expected.txt": "x = 1\n",
                "example.cc": "int x;\n",
                f"pictures/{picture}": "<svg/>\n",
            }
            for path, text in files.items():
                (folder / path).parent.mkdir(exist_ok=True)
                (folder / path).write_text(text)
            paths = [folder / path for path in list(files)[:3]]
            ended = subprocess.run(
                ["lessons/readme_test.sh", *paths],
                capture_output=True,
                text=True,
                check=False,
            )
            return ended.returncode, ended.stdout.replace(f"{folder}/", "")

    def test_a_page_that_is_right(self):
        self.assertEqual(self.check(), (0, ""))

    def test_a_picture_that_is_missing(self):
        self.assertEqual(
            self.check(picture="lines.svg"),
            (
                1,
                "README.md:9: there is no pictures/line.svg\n"
                "README.md: does not show pictures/lines.svg\n",
            ),
        )

    def test_code_that_is_nowhere(self):
        status, said = self.check(_PAGE.replace("int x;", "int y;"))
        self.assertEqual(status, 1)
        self.assertIn("README.md:1: this C++ is in none of the lesson's files", said)

    def test_output_that_is_not_printed(self):
        status, said = self.check(_PAGE.replace("x = 1", "x = 2"))
        self.assertEqual(status, 1)
        self.assertIn("README.md:5: the example does not print this", said)


if __name__ == "__main__":
    unittest.main()
