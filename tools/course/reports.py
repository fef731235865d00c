"""Scores as files: Gradescope's results.json, JUnit XML, CSV."""

import csv
import dataclasses
import io
import json
import xml.etree.ElementTree as xml

from tools.course import pack as packs
from tools.course import runner
from tools.course.submission import Submission

# What Gradescope's documentation of results.json names, and of which type it is;
# nothing else may stand in it.
_NUMBER = (int, float)
TOP_FIELDS = {
    "score": _NUMBER,
    "execution_time": _NUMBER,
    "output": str,
    "output_format": str,
    "test_output_format": str,
    "test_name_format": str,
    "visibility": str,
    "stdout_visibility": str,
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
TEST_FIELDS = {
    "score": _NUMBER,
    "max_score": _NUMBER,
    "status": str,
    "name": str,
    "name_format": str,
    "number": str,
    "output": str,
    "output_format": str,
    "tags": list,
    "visibility": str,
    "extra_data": dict,
}
_VISIBILITIES = ("hidden", "after_due_date", "after_published", "visible")
_FORMATS = ("text", "html", "simple_format", "md", "ansi")
_CHOICES = {
    "status": ("passed", "failed"),
    "visibility": _VISIBILITIES,
    "stdout_visibility": _VISIBILITIES,
    "output_format": _FORMATS,
    "test_output_format": _FORMATS,
    "test_name_format": _FORMATS,
    "name_format": _FORMATS,
}
_MOST_OUTPUT = 4000  # characters of one exercise's failures


@dataclasses.dataclass
class ExerciseGrade:
    exercise: packs.Exercise
    tests: dict[str, runner.Result]
    note: str = ""  # why there is nothing to test

    @property
    def points(self) -> float:
        passed = sum(result.passed for result in self.tests.values())
        return self.exercise.earned(passed, len(self.tests))


@dataclasses.dataclass
class Grade:
    """One submission, graded."""

    submission: Submission
    lesson: int
    exercises: list[ExerciseGrade]

    @property
    def points(self) -> float:
        return round(sum(one.points for one in self.exercises), 2)


def _output(one: ExerciseGrade) -> str:
    parts = [one.note] if one.note else []
    for test, result in one.tests.items():
        if not result.passed:
            parts.append(f"{test}\n{result.message.rstrip()}")
    if one.points < one.exercise.points:
        parts.append(
            f"lesson's section: {one.exercise.section}; for a hint: ./course hint "
            f"{one.exercise.id}"
        )
    return "\n\n".join(parts)[:_MOST_OUTPUT]


def gradescope(grade: Grade) -> str:
    tests = [
        {
            "score": one.points,
            "max_score": one.exercise.points,
            "status": "passed" if one.points == one.exercise.points else "failed",
            "name": one.exercise.title,
            "number": one.exercise.id,
            "output": _output(one),
            "visibility": "visible",
        }
        for one in grade.exercises
    ]
    discarded = "".join(f"- {edit}\n" for edit in grade.submission.discarded)
    output = f"Not graded, because it is not part of an exercise:\n{discarded}"
    content = {
        "score": grade.points,
        "output": output if discarded else "",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(content, indent=1) + "\n"


def check_gradescope(text: str) -> list[str]:
    """What in a results.json is not as Gradescope documents it."""
    content = json.loads(text)
    faults = _check_fields(content, TOP_FIELDS, "field")
    if "score" not in content and "tests" not in content:
        faults.append("neither score nor tests")
    for test in content.get("tests", []):
        faults += _check_fields(test, TEST_FIELDS, "test field")
        if not 0 <= test["score"] <= test["max_score"]:
            faults.append(f"score {test['score']} of {test['max_score']}")
    return faults


def _check_fields(table: dict, known: dict, kind: str) -> list[str]:
    faults = []
    for name, value in table.items():
        if name not in known:
            faults.append(f"unknown {kind} {name}")
        elif not isinstance(value, known[name]) or isinstance(value, bool):
            faults.append(f"{kind} {name} can't be {value!r}")
        elif name in _CHOICES and value not in _CHOICES[name]:
            faults.append(f"{kind} {name} can't be {value!r}")
    return faults


def junit(grade: Grade) -> str:
    root = xml.Element("testsuites", name=grade.submission.name)
    for one in grade.exercises:
        failures = sum(not result.passed for result in one.tests.values())
        suite = xml.SubElement(
            root,
            "testsuite",
            name=f"{one.exercise.id} {one.exercise.title}",
            tests=str(len(one.tests)),
            failures=str(failures),
        )
        for test, result in one.tests.items():
            group, _, name = test.partition(".")
            case = xml.SubElement(suite, "testcase", classname=group, name=name)
            if not result.passed:
                failure = xml.SubElement(case, "failure", message="failed")
                failure.text = result.message
    xml.indent(root)
    return xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def table(grades: list[Grade]) -> str:
    """CSV: one row a submission, one column an exercise."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    ids = [one.exercise.id for one in grades[0].exercises] if grades else []
    writer.writerow(["submission", *ids, "points", "discarded edits"])
    for grade in grades:
        points = [one.points for one in grade.exercises]
        discarded = len(grade.submission.discarded)
        writer.writerow([grade.submission.name, *points, grade.points, discarded])
    return out.getvalue()


def summary(grades: list[Grade]) -> str:
    """The table of a class, for the terminal: the last row is the mean."""
    ids = [one.exercise.id for one in grades[0].exercises] if grades else []
    rows = [
        (grade.submission.name, [one.points for one in grade.exercises])
        for grade in grades
    ]
    columns = zip(*[points for _, points in rows])
    mean = [round(sum(column) / len(rows), 1) for column in columns]
    width = max([len(name) for name, _ in rows], default=0) + 2
    lines = ["".join(f"{text:>7}" for text in [*ids, "points"])]
    for name, points in [*rows, ("mean", mean)] if rows else []:
        lines.append("".join(f"{x:7g}" for x in [*points, round(sum(points), 2)]))
    names = ["", *[name for name, _ in rows], "mean"]
    return "\n".join(f"{name:{width}}{line}" for name, line in zip(names, lines))
