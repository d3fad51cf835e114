"""The app: a course of lessons, and one learner who goes through them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.console import RenderableType
from textual import events
from textual._context import active_message_pump
from textual.app import App, ScreenStackError, SystemCommand
from textual.binding import Binding, BindingType, Keymap
from textual.css.query import NoMatches
from textual.css.stylesheet import Stylesheet
from textual.dom import NoScreen
from textual.driver import Driver
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import AwaitMount, MountError, Widget
from textual.worker import WorkerFailed, get_current_worker

from toystory.base.paths import keymap_file
from toystory.base.runtime import keep_freed_memory, resume_garbage_collection
from toystory.base.served import SOMEONE_ELSE, has_clipboard, is_served, person
from toystory.course import catalogue
from toystory.course.catalogue import UnknownChapter, chapters
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.store import Store
from toystory.tui.screens.base import BaseScreen
from toystory.tui.screens.course import STYLE, CourseScreen
from toystory.tui.themes import DARK, DARK_ANSI, LIGHT, LIGHT_ANSI, THEMES, fitting_theme

if TYPE_CHECKING:
    from textual.command import Provider

    from toystory.training.experiment import Experiment
    from toystory.tui.screens.real_numbers.screen import Kept

SWITCH_INTERVAL = 0.01
"""Seconds after which the training thread must let the interface have the interpreter, if it asks."""
PREPARE_SERVED = 2.0
"""Seconds after which an app in a browser prepares for what comes next: a class comes all at once."""
LEFT_BEHIND = (NoMatches, ScreenStackError, MountError, LookupError)
"""What is raised where the widgets of a screen are looked for that is gone."""
NOTICE_INTERVAL = 0.5
"""Seconds between two looks for something to tell of the record."""


def _commands() -> type[Provider]:
    from toystory.tui.command_palette import Commands

    return Commands


class ToystoryApp(App[None]):
    """Holds the learner; everything else is in the screens."""

    TITLE = "toystory"
    # That of the course is read here too, for it is the screen that the app begins with.
    CSS_PATH = [Path(__file__).with_name("app.tcss"), STYLE]  # noqa: RUF012
    # Defaults, not set later: Textual would parse its style sheets anew for each.
    theme: Reactive[str] = Reactive(fitting_theme)
    parsed_styles: ClassVar[Stylesheet | None] = None
    """Style sheets that were read before, by the process that apps are forked from."""
    ansi_theme_dark = Reactive(DARK_ANSI, init=False)
    ansi_theme_light = Reactive(LIGHT_ANSI, init=False)
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
    COMMANDS = {_commands}  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "quit", id="quit", tooltip="quit at once (also ctrl+q)"),
        # Apart from q, which is a letter in an editor: the footer must not offer it there.
        # First of all: a dialog keeps the app's other keys from being heard.
        Binding("ctrl+q", "quit", "quit", show=False, priority=True, id="quit.typing"),
        Binding("question_mark", "help", "help", key_display="?", id="help", tooltip="this list of keys"),
        Binding(
            "w",
            "words",
            "words",
            show=False,
            id="words",
            tooltip="what the words mean that stand here (point at one with the mouse)",
        ),
        Binding(
            "Q",
            "review",
            "questions",
            show=False,
            id="review",
            tooltip="the questions that you did not know, once more",
        ),
        Binding("m", "toggle_theme", "dark/light", show=False, id="theme", tooltip="dark or light"),
        Binding("y", "copy", "copy", show=False, id="copy", tooltip="copy what is shown as plain text"),
        Binding("Y", "save_text", "save", show=False, id="save", tooltip="save what is shown as a text file"),
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
        if self.parsed_styles is not None:
            self.stylesheet, self.css_path = self.parsed_styles, []
        self.learner = CourseProgress(Store(behind=True))
        self.changed_keys: Keymap = {}
        """Keys that the learner has changed, by the names of their bindings."""
        self._first = lesson
        self._real_numbers: Kept | None = None
        """What was trained on rows of real numbers; None before one has looked at any."""
        for theme in THEMES.values():
            self.register_theme(theme)

    def get_theme(self, theme_name: str) -> Theme | None:
        # Asked for while the app is made, before anything can be registered.
        return THEMES.get(theme_name) or super().get_theme(theme_name)

    def get_default_screen(self) -> CourseScreen:
        return CourseScreen()

    def on_load(self) -> None:
        self.learner.check()

    def on_mount(self) -> None:
        self._load_keymap()
        if (first := self._first or self.learner.place) is not None:
            self.open_lesson(first)
        if is_served():
            self._begin_batch()
            self.set_timer(PREPARE_SERVED, self._prepare)
        else:
            self.call_after_refresh(self._prepare)
        self.set_interval(NOTICE_INTERVAL, self._show_notices)

    def on_ready(self) -> None:
        if is_served():
            # Widgets that learn their size have all laid out again, and four times it would be drawn.
            self.call_later(self._draw)

    def _draw(self) -> None:
        self._end_batch()
        self.screen.refresh()

    def read_styles(self) -> None:
        """Read the style sheets of all screens: one that is read with its screen has all parsed anew."""
        for file in sorted(STYLE.parent.rglob("*.tcss")):
            self.stylesheet.read(file)
        self.stylesheet.parse()

    def _prepare(self) -> None:
        """Once the first screen is there and the learner reads."""
        if self.parsed_styles is None:
            self.read_styles()
        threading.Thread(target=_preload, daemon=True).start()

    def on_unmount(self) -> None:
        if self._real_numbers is not None:
            self._real_numbers.stop()
        self.learner.close()

    def _handle_exception(self, error: Exception) -> None:
        # A screen that is left while it is made gets no widgets: who looks for them then has nothing to tell.
        cause: BaseException = error
        node = active_message_pump.get()
        if isinstance(error, WorkerFailed):
            cause, node = error.error, get_current_worker().node
        if not isinstance(cause, LEFT_BEHIND) or not self._is_left(node):
            super()._handle_exception(error)

    def _is_left(self, node: MessagePump) -> bool:
        """Whether the app is ending, or the screen of the node that an event was for is gone."""
        if self.return_code is not None or not isinstance(node, Widget):
            return self.return_code is not None
        try:
            return node.screen not in self.screen_stack
        except NoScreen:
            return True

    async def on_event(self, event: events.Event) -> None:
        """Answer the keys one after another, as they were typed.

        Textual sends each of them through the widgets first; whoever is quick would type into the screen
        that the key before has left.
        """
        if isinstance(event, events.InputEvent):
            for screen in self.screen_stack:
                if isinstance(screen, BaseScreen):
                    screen.wake()
        if not isinstance(event, events.Key):
            await super().on_event(event)
            return
        if self.return_code is not None:  # typed behind the key that ended the app
            return
        if not event.is_forwarded:
            # A screen that was opened or left by something else than a key is so first.
            await self._flush_next_callbacks()
        if not self.screen.is_mounted:  # a key for a screen that has no widgets yet waits for them
            await AwaitMount(self.screen, [self.screen])
        if event.is_forwarded:
            await super().on_event(event)
            return
        from textual.widgets import Input, TextArea

        if isinstance(self.focused, Input | TextArea):
            # It shall have the whole text before it is told to take it.
            await super().on_event(event)
        elif event.key == "backspace" and any(field.region for field in self.screen.query("Input, TextArea")):
            return  # whoever corrects what was typed shall not leave the screen with one stroke too many
        elif not await self._check_bindings(event.key, priority=True):
            await self._check_bindings(event.key)

    def _load_keymap(self) -> None:
        if not keymap_file().exists():
            return
        from toystory.tui.keymap import BadKeymap, read_keymap

        try:
            self.changed_keys = read_keymap(keymap_file())
            self.set_keymap(self.changed_keys)
        except BadKeymap as error:
            self.notify(f"{error}. The keys are as they were.", severity="warning", timeout=15, markup=False)

    def get_driver_class(self) -> type[Driver]:
        if os.name != "posix" or "TEXTUAL_DRIVER" in os.environ:
            return super().get_driver_class()
        from toystory.tui.terminal import TerminalDriver

        return TerminalDriver

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        # To a terminal that knows what stands on it goes only what is not there yet.
        painted = getattr(self._driver, "painted", None)
        if painted is not None and self._running and not self._closed and not self._batch_count:
            from toystory.tui.painted import Written

            text = painted.changes(renderable, self.console, self.size)
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            if text is not None:
                renderable = Written(text) if text or cursor != self._previous_cursor_position else None
        super()._display(screen, renderable)

    def on_app_focus(self) -> None:
        # Whatever another program wrote over it meanwhile goes away.
        if (painted := getattr(self._driver, "painted", None)) is not None:
            painted.forget()
            self.screen.refresh()

    def save_all(self) -> None:
        """Pause what trains and write everything down: for an app that can't end in order."""
        for screen in self.screen_stack:
            if (lesson_state := getattr(screen, "lesson_state", None)) is not None:
                lesson_state.close()
        self.learner.close()

    def _show_notices(self) -> None:
        for sentence in (*self.learner.notices(), *catalogue.notices()):
            self.notify(sentence, severity="warning", timeout=15, markup=False)

    def open_lesson(self, name: str) -> None:
        """Open the lesson called `name`, from wherever one is. One of others that can't be opened is told."""
        if name not in catalogue.NAMES:
            try:
                catalogue.load(name)
            except catalogue.BrokenLesson as error:
                self.notify(str(error), severity="error", timeout=30, markup=False)
                return
        from toystory.tui.screens.lesson.screen import LessonScreen

        while not isinstance(self.screen, CourseScreen):
            self.pop_screen()
        self.screen.choose(name)
        self.learner.place = name
        self.push_screen(LessonScreen(name))

    def ask_sandbox(self) -> None:
        """Ask for a model, a gate and settings, and open the sandbox with them."""
        from toystory.tui.screens.sandbox import SandboxForm

        self.push_screen(SandboxForm(), self.open_sandbox)

    def open_sandbox(self, experiment: Experiment | None) -> None:
        """Open the sandbox with this experiment, from wherever one is; None: stay."""
        from toystory.tui.screens.sandbox import SandboxScreen

        if experiment is not None:
            while not isinstance(self.screen, CourseScreen):
                self.pop_screen()
            self.learner.place = None
            self.push_screen(SandboxScreen(experiment))

    def open_real_numbers(self) -> None:
        """Rows of real numbers, over what is shown."""
        from toystory.tui.screens.real_numbers.screen import Kept, RealNumbersScreen

        if not isinstance(self.screen, RealNumbersScreen):
            self._real_numbers = self._real_numbers or Kept()
            self.push_screen(RealNumbersScreen(self._real_numbers))

    def action_help(self) -> None:
        from toystory.tui.screens.dialogs.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_words(self) -> None:
        """Open the glossary at what the screen says."""
        from toystory.tui.screens.dialogs.words import WordsScreen, words_shown

        if not isinstance(self.screen, WordsScreen):
            self.push_screen(WordsScreen(words_shown(self.screen)))

    def action_review(self) -> None:
        """Ask again what was not known, where something is due."""
        from toystory.tui.screens.review import ReviewScreen

        due = self.learner.due
        if not due:
            self.notify("No question is due. What you do not know comes back here.", timeout=5)
        elif not isinstance(self.screen, ReviewScreen):
            self.push_screen(ReviewScreen(due))

    def action_command_palette(self) -> None:
        from toystory.tui.command_palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_toggle_theme(self) -> None:
        self.theme = DARK.name if self.theme == LIGHT.name else LIGHT.name

    def action_copy(self) -> None:
        text = getattr(self.screen, "copy_text", lambda: "")()
        if text:
            self.copy_to_clipboard(text)
            if has_clipboard():
                self.notify(f"copied {len(text.splitlines())} lines", timeout=2)

    def action_save_text(self) -> None:
        text = getattr(self.screen, "copy_text", lambda: "")()
        if not text:
            return
        if is_served():
            # The learner's computer is another one, and has nothing of the folders of this one.
            name = f"toystory-{datetime.now():%Y-%m-%d-%H%M%S}.txt"
            self.deliver_text(StringIO(text.rstrip() + "\n"), save_filename=name)
            self.notify("offered as a download", timeout=4)
            return
        from toystory.tui.saved_screens import save_text

        try:
            self.notify(f"saved as {save_text(text)}", timeout=6, markup=False)
        except OSError as error:
            self.notify(f"can't save it: {error.strerror or error}", severity="warning", markup=False)

    def action_someone_else(self) -> None:
        """Close this record for somebody else to come, at a computer that is shared."""
        self.exit(return_code=SOMEONE_ELSE)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        from toystory.tui.command_palette import commands_of

        for chapter in chapters():
            yield SystemCommand(
                f"Lesson {chapter.number}: {chapter.title}",
                chapter.about,
                lambda name=chapter.name: self.open_lesson(name),
            )
        yield from commands_of(screen)
        if getattr(screen, "has_table", False):
            about = "Every model on every size, live"
            yield SystemCommand("Result table", about, getattr(screen, "action_table"))  # noqa: B009
        yield SystemCommand("Sandbox", "Any model on any gate, outside the story", self.ask_sandbox)
        about = "A network on moons, spirals, or a table of yours (CSV)"
        yield SystemCommand("Real numbers", about, self.open_real_numbers)
        yield SystemCommand("Keys", "All keys of what is shown", self.action_help)
        yield SystemCommand("Questions", "Those that you did not know, once more", self.action_review)
        yield SystemCommand("Words", "What the words and signs of the course mean", self.action_words)
        yield SystemCommand("Dark or light", "Change the theme", self.action_toggle_theme)
        yield SystemCommand("Copy", "Copy what is shown as plain text", self.action_copy)
        yield SystemCommand("Save", "Save what is shown as a text file", self.action_save_text)
        if is_served():
            about = f"Leave the record of {person()}" if person() else "Leave this record to whom it belongs"
            yield SystemCommand("I am someone else", about, self.action_someone_else)
        yield SystemCommand("Quit", "Leave toystory", self.action_quit)


def _preload() -> None:
    """What takes a moment to load and is needed as soon as a lesson is opened; first what most wait for."""
    try:
        import toystory.tui.screens.lesson.screen
        from toystory.render.derivation_panel import source_code

        keep_freed_memory()
        source_code("a line of Python, for the patterns of the language")
        with suppress(ImportError):  # curves are drawn without it, too
            import plotext  # noqa: F401
        import toystory.tui.command_palette
        import toystory.tui.saved_screens
        import toystory.tui.screens.dialogs.help  # noqa: F401
    finally:
        resume_garbage_collection()


def main(lesson: str | None = None) -> int:
    """Open the app, at `lesson` if one is named.

    Returns the exit code: 2 where there is no terminal or no such lesson, with one sentence on stderr.
    """
    # Textual reads keys from stdin and draws on stderr; a driver of another kind asks for no terminal.
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
            check_lesson_name(lesson)
        except UnknownChapter as error:
            print(f"toystory: {error}", file=sys.stderr)
            return 2
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        with _ended_by_signals():
            app = ToystoryApp(lesson)
            app.run()
    finally:
        sys.setswitchinterval(interval)
    with suppress(OSError):  # the terminal is gone
        for sentence in app.learner.notices():
            print(f"toystory: {sentence}", file=sys.stderr, flush=True)
    return app.return_code or 0


def _ended_by_signals() -> AbstractContextManager[None]:
    if os.name != "posix":
        return nullcontext()
    from toystory.tui.terminal import ended_by_signals

    return ended_by_signals()


def check_lesson_name(lesson: str) -> None:
    """Raises UnknownChapter where there is none of that name."""
    from toystory.course.catalogue import load, names

    if lesson not in names():
        load(lesson)
