"""The pictures in the lessons are those of the data beside this file. Without drawing
any: a picture holds its data's sum."""

import hashlib
import pathlib
import re
import unittest

from tools.plots import plots


class PicturesTest(unittest.TestCase):
    def test_pictures_are_drawn_from_the_data(self):
        for name in plots.LESSONS:
            with self.subTest(name):
                data = pathlib.Path(plots.DATA, f"{name}.csv").read_bytes()
                text = pathlib.Path(plots.picture_path(name)).read_text("utf-8")
                found = re.search("data sha256 ([0-9a-f]*)", text)
                self.assertEqual(found[1], hashlib.sha256(data).hexdigest())

    def test_pictures_are_small_and_bear_no_date(self):
        for name in plots.LESSONS:
            with self.subTest(name):
                text = pathlib.Path(plots.picture_path(name)).read_text("utf-8")
                self.assertLess(len(text.encode("utf-8")), 60_000)
                self.assertNotIn("date", text)


if __name__ == "__main__":
    unittest.main()
