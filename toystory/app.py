"""The app: a course of seven lessons, and one learner who goes through them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from lessons.catalogue import UnknownChapter, chapters
from toystory.learner import Learner
from toystory.memory import keep_freed_memory
from toystory.screens.course import CourseScreen
from toystory.screens.help import HelpScreen
from toystory.themes import DARK, DARK_ANSI, LIGHT, LIGHT_ANSI, fitting_theme

if TYPE_CHECKING:
    from models.experiment import Experiment

SWITCH_INTERVAL = 0.002
"""Seconds after which the training thread must let the interface have the interpreter, if it asks."""
DERIVATION_COMMANDS = (
    ("One update", "Inside one update of the model, step by step", "one_update"),
    ("Gradient check", "Is the backward pass of this model right?", "check"),
    ("Source", "The source of this model", "source"),
    ("Row", "Type the row that the derivation is worked out for", "type_row"),
)
"""What the palette offers where a derivation is shown: its words, and the action of the stage or screen."""


class ToystoryApp(App[None]):
    """Holds the learner; everything else is in the screens."""

    TITLE = "toystory"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-too-narrow"),
        (60, "-narrow"),
        (100, "-medium"),
        (160, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-too-low"),
        (18, "-short"),
        (32, "-middle"),
        (46, "-tall"),
    ]
    COMMAND_PALETTE_DISPLAY = "^p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,ctrl+q", "quit", "quit", key_display="q", id="quit", tooltip="quit at once"),
        Binding("question_mark", "help", "help", key_display="?", id="help", tooltip="this list of keys"),
        Binding("m", "toggle_theme", "dark/light", show=False, id="theme", tooltip="dark or light"),
        Binding("y", "copy", "copy", show=False, id="copy", tooltip="copy what is shown as plain text"),
        Binding(
            "colon",
            "command_palette",
            "palette",
            show=False,
            key_display=":",
            id="palette",
            tooltip="all commands, to search in (also ctrl+p)",
        ),
    ]

    def __init__(self, lesson: str | None = None) -> None:
        """lesson: the name of the one to open at once."""
        super().__init__()
        self.learner = Learner()
        self._first = lesson
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.ansi_theme_dark, self.ansi_theme_light = DARK_ANSI, LIGHT_ANSI
        self.theme = fitting_theme()

    def on_mount(self) -> None:
        self.push_screen(CourseScreen())
        if self._first is not None:
            self.open_lesson(self._first)
        else:
            # NumPy and the models take a moment to load: do that while the learner reads.
            self.call_after_refresh(threading.Thread(target=_load_ahead, daemon=True).start)

    def open_lesson(self, name: str) -> None:
        """Open the lesson called `name`, from wherever one is."""
        from toystory.screens.lesson import LessonScreen

        while not isinstance(self.screen, CourseScreen):
            self.pop_screen()
        self.push_screen(LessonScreen(name))

    def ask_sandbox(self) -> None:
        """Ask for a model, a gate and settings, and open the sandbox with them."""
        from toystory.screens.sandbox import SandboxForm

        self.push_screen(SandboxForm(), self.open_sandbox)

    def open_sandbox(self, experiment: Experiment | None) -> None:
        """Open the sandbox with this experiment, from wherever one is; None: stay."""
        from toystory.screens.sandbox import SandboxScreen

        if experiment is not None:
            while not isinstance(self.screen, CourseScreen):
                self.pop_screen()
            self.push_screen(SandboxScreen(experiment))

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_toggle_theme(self) -> None:
        self.theme = DARK.name if self.theme == LIGHT.name else LIGHT.name

    def action_copy(self) -> None:
        text = getattr(self.screen, "copy_text", lambda: "")()
        if text:
            self.copy_to_clipboard(text)
            self.notify(f"copied {len(text.splitlines())} lines", timeout=2)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for chapter in chapters():
            yield SystemCommand(
                f"Lesson {chapter.number}: {chapter.title}",
                chapter.about,
                lambda name=chapter.name: self.open_lesson(name),
            )
        if callable(settings := getattr(screen, "action_settings", None)):
            yield SystemCommand("Settings", "The same experiment with other settings", settings)
        stage = getattr(screen, "stage", screen)
        for title, about, name in DERIVATION_COMMANDS:
            if callable(action := getattr(stage, f"action_{name}", None)):
                yield SystemCommand(title, about, action)
        yield SystemCommand("Sandbox", "Any model on any gate, outside the story", self.ask_sandbox)
        yield SystemCommand("Keys", "All keys of what is shown", self.action_help)
        yield SystemCommand("Dark or light", "Change the theme", self.action_toggle_theme)
        yield SystemCommand("Copy", "Copy what is shown as plain text", self.action_copy)
        yield SystemCommand("Quit", "Leave toystory", self.action_quit)


def _load_ahead() -> None:
    import toystory.screens.lesson  # noqa: F401


def main(lesson: str | None = None) -> int:
    """Open the app, at `lesson` if one is named. Returns the exit code: 2 where there is no terminal or no
    such lesson, with one sentence on stderr."""
    # Textual reads keys from stdin and draws on stderr; with a driver of another kind it asks for no terminal.
    if "TEXTUAL_DRIVER" not in os.environ and not all(
        stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)
    ):
        print(
            "toystory needs a terminal: without one, use `toystory list` or `toystory run --lesson gate`.",
            file=sys.stderr,
        )
        return 2
    if lesson is not None:
        try:
            chapters_named(lesson)
        except UnknownChapter as error:
            print(f"toystory: {error}", file=sys.stderr)
            return 2
    keep_freed_memory()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        app = ToystoryApp(lesson)
        app.run()
    finally:
        sys.setswitchinterval(interval)
    return app.return_code or 0


def chapters_named(lesson: str) -> None:
    """Raises UnknownChapter where there is none of that name."""
    from lessons.catalogue import NAMES, load

    if lesson not in NAMES:
        load(lesson)
