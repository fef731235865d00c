"""A lesson's data: lessons/NN_name/lesson.toml and, beside it, wrong/N.k.toml.

lesson.toml is what learners and graders need; a checkout carries it. wrong/ holds
answers that are wrong on purpose, each a small change of the reference, with the
belief that leads to it; only the proof reads them.
"""

import dataclasses
import fnmatch
import pathlib
import tomllib

from tools.course.errors import CourseError

KINDS = ("loops", "shape reasoning", "kernel", "formula")
HINT_LEVELS = ("question", "idea", "sketch")


@dataclasses.dataclass(frozen=True)
class Objective:
    """What the learner can do afterwards, and the tests that show it."""

    says: str
    tests: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Exercise:
    id: str
    title: str
    kind: str
    points: int
    section: str  # the heading in the lesson's README.md
    asks: str  # what `./course why` prints
    hints: tuple[str, str, str]  # one for each of HINT_LEVELS
    tests: tuple[str, ...]  # patterns; these earn the points
    needs: tuple[str, ...] = ()  # exercises of this lesson to be solved before
    also: tuple[str, ...] = ()  # tests of nobody's points that need it as well

    def owns(self, test: str) -> bool:
        return matches(test, self.tests)

    def earned(self, passed: int, tests: int) -> float:
        """The points for so many of its tests."""
        return round(self.points * passed / tests, 2) if tests else 0

    def rank(self, test: str) -> int:
        """Its place in `tests`, where those that teach most stand first."""
        fits = [i for i, one in enumerate(self.tests) if matches(test, (one,))]
        return fits[0] if fits else len(self.tests)


@dataclasses.dataclass(frozen=True)
class Question:
    asks: str
    choices: tuple[str, ...]
    answer: int  # an index of choices, from 1
    because: str


@dataclasses.dataclass(frozen=True)
class Pack:
    number: int
    name: str
    title: str
    minutes: int
    series: str
    prerequisites: tuple[str, ...]
    mistakes: tuple[str, ...]
    objectives: tuple[Objective, ...]
    exercises: tuple[Exercise, ...]
    quiz: tuple[Question, ...]

    def exercise(self, id: str) -> Exercise:
        for exercise in self.exercises:
            if exercise.id == id:
                return exercise
        known = ", ".join(exercise.id for exercise in self.exercises)
        text = f"there is no exercise {id}; lesson {self.number} has {known}"
        raise CourseError(text)

    def owner(self, test: str) -> Exercise | None:
        for exercise in self.exercises:
            if exercise.owns(test):
                return exercise
        return None

    def needed_by(self, id: str) -> set[str]:
        """The exercises that can't pass without this one, itself included."""
        result = {id}
        for exercise in self.exercises:  # in the order in which they are solved
            if result & set(exercise.needs):
                result.add(exercise.id)
        return result

    @property
    def titles(self) -> dict[str, str]:
        return {exercise.id: exercise.title for exercise in self.exercises}


@dataclasses.dataclass(frozen=True)
class Wrong:
    """A planted wrong answer: `change` replaces each old text of the reference, which
    stands there once, by a new one; or `text` is the whole answer."""

    belief: str
    change: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    says: str = ""  # what a learner sees of the first test that fails, word for word

    def apply(self, reference: str, where: str) -> str:
        if self.text is not None:
            return self.text.rstrip("\n")
        for old, new in self.change:
            if reference.count(old) != 1:
                raise CourseError(
                    f"{where}: {old!r} stands {reference.count(old)} times in the "
                    "reference, it must stand there once"
                )
            reference = reference.replace(old, new)
        return reference


def matches(test: str, patterns: tuple[str, ...]) -> bool:
    """Does a test's name, Suite.Name, fit one of the patterns (* and ?)?"""
    return any(fnmatch.fnmatchcase(test, pattern) for pattern in patterns)


def _build(kind, table: dict, where: str):
    """A dataclass from a TOML table: every name known, none missing, lists as tuples,
    and of the type that the field has."""
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for name in table:
        if name not in fields:
            raise CourseError(f"{where}: unknown name '{name}'")
    values = {}
    for name, field in fields.items():
        if name not in table:
            if field.default is dataclasses.MISSING:
                raise CourseError(f"{where}: '{name}' is missing")
            continue
        value = table[name]
        if isinstance(value, list):
            value = tuple(tuple(x) if isinstance(x, list) else x for x in value)
        if field.type in (int, str) and not isinstance(value, field.type):
            raise CourseError(f"{where}: '{name}' must be a {field.type.__name__}")
        values[name] = value.strip() if isinstance(value, str) else value
    return kind(**values)


def _read(path: pathlib.Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path}: there is no such file") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: {error}") from None


def load(folder: pathlib.Path) -> Pack:
    """The pack of the lesson in this folder."""
    path = folder / "lesson.toml"
    table = _read(path)
    for name, kind in [
        ("objectives", Objective),
        ("exercises", Exercise),
        ("quiz", Question),
    ]:
        rows = table.get(name, [])
        table[name] = [
            _build(kind, row, f"{path}: {name}[{i}]") for i, row in enumerate(rows)
        ]
    pack = _build(Pack, table, str(path))
    for exercise in pack.exercises:
        if exercise.kind not in KINDS:
            raise CourseError(f"{path}: {exercise.id}: kind is one of {KINDS}")
        if len(exercise.hints) != len(HINT_LEVELS):
            raise CourseError(f"{path}: {exercise.id}: three hints: {HINT_LEVELS}")
    return pack


def load_wrong(folder: pathlib.Path, exercise: str) -> tuple[Wrong, ...]:
    """The planted wrong answers of one exercise."""
    path = folder / "wrong" / f"{exercise}.toml"
    table = _read(path)
    result = []
    for i, row in enumerate(table.pop("wrong", [])):
        wrong = _build(Wrong, _keep_indent(row), f"{path}: wrong[{i}]")
        if bool(wrong.change) == (wrong.text is not None):
            raise CourseError(f"{path}: wrong[{i}]: either 'change' or 'text'")
        result.append(wrong)
    if table:
        raise CourseError(f"{path}: unknown name '{next(iter(table))}'")
    return tuple(result)


def _keep_indent(row: dict) -> dict:
    """`text` is code: a marker line keeps its first line's indent from strip()."""
    if isinstance(row.get("text"), str):
        row = dict(row, text="\n" + row["text"])
    return row
