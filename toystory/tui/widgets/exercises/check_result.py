"""What came of a check, the hints, and the solution: one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from rich.syntax import Syntax
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from toystory.course.exercises.exercise import Exercise
from toystory.grading.verdict import Ran, Verdict
from toystory.tui.widgets.deferred import after_refresh
from toystory.tui.widgets.text.hanging_indent import HangingIndent, HangingLine
from toystory.tui.widgets.text.prose import Prose

LABEL = 12
"""Columns that the name of a detail takes."""


class CheckResult(VerticalScroll):
    """Empty until there is something to say."""

    DEFAULT_CSS = """
    CheckResult {
        & > HangingIndent, & > Static, & > Prose {
            width: 100%;
            height: auto;
            display: none;
            margin-bottom: 1;
            &.-there {
                display: block;
            }
        }
    }
    """

    said = ""
    """The verdict, or the sentence, as plain text."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be seen."""
        return not self.query(".-there")

    def compose(self) -> ComposeResult:
        yield HangingIndent(id="said")
        yield Prose(id="hints")
        yield Static(id="solution", markup=False)
        yield Prose(id="why")

    def say(self, *lines: str | HangingLine) -> None:
        """A verdict, or a sentence; an empty one takes it away."""
        shown = [HangingLine(Content(line)) if isinstance(line, str) else line for line in lines if line]
        hanging = self.query_one(HangingIndent)
        hanging.show(shown)
        self.said = hanging.text
        hanging.set_class(bool(shown), "-there")
        self.scroll_home(animate=False)

    def show_hints(self, hints: Sequence[str], of: int) -> None:
        """These hints, of so many.

        Args:
            hints: Those that were asked for.
            of: How many there are.
        """
        text = "\n\n".join(f"**Hint {number} of {of}.** {hint}" for number, hint in enumerate(hints, start=1))
        markdown = self.query_one("#hints", Prose)
        markdown.update(text)
        markdown.set_class(bool(hints), "-there")

    def show_solution(self, exercise: Exercise | None) -> None:
        """The solution and its explanation; None takes them away."""
        solution, why = self.query_one("#solution", Static), self.query_one("#why", Prose)
        if exercise is not None:
            python = Syntax("", "python", theme="ansi_dark", background_color="default")
            solution.update(python.highlight(code_alone(exercise.solution)))
            why.update(f"## Why\n\n{exercise.explanation}")
        for widget in (solution, why):
            widget.set_class(exercise is not None, "-there")

    def scroll_to_part(self, part: str) -> None:
        """Scroll to the hints, the solution or why."""
        widget = self.query_one(f"#{part}")
        after_refresh(self, self.scroll_to_widget, widget, animate=False, top=part != "hints")


def verdict_lines(verdict: Verdict) -> list[HangingLine]:
    """The sentence and the details, the names of these dimmer than what they say."""
    sign = ("✓ ", "bold $text-success") if verdict.passed else ("✗ ", "bold $text-error")
    lines = [HangingLine(Content.assemble(sign, (verdict.sentence, "bold")), indent=len(sign[0]))]
    for line in verdict.details():
        lines.append(
            HangingLine(Content.assemble((line[:LABEL], "$foreground 65%"), line[LABEL:]), indent=LABEL)
        )
    return lines


def output_lines(ran: Ran) -> list[HangingLine]:
    """What the file printed, and what stopped it."""
    lines = [HangingLine(Content(line), indent=2) for line in ran.output.splitlines()]
    if ran.cut:
        lines.append(HangingLine(Content.styled(f"… and {ran.cut:,} bytes more", "$foreground 65%")))
    if ran.sentence:
        said = Content.assemble(("✗ ", "bold $text-error"), (ran.sentence, "bold"))
        lines += [HangingLine(said, indent=2), *(HangingLine(Content(line), indent=2) for line in ran.trace)]
    elif not lines:
        lines.append(
            HangingLine(Content("It ran to its end, and printed nothing. `print(…)` shows a value."))
        )
    return lines


def code_alone(text: str) -> str:
    """A file of an exercise without its docstring, which is the task."""
    return text.partition('"""')[2].partition('"""')[2].strip() + "\n"
