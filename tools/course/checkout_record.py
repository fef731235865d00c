"""What a checkout remembers of what was given: .course/checkout.json."""

import hashlib
import json
import pathlib

from tools.course import files, regions
from tools.course.errors import CourseError

FILE = ".course/checkout.json"
SOLUTIONS = ".course/solutions"  # packed, for who learns without a teacher


def to_text(content: bytes) -> str:
    """Any file as a text; to_bytes gives the same file back."""
    return content.decode("utf-8", errors="surrogateescape")


def to_bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogateescape")


def text_sum(text: str) -> str:
    return hashlib.sha256(to_bytes(text)).hexdigest()


def given_sum(path: str, text: str) -> str:
    """The sum of what is given in a file: all of it but its regions. A file whose
    markers were damaged has the sum of its whole text, which is no given one. How lines
    end does not count: an editor may have changed it."""
    text = regions.with_newlines(text)
    if path.startswith("modules/") and "[solution " in text:
        try:
            text = "\n".join(regions.parse(path, text).outside())
        except CourseError:
            pass
    return text_sum(text)


def read(folder: pathlib.Path) -> dict:
    """The record of a checkout, which may be anybody's: it has the form that
    checkout.record gives it, or is a CourseError."""
    content = files.read(folder, FILE)
    if content is None:
        raise CourseError(f"{folder} is no checkout: it has no {FILE}")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not _is_record(found):
        raise CourseError(f"{folder / FILE} is damaged; make the checkout anew")
    return found


def _is_record(found: object) -> bool:
    if not isinstance(found, dict) or type(found.get("lesson")) is not int:
        return False
    tables = (found.get("files"), found.get("regions"))
    return all(
        isinstance(table, dict) and all(isinstance(x, str) for x in table.values())
        for table in tables
    )
