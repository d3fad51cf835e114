"""The editor of the learner's file: what is typed here and what is changed outside both stay."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

from textual.message import Message

from toystory.course.exercises.exercise import Exercise, Wrong
from toystory.grading.draft import Draft
from toystory.grading.exercise_files import path_of, set_aside
from toystory.grading.failures import Source
from toystory.tui.screens.dialogs.file_conflict import Answer, FileConflict
from toystory.tui.widgets.exercises.editor import Editor


class FileEditor(Editor):
    """Writes the file when it is told to, and only if something was typed."""

    class FileError(Message):
        """The file can't be read or written; the sentence says why."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id)
        self._draft: Draft | None = None
        self._path = Path()
        self._asking = False

    @property
    def readable(self) -> bool:
        """Whether there is a text to work on."""
        return self._draft is not None

    @property
    def is_begun(self) -> bool:
        """Whether there is something that the learner wrote: a file, or what was typed."""
        return self._path.exists() or (self._draft is not None and self._draft.is_changed(self.text))

    @property
    def source(self) -> Source:
        """What is in it now."""
        return Source(self._path.name, self.text)

    def open(self, exercise: Exercise) -> None:
        """Show the learner's file of this exercise, or what it begins as."""
        self._path = path_of(exercise)
        self.border_title = shortened(self._path)
        try:
            self._draft = Draft(exercise)
        except Wrong as wrong:
            self._show_unreadable(wrong)
            return
        text, row = with_place_to_begin(self._draft.text)
        self._load(self._draft, text)
        self.go_to(row)

    def check_file(self) -> bool:
        """Take over what was changed outside; False where there is no text, or the learner is asked first."""
        if self._draft is None or self._asking:
            return False
        try:
            change = self._draft.poll(self.text)
        except Wrong as wrong:
            if not self._draft.is_changed(self.text):
                self._show_unreadable(wrong)
                return False
            change = "both"
        if change == "outside":
            self._load(self._draft)
            self.notify("Changed outside, and taken over.", timeout=2)
        elif change == "both":
            self._asking = True
            self.app.push_screen(FileConflict(self._path.name), partial(self._resolve_conflict, self._draft))
        return change != "both"

    def save(self) -> bool:
        """Write the text to the file; False, and Trouble, where that fails."""
        try:
            if self._draft is not None:
                self._draft.save(self.text)
        except OSError as error:
            self.post_message(self.FileError(f"{self._path} can't be written: {error.strerror or error}"))
            return False
        return self._draft is not None

    def leave(self) -> bool:
        """Save what was typed, without a question: beside the file, where that was changed too.

        False where there was nothing to save.
        """
        draft, text = self._draft, self.text
        if draft is None or self._asking or not draft.is_changed(text):
            return False
        try:
            try:
                change = draft.poll(text)
            except Wrong:
                change = "both"
            if change == "both":
                aside = draft.keep_editors_text(text)
                self.notify(
                    f"{self._path.name} was changed outside, too: that is now {aside.name}.", timeout=8
                )
            else:
                draft.save(text)
        except OSError as error:
            what = f"{self._path} can't be written: {error.strerror or error}"
            self.notify(what, severity="error", timeout=20)
            return False
        return True

    def restart(self, exercise: Exercise) -> Path | None:
        """Set the file aside, with what was typed, and show what it begins as.

        The file's new name, None if there was none. Raises OSError.
        """
        if self._draft is not None and self._draft.is_changed(self.text):
            self._draft.save(self.text)
        aside = set_aside(self._path) if self._path.exists() else None
        self.open(exercise)
        return aside

    def _load(self, draft: Draft, text: str | None = None) -> None:
        """Show what is in the file, or `text` for it, the cursor where it was."""
        row = self.cursor_location[0]
        self.read_only = False
        self.load_text(draft.text if text is None else text)
        draft.shown(self.text)
        self.go_to(row)

    def _show_unreadable(self, wrong: Wrong) -> None:
        self._draft = None
        self.load_text("")
        self.read_only = True
        self.post_message(self.FileError(f"{wrong.sentence}. Mend it outside, or begin anew with r."))

    def _resolve_conflict(self, draft: Draft, answer: Answer | None) -> None:
        self._asking = False
        try:
            if answer == "found":
                aside = draft.keep_files_text(self.text)
                self._load(draft)
            else:
                aside = draft.keep_editors_text(self.text)
        except Wrong as wrong:
            self._show_unreadable(wrong)
        except OSError as error:
            self.post_message(self.FileError(f"{self._path} can't be written: {error.strerror or error}"))
        else:
            self.notify(f"The other one is {aside.name}.", timeout=4)


def shortened(path: Path) -> str:
    """With ~ for the learner's own folder."""
    with suppress(ValueError, RuntimeError):
        return f"~/{path.relative_to(Path.home())}"
    return str(path)


def with_place_to_begin(text: str) -> tuple[str, int]:
    """Where to begin in a learner's file.

    Returns:
        The text, with an empty line as far in as the first TODO below it where nothing was written yet, and
        the row to begin in: that line; else the first line of code below the TODO, or the first function.
    """
    lines = text.split("\n")
    stripped = [line.strip() for line in lines]
    todo = next((i for i, line in enumerate(stripped) if line.startswith("# TODO")), None)
    if todo is None:
        return text, next((i for i, line in enumerate(stripped) if line.startswith("def ")), 0)
    row = todo + 1
    while row < len(lines) and stripped[row].startswith("#"):
        row += 1
    indent = lines[todo][: len(lines[todo]) - len(lines[todo].lstrip())]
    written = row < len(lines) and stripped[row] and lines[row].startswith(indent)
    if not written and (row == len(lines) or lines[row] != indent or not indent):
        lines.insert(row, indent)
    return "\n".join(lines), row
