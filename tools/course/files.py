"""Files in a folder that somebody else filled: no link in it is followed, and nothing
but a plain file of reasonable size is read."""

import os
import pathlib
import stat
import tempfile

from tools.course.errors import CourseError

MOST_BYTES = 1 << 26  # of a file that is given


def inside(folder: pathlib.Path, path: str) -> pathlib.Path:
    """The place of `path` in the folder, which it neither leaves nor has links to."""
    parts = pathlib.PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts or "\0" in path:
        raise CourseError(f"{path!r} leads out of {folder}")
    target = folder
    for part in parts:
        target = target / part
        try:
            linked = target.is_symlink()
        except OSError as error:
            raise CourseError(f"{path}: {error.strerror}") from None
        if linked:
            raise CourseError(f"{target.relative_to(folder)} is a link")
    return target


def read(folder: pathlib.Path, path: str, most: int = MOST_BYTES) -> bytes | None:
    """What the file holds; None if there is none."""
    target = inside(folder, path)
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(target, flags), "rb", closefd=True) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise CourseError(f"{path}: no plain file")
            content = file.read(most + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise CourseError(f"{path}: no plain file") from None
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}") from None
    if len(content) > most:
        raise CourseError(f"{path}: larger than {most >> 10} kB")
    return content


def write(
    folder: pathlib.Path, path: str, content: bytes, program: bool = False
) -> None:
    """Writes the file whole or not at all; links in its place are refused."""
    target = inside(folder, path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".course-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(name, 0o755 if program else 0o644)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}") from None
