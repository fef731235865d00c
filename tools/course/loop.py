"""What a learner does in a checkout: see, test, ask, begin again."""

import argparse
import base64
import dataclasses
import itertools
import json
import os
import pathlib
import shutil
import sys
import time
import zlib

from tools.course import lessons as model
from tools.course import pack as packs
from tools.course import checkout_record, failures, files, regions, results, terminal
from tools.course.errors import CourseError

_HINTS = ".course/hints.json"
_BACKUP = ".course/backup"


def _lesson(root: pathlib.Path) -> model.Lesson:
    number = checkout_record.read(root)["lesson"]
    if number >= len(model.lesson_names(root)):
        raise CourseError("this lesson has no exercises: run it and change it")
    return model.find(root, number)


_COLOURS = {"passes": "good", "to do": "note", "FAILS": "bad"}


def _state(score: results.Score) -> str:
    text = f"{score.state:7}"
    kind = _COLOURS.get(score.state)
    return terminal.colour(text, kind) if kind else text


def _as_json(lesson: model.Lesson, rows: list[results.Score]) -> dict:
    return {
        "lesson": lesson.number,
        "points": sum(row.points for row in rows),
        "exercises": [
            {
                "id": row.exercise.id,
                "title": row.exercise.title,
                "passed": row.passed,
                "state": row.state.lower(),
                "points": row.points,
                "of": row.exercise.points,
                "tests": row.tests,
            }
            for row in rows
        ],
    }


def _print_rows(lesson: model.Lesson, rows: list[results.Score]) -> None:
    points = sum(row.points for row in rows)
    title = f"Lesson {lesson.number}: {lesson.pack.title}"
    print(terminal.colour(title, "bold"))
    for row in rows:
        e = row.exercise
        passed = sum(row.tests.values())
        counted = f"{passed} of {len(row.tests)} tests" if row.tests else ""
        print(
            f"  {_state(row)}  {e.id:5}{e.title:28}"
            f"{row.points:5g}/{e.points:<4} {counted}"
        )
    print(f"{points:g} of 100 points")


def _print_next(rows: list[results.Score]) -> None:
    for row in rows:
        if not row.passed:
            id = row.exercise.id
            print(f"next: ./course why {id} says what to write, and where")
            return
    print("every exercise passes; next: ./course quiz")


def _status(lesson: model.Lesson, options) -> int:
    found, stale = results.load(lesson)
    rows = results.scores(lesson, found)
    if options.json:
        terminal.print_json(_as_json(lesson, rows))
        return 0
    _print_rows(lesson, rows)
    if stale:
        print("the files have changed since the last test: ./course test")
    elif not found:
        print("nothing was tested yet: ./course test")
    else:
        _print_next(rows)
    return 0


def _test(lesson: model.Lesson, options) -> int:
    if not options.json:
        first = "" if (lesson.root / "bazel-bin").exists() else ": minutes, once"
        print(f"building the tests{first} ...", flush=True)
    say = (lambda line: None) if options.json else terminal.progress
    sources = results.sources_sum(lesson)
    failure = results.build(lesson.root, lesson, say=say)
    say("")
    if failure is not None:
        return _cannot_build(failure, options.json)
    tests = lesson.pack.exercise(options.exercise).tests if options.exercise else None
    found = results.run(lesson, tests)
    known = results.save(lesson, found, sources)
    lesson_rows = rows = results.scores(lesson, known)
    if options.exercise:
        rows = [row for row in rows if row.exercise.id == options.exercise]
    if options.json:
        terminal.print_json(_as_json(lesson, rows))
    elif options.exercise:
        print(f"{_state(rows[0])} {options.exercise} {rows[0].exercise.title}")
    else:
        _print_rows(lesson, rows)
    bad = [row for row in rows if row.state == "FAILS"]
    if not options.json:
        if bad:
            print("\n" + failures.text(bad[0].exercise, bad[0].first, bad[0].message))
        else:
            undone = [row for row in rows if not row.passed]
            _print_next(undone or lesson_rows)
    return 0 if all(row.passed for row in rows) else 1


def _cannot_build(failure: results.Failure, as_json: bool) -> int:
    if as_json:
        terminal.print_json({"built": False, **dataclasses.asdict(failure)})
    elif failure.exercise:
        print(f"exercise {failure.exercise} does not compile:\n{failure.text}")
    else:
        print(f"the build fails, and not inside an exercise:\n{failure.text}")
        print("is it the set-up? ./course doctor")
    return 2


def _hint(lesson: model.Lesson, options) -> int:
    exercise = lesson.pack.exercise(options.exercise)
    try:
        given = json.loads(files.read(lesson.root, _HINTS) or b"{}")
    except ValueError:  # damaged: they come from the first again
        given = {}
    level = min(given.get(exercise.id, 0) + 1, len(exercise.hints))
    given[exercise.id] = level
    text = json.dumps(given, indent=1, sort_keys=True) + "\n"
    files.write(lesson.root, _HINTS, text.encode())
    if options.json:
        terminal.print_json({"level": level, "hints": exercise.hints[:level]})
        return 0
    for name, hint in zip(packs.HINT_LEVELS, exercise.hints[:level]):
        print(f"{terminal.colour(name, 'bold')}\n{hint}\n")
    if level < len(exercise.hints):
        further = packs.HINT_LEVELS[level]
        print(f"still stuck? ./course hint {exercise.id} has more: {further}")
    return 0


def _why(lesson: model.Lesson, options) -> int:
    exercise = lesson.pack.exercise(options.exercise)
    region = lesson.regions()[exercise.id]
    if options.json:
        content = dataclasses.asdict(exercise)
        del content["hints"], content["also"]
        terminal.print_json(content | {"path": region.path, "line": region.line})
        return 0
    print(f"{exercise.id} {exercise.title} ({exercise.kind}, {exercise.points} points)")
    print(f"{region.path}:{region.line}\n\n{exercise.asks}\n")
    if exercise.needs:
        print(f"Before it: {', '.join(exercise.needs)}.")
    print(f"Tests that earn the points: {', '.join(exercise.tests)}")
    print(f"In the lesson: {lesson.folder}/README.md, '{exercise.section}'")
    return 0


def _quiz(lesson: model.Lesson, options) -> int:
    if options.json:
        rows = [dataclasses.asdict(question) for question in lesson.pack.quiz]
        for row in rows:
            if not options.answers:
                del row["answer"], row["because"]
        terminal.print_json(rows)
        return 0
    for number, question in enumerate(lesson.pack.quiz, start=1):
        print(f"{number}. {question.asks}")
        for i, choice in enumerate(question.choices, start=1):
            print(f"   {i}) {choice}")
    if options.answers:
        for number, question in enumerate(lesson.pack.quiz, start=1):
            print(f"{number}. {question.answer}): {question.because}")
    else:
        print("the answers: ./course quiz --answers")
    return 0


def _solution(lesson: model.Lesson, options) -> int:
    exercise = lesson.pack.exercise(options.exercise)
    found, _ = results.load(lesson)
    row = next(r for r in results.scores(lesson, found) if r.exercise.id == exercise.id)
    if not row.passed:
        raise CourseError(
            f"{exercise.id} does not pass yet; ./course test, or ./course hint "
            f"{exercise.id}"
        )
    path = lesson.root / checkout_record.SOLUTIONS
    if not path.exists():
        raise CourseError("this checkout carries no solutions; ask who gave it to you")
    text = json.loads(zlib.decompress(base64.b64decode(path.read_text())))[exercise.id]
    if options.json:
        terminal.print_json({"exercise": exercise.id, "solution": text})
    else:
        print(text)
    return 0


def _reset(lesson: model.Lesson, options) -> int:
    exercise = lesson.pack.exercise(options.exercise)
    region = lesson.regions()[exercise.id]
    question = f"begin {exercise.id} {exercise.title} again? Your text is kept."
    if not options.yes and not terminal.confirm(question):
        print("nothing was changed")
        return 1
    folder = lesson.root / _BACKUP
    folder.mkdir(parents=True, exist_ok=True)
    backup = _back_up(folder, exercise.id, region.text + "\n")
    document = regions.parse(region.path, model.read_source(lesson.root / region.path))
    stub = regions.stub_body(region, exercise.title)
    text = document.with_bodies({exercise.id: stub})
    files.write(lesson.root, region.path, text.encode())
    kept = str(backup.relative_to(lesson.root))
    if options.json:
        terminal.print_json({"exercise": exercise.id, "backup": kept})
    else:
        print(f"your text is in {kept}")
    return 0


def _back_up(folder: pathlib.Path, name: str, text: str) -> pathlib.Path:
    """Writes NAME-1.txt, or with the next number that is free."""
    for number in itertools.count(1):
        path = folder / f"{name}-{number}.txt"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            return path
        except FileExistsError:
            continue


def _watch(lesson: model.Lesson, options) -> int:
    if ibazel := shutil.which("ibazel"):
        os.chdir(lesson.root)
        os.execv(ibazel, [ibazel, "test", f"//{lesson.test_folder}/..."])
    print("ibazel is not there (npm install -g @bazel/ibazel); looking once a second")
    last = ""
    while True:
        now = results.sources_sum(lesson)
        if now != last:
            last = now
            _test(lesson, options)
            sys.stdout.flush()
        time.sleep(1)


_COMMANDS = {
    "status": _status,
    "test": _test,
    "hint": _hint,
    "why": _why,
    "quiz": _quiz,
    "solution": _solution,
    "reset": _reset,
    "watch": _watch,
}


def run(root: pathlib.Path, arguments: list[str]) -> int:
    command = arguments[0]
    parser = argparse.ArgumentParser(prog=f"./course {command}")
    if command in ("hint", "why", "solution", "reset"):
        parser.add_argument("exercise", metavar="N.k")
    elif command == "test":
        parser.add_argument("exercise", metavar="N.k", nargs="?")
    parser.add_argument("--json", action="store_true", help="for programs")
    if command == "reset":
        parser.add_argument("--yes", action="store_true", help="do not ask")
    if command == "quiz":
        parser.add_argument("--answers", action="store_true")
    options = parser.parse_args(arguments[1:])
    if command == "watch":
        options.exercise = None
    return _COMMANDS[command](_lesson(root), options)
