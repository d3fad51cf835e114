"""The course: chapters to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from toystory.course.catalogue import NAMES, names
from toystory.course.chapter import Chapter
from toystory.progress.lesson_progress import CourseProgress, LessonProgress
from toystory.tui.navigation import navigation
from toystory.tui.screens.base import BaseScreen
from toystory.tui.screens.breakpoints import apply_breakpoints
from toystory.tui.widgets.deferred import focus_again
from toystory.tui.widgets.footer import Footer
from toystory.tui.widgets.header import Header
from toystory.tui.widgets.options import Options
from toystory.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from textual.css.styles import RulesMap


STYLE = Path(__file__).with_name("course.tcss")
WELCOME = Content.assemble(
    ("Alex wants a lamp that two switches turn on and off,\n", "bold"),
    ("and he wants the gate between them to learn. Build it with him:\n", "bold"),
)
PROMISE = Content.styled(
    f"{len(NAMES)} chapters, each with a story, a guess and models to train.", "$foreground 75%"
)
WIRING = Content.assemble(
    ("   ╭──o  o──╮   \n", "$foreground 60%"),
    ("───╯ ", "$foreground 60%"),
    ("╲", "bold $primary"),
    ("  ", ""),
    ("╱", "bold $primary"),
    (" ╰──", "$foreground 60%"),
    ("(☼)", "bold $warning"),
    ("\n   ╰──o  o──╯   ", "$foreground 60%"),
)

SANDBOX = Content.assemble(
    ("0   ", "bold $primary"),
    ("Sandbox", "bold"),
    ("\n    Any model on any gate, outside the story; # for real numbers.", "$foreground 75%"),
)


WIDEST = {"claims": len("15/15"), "code": len("10/10")}
"""Columns that a count takes."""
DONE, STARTED, OPEN = "●", "◐", "○"
"""How much of something is done: the shapes tell it, the colours only say it again."""


def sign(done: int, of: int) -> tuple[str, str]:
    """A mark and its colour.

    Args:
        done: How many are done.
        of: How many there are.
    """
    if done and done == of:
        return DONE, "bold $text-success"
    return (STARTED, "$text-warning") if done else (OPEN, "$foreground 60%")


def done_so_far(record: LessonProgress) -> Content:
    """Of a chapter: the guess, the claims, the code; or that it holds, or is open."""
    if record.holds:
        return Content.styled("✓ done", "bold $text-success")
    if not record.begun:
        return Content.styled(f"{OPEN} open", "$foreground 60%")
    parts = [("guess", int(record.prediction is not None), 1)]
    if record.claims:
        parts.append(("claims", record.reached, record.claims))
    if record.exercise_names:
        parts.append(("code", record.passed, len(record.exercise_names)))
    said = []
    for name, done, of in parts:
        mark, color = sign(done, of)
        # As wide as the widest there is, so that the marks stand below each other.
        count = f" {f'{done}/{of}':>{WIDEST.get(name, 0)}}" if of > 1 else ""
        said.append(Content.assemble((mark, color), (f" {name}{count}", "$foreground 65%")))
    return Content("  ").join(said)


def wire(records: Sequence[LessonProgress]) -> Content:
    """The map: from switch to lamp, a chapter each; the wire carries as far as they hold."""
    parts: list[tuple[str, str]] = []
    carries = True
    for record in records:
        line = ("━━", "bold $warning") if carries else ("──", "$foreground 40%")
        parts += [line, (DONE, "bold $text-success") if record.holds else sign(int(record.begun), 2)]
        carries = carries and record.holds
    hold = sum(record.holds for record in records)
    lamp = ("━━(☼)", "bold $warning") if carries else ("──( )", "$foreground 60%")
    return Content.assemble(*parts, lamp, (f"  {hold} of {len(records)} chapters done", "$foreground 75%"))


def chapter_line(chapter: Chapter, mark: Content, paused: str, end: str, width: int) -> Content:
    """Number, title and what it is about; on the right what of it is done.

    Args:
        chapter: The chapter.
        mark: What of it is done, as a sign.
        paused: What is paused there, in place of what it is about.
        end: What stands on the right.
        width: Columns.
    """
    room = width - 4 - mark.cell_length
    return Content.assemble(
        (f"{chapter.number}   ", "bold $primary"),
        (chapter.title.ljust(room), "bold"),
        mark,
        (f"\n    ‖ {paused}", "$text-warning") if paused else (f"\n    {chapter.about}", "$foreground 75%"),
        end,
    )


class ChapterLine(Visual):
    """A line of the list, written anew for every width that it gets."""

    def __init__(self, write: Callable[[int], Content]) -> None:
        self._write = write

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._write(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._write(width).get_height(rules, width)


class ChapterList(Options):
    """The chapters; its keys are shown in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "down", "cursor_down", "choose", key_display="↑↓", id="chapters.down", tooltip="choose a chapter"
        ),
        Binding("enter", "screen.open", "open", id="chapters.open", tooltip="open the chosen chapter"),
    ]


class CourseScreen(BaseScreen[None]):
    """The table of contents. It remembers which chapter was open last."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "1",
            "open(1)",
            "open",
            key_display=f"1–{len(NAMES)}",
            id="course.1",
            tooltip="open a chapter by its number",
        ),
        *(
            Binding(str(n), f"open({n})", f"chapter {n}", show=False, id=f"course.{n}")
            for n in range(2, len(NAMES) + 1)
        ),
        Binding("0", "sandbox", "sandbox", id="course.0", tooltip="any model on any gate, outside the story"),
        Binding(
            "number_sign",
            "real_numbers",
            "real numbers",
            show=False,
            key_display="#",
            id="course.real_numbers",
            tooltip="a network on moons, spirals, or a table of yours",
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        self._written: object = None

    def compose(self) -> ComposeResult:
        apply_breakpoints(self)
        yield Header("an XOR gate that learns")
        with Vertical(id="body"), Vertical(id="page"):
            with Vertical(id="welcome"):
                yield Static(id="words", markup=False)
                yield Static(WIRING, id="wiring", markup=False)
            yield ChapterList(id="chapters", compact=True, markup=False)
        yield TooSmall()
        yield Footer()

    @property
    def learner(self) -> CourseProgress:
        return navigation(self).learner

    def on_mount(self) -> None:
        self._write()

    def on_screen_resume(self) -> None:
        self.learner.look_at_exercises()
        self._write()

    def choose(self, name: str) -> None:
        """Mark the chapter of that name, now or as soon as there is a list."""
        self._first = names().index(name)
        for options in self.query(Options):
            options.highlighted = self._first

    def on_resize(self) -> None:
        self._write()
        focus_again(self, lambda: self.query_one(Options))

    def action_open(self, number: int | None = None) -> None:
        options = self.query_one(Options)
        if number is not None:
            options.highlighted = number - 1
        if options.highlighted == len(self.learner.chapters):
            self.action_sandbox()
        elif options.highlighted is not None:
            navigation(self).open_lesson(self.learner.chapters[options.highlighted].name)

    def action_sandbox(self) -> None:
        self.query_one(Options).highlighted = len(self.learner.chapters)
        navigation(self).ask_sandbox()

    def action_real_numbers(self) -> None:
        navigation(self).open_real_numbers()

    def on_option_list_option_selected(self) -> None:
        self.action_open()

    def _write(self) -> None:
        """Write the list anew if something of it has changed; the chosen chapter stays chosen."""
        chapters = self.learner.chapters
        records = [self.learner.record(chapter.name) for chapter in chapters]
        marks = [done_so_far(record) for record in records]
        paused = [record.paused for record in records]
        promise = wire(records) if any(record.begun for record in records) else PROMISE
        airy = "\n" if self.size.height >= 36 else ""
        if (airy, promise, marks, paused) == self._written:
            return
        self._written = airy, promise, marks, paused
        self.query_one("#words", Static).update(Content.assemble(WELCOME, promise))
        lines = [
            partial(chapter_line, chapter, mark, stands, airy)
            for chapter, mark, stands in zip(chapters, marks, paused, strict=True)
        ]
        options = self.query_one(Options)
        chosen = self._first if options.highlighted is None else options.highlighted
        options.set_options([*map(ChapterLine, lines), Content.assemble(SANDBOX, airy)])
        options.highlighted = chosen

    def copy_text(self) -> str:
        """The table of contents as plain lines."""
        return "\n".join(
            f"{c.number}. {c.title}: {c.about} ({done_so_far(self.learner.record(c.name)).plain})"
            for c in self.learner.chapters
        )
