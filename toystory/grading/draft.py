"""The learner's file while it is open in the app: nothing typed is lost, neither here nor outside."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from toystory.base import files
from toystory.course.exercises.exercise import Exercise
from toystory.grading.exercise_files import free_name, path_of, set_aside
from toystory.grading.source import read_source

Change = Literal["none", "outside", "both"]


class Draft:
    """What is in the file, as far as the editor knows; no file is written before there is something to keep.

    Attributes:
        exercise: Whose file it is.
        path: Where it is, or will be.
        text: What the editor begins with, or takes over when the file was changed outside.
    """

    def __init__(self, exercise: Exercise) -> None:
        """Read the file, if there is one. Raises Wrong where it can't be read as text."""
        self.exercise = exercise
        self.path = path_of(exercise)
        self._stamp = _stamp(self.path)
        self.text = exercise.start if self._stamp is None else read_source(self.path).text
        self._shown = self.text

    def shown(self, text: str) -> None:
        """How the editor shows `self.text`: it may write the ends of lines in its own way."""
        self._shown = text

    def is_changed(self, text: str) -> bool:
        """Whether the editor's text is another one than it began with."""
        return text != self._shown

    def poll(self, text: str) -> Change:
        """See whether the file was changed outside.

        Args:
            text: What stands in the editor.

        Returns:
            "outside": it was, and `self.text` is what the editor is to show; "both": there and in the editor.

        Raises:
            Wrong: It can't be read any more.
        """
        stamp = _stamp(self.path)
        if stamp == self._stamp:
            return "none"
        if stamp is None:
            # It is gone: what the editor shows is all that is left of it.
            self._stamp, self._shown = None, self.exercise.start
            return "none"
        found = read_source(self.path).text
        if found in (text, self.text):
            self._stamp = stamp
            if found == text:
                self.text = self._shown = text
            return "none"
        if self.is_changed(text):
            return "both"
        self._stamp, self.text = stamp, found
        return "outside"

    def save(self, text: str) -> None:
        """Write the editor's text to the file. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        files.write(self.path, text)
        self.text = self._shown = text
        self._stamp = _stamp(self.path)

    def keep_editors_text(self, text: str) -> Path:
        """Both were changed: the editor's text becomes the file, the other goes beside it, here."""
        aside = set_aside(self.path)
        self.save(text)
        return aside

    def keep_files_text(self, text: str) -> Path:
        """Both were changed: the file stays, the editor's text goes beside it, here."""
        aside = free_name(self.path)
        files.write(aside, text)
        self._stamp = _stamp(self.path)
        self.text = read_source(self.path).text
        return aside


def _stamp(path: Path) -> object:
    """Another one after every change; None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)
