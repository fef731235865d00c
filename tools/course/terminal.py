"""Plain text for people, JSON for tools. Colours only where somebody looks."""

import json
import os
import shutil
import sys

_COLOURS = {"good": "32", "bad": "31", "note": "33", "bold": "1"}


def colour(text: str, kind: str) -> str:
    """The text in a colour, if standard output is a terminal that has them."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    if os.environ.get("TERM") == "dumb":
        return text
    return f"\033[{_COLOURS[kind]}m{text}\033[0m"


def progress(text: str) -> None:
    """One line that the next one replaces, "" with nothing; on a terminal only."""
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\033[K{text[:width]}", end="", flush=True)


def print_json(content: object) -> None:
    print(json.dumps(content, indent=1, ensure_ascii=False))


def confirm(question: str) -> bool:
    """Asks; no answer means no."""
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
