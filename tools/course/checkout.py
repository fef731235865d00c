"""Writes a learner's workspace, and brings later fixes into one.

.course/checkout.json, beside the files, remembers what was given: the lesson, a sum of
each file (of a source, without its regions), and a sum of each region. It tells what
the learner wrote. Nothing else is kept, so the same command writes the same bytes.
"""

import base64
import dataclasses
import json
import pathlib
import zlib

from tools.course import checkout_record as records
from tools.course import files, lessons, regions, workspace
from tools.course.errors import CourseError


@dataclasses.dataclass
class Report:
    """What happened, for the command to say."""

    written: list[str] = dataclasses.field(default_factory=list)
    kept: list[str] = dataclasses.field(default_factory=list)  # exercises or files
    conflicts: list[str] = dataclasses.field(default_factory=list)


def _regions(plan_files: dict[str, str]) -> dict[str, regions.Region]:
    found = {}
    for path, text in plan_files.items():
        if path.startswith("modules/") and path.endswith((".cc", ".cppm", ".h")):
            for region in regions.parse(path, text).regions:
                found[region.exercise] = region
    return found


def record(plan: workspace.Plan) -> str:
    """The text of the record for what is given in this plan."""
    content = {
        "lesson": plan.number,
        "files": {
            path: records.given_sum(path, text)
            for path, text in sorted(plan.files.items())
        },
        "regions": {
            exercise: records.text_sum(region.text)
            for exercise, region in sorted(_regions(plan.files).items())
        },
    }
    return json.dumps(content, indent=1) + "\n"


def own_bodies(folder: pathlib.Path) -> tuple[dict[str, list[str]], list[str]]:
    """The regions that the learner wrote in a checkout, by exercise, and what could
    not be read. A region that is as it was given is not the learner's."""
    given = records.read(folder)["regions"]
    bodies: dict[str, list[str]] = {}
    broken = []
    for path in sorted((folder / "modules").rglob("*")):
        name = path.relative_to(folder).as_posix()
        try:
            if path.suffix not in (".cc", ".cppm", ".h") or path.is_dir():
                continue
            text = (files.read(folder, name) or b"").decode("utf-8")
            found = regions.parse(name, regions.with_newlines(text)).regions
        except (CourseError, OSError, UnicodeDecodeError) as error:
            broken.append(str(error))
            continue
        for region in found:
            known = given.get(region.exercise)
            if known is not None and known != records.text_sum(region.text):
                bodies[region.exercise] = list(region.body)
    return bodies, broken


def _lay_over(text: str, path: str, bodies: dict[str, list[str]]) -> str:
    if not path.startswith("modules/"):
        return text  # others may show what a region looks like
    if not any(f"[solution {exercise}]" in text for exercise in bodies):
        return text
    return regions.parse(path, text).with_bodies(bodies)


def _write(folder: pathlib.Path, path: str, text: str, program: bool) -> None:
    files.write(folder, path, records.to_bytes(text), program)


def checkout(
    root: pathlib.Path,
    number: int,
    folder: pathlib.Path,
    mine: pathlib.Path | None = None,
    solutions: bool = False,
) -> Report:
    """Writes lesson `number` into a fresh folder; with `mine`, the earlier lessons are
    solved by the learner's own text from that older checkout; with `solutions`, for
    who learns alone, it carries the solutions, packed, for `./course solution`."""
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is no folder; name one that is empty, or is new")
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty; name a folder that is, or is new")
    plan = workspace.plan(root, number)
    packed = _packed(root, number) if solutions else None
    report = Report()
    bodies: dict[str, list[str]] = {}
    if mine is not None:
        found, report.conflicts = own_bodies(mine)
        bodies = {e: b for e, b in found.items() if lessons.number_of(e)[0] < number}
        report.kept = list(bodies)
    for path, text in plan.files.items():
        text = _lay_over(text, path, bodies)
        _write(folder, path, text, path in plan.programs)
        report.written.append(path)
    for path, text in workspace.YOURS.items():
        _write(folder, path, text, False)
    if packed is not None:
        _write(folder, records.SOLUTIONS, packed, False)
    _write(folder, records.FILE, record(plan), False)
    return report


def _packed(root: pathlib.Path, number: int) -> str:
    """The lesson's solutions, so that no eye and no search meets them by accident."""
    if number == workspace.LAST:
        raise CourseError(f"lesson {number} has no exercises, hence no solutions")
    found = lessons.find(root, number).regions()
    text = json.dumps({exercise: region.text for exercise, region in found.items()})
    return base64.encodebytes(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def update(root: pathlib.Path, folder: pathlib.Path) -> Report:
    """Brings the reference's later fixes into a checkout. Regions that the learner
    wrote stay; a given file that the learner changed stays too, the new one beside it
    as FILE.new."""
    before = records.read(folder)
    plan = workspace.plan(root, before["lesson"])
    bodies, broken = own_bodies(folder)
    # All is read before anything is written: what can't be done is not begun.
    now = {path: _now(folder, path) for path in [*plan.files, *before["files"]]}
    packed = None
    if files.read(folder, records.SOLUTIONS) is not None:
        packed = _packed(root, before["lesson"])
    report = Report(kept=list(bodies), conflicts=list(broken))
    for path, text in plan.files.items():
        text = _lay_over(text, path, bodies)
        current = now[path]
        if current == text:
            continue
        given = before["files"].get(path)
        if current is not None and records.given_sum(path, current) != given:
            _write(folder, path + ".new", text, False)
            report.conflicts.append(f"{path}: you changed it; see {path}.new")
        else:
            _write(folder, path, text, path in plan.programs)
            report.written.append(path)
    if packed is not None:
        _write(folder, records.SOLUTIONS, packed, False)
    for path in sorted(set(before["files"]) - set(plan.files)):
        current = now[path]
        if current is None:
            continue
        if records.given_sum(path, current) == before["files"][path]:
            files.inside(folder, path).unlink()
            report.written.append(f"{path} (removed)")
    _write(folder, records.FILE, record(plan), False)
    return report


def _now(folder: pathlib.Path, path: str) -> str | None:
    """What a given file holds by now; None if it is gone. The place of its .new must
    be free of links too."""
    files.inside(folder, path + ".new")
    content = files.read(folder, path)
    return None if content is None else records.to_text(content)
