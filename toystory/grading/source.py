"""Reads a learner's file as text, or says why it is none."""

from __future__ import annotations

from pathlib import Path

from toystory.course.exercises.exercise import Wrong
from toystory.grading.failures import Source

MOST_BYTES = 256 * 1024
"""Of a learner's file."""


def read_source(file: Path) -> Source:
    """Read the learner's file. Raises Wrong where it can't be read as text."""
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise Wrong(f"there is no file {file}") from None
    except OSError as error:
        raise Wrong(f"{file} can't be read: {error.strerror or error}") from None
    return to_source(file.name, data)


def to_source(name: str, data: bytes) -> Source:
    """The text of a file that was read.

    Args:
        name: Of the file.
        data: What is in it.

    Raises:
        Wrong: It is no text, or too much.
    """
    if len(data) > MOST_BYTES:
        raise Wrong(f"{name} is larger than {MOST_BYTES // 1024} KB: an exercise is a few lines")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = f"the byte {data[error.start]:#04x} in line {line}"
        raise Wrong(f"{name} is not UTF-8 text ({what}): save it as UTF-8") from None
    if (at := text.find("\0")) >= 0:
        line = text[:at].count("\n") + 1
        raise Wrong(f"{name} has a null byte in line {line}: it is not a text file")
    return Source(name, text)
