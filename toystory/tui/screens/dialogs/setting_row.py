"""The rows of a form: a label, what is set, and beside it a hint or what is wrong."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from toystory.training.settings import Setting

GAP = 2


class Choice(Widget):
    """Words beside each other, one of them chosen: with the arrow keys or a click.

    They go on in the next line where there is no room for all.
    """

    can_focus = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "choose", key_display="←→", show=True),
        Binding("right", "move(1)", "choose", show=False),
    ]
    DEFAULT_CSS = """
    Choice {
        width: 1fr;
        height: auto;
    }
    Choice:focus {
        background: $primary 18%;
    }
    """

    class Changed(Message):
        """Another word was chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, words: tuple[str, ...], value: str) -> None:
        super().__init__()
        self.words = words
        self.value = value

    def render(self) -> RenderResult:
        lines = []
        for words in self._lines(self.size.width):
            parts = []
            for word in words:
                chosen = word == self.value
                parts += [(word, "bold $primary underline" if chosen else "$foreground 65%"), (" " * GAP, "")]
            lines.append(Content.assemble(*parts[:-1]))
        return Content("\n").join(lines)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines(width))

    def _lines(self, width: int) -> list[list[str]]:
        """The words of each line."""
        lines: list[list[str]] = [[]]
        left = width
        for word in self.words:
            if lines[-1] and len(word) > left:
                lines.append([])
                left = width
            lines[-1].append(word)
            left -= len(word) + GAP
        return lines

    def choose(self, word: str) -> None:
        """Choose a word, and tell."""
        if word != self.value:
            self.value = word
            self.refresh()
            self.post_message(self.Changed(self))

    def action_move(self, step: int) -> None:
        self.choose(self.words[(self.words.index(self.value) + step) % len(self.words)])

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        lines, start = self._lines(self.size.width), 0
        for word in lines[min(offset.y, len(lines) - 1)]:
            if start <= offset.x < start + len(word) + GAP:
                self.choose(word)
                return
            start += len(word) + GAP


class SettingRow(Horizontal):
    """One setting of the form."""

    DEFAULT_CSS = """
    SettingRow {
        height: auto;
    }
    SettingRow > .label {
        width: 23;
        color: $foreground 80%;
    }
    SettingRow > Input {
        width: 20;
        height: 1;
        padding: 0;
        background: $foreground 8%;
    }
    SettingRow > Input:focus {
        background: $primary 18%;
    }
    SettingRow > .note {
        width: 1fr;
        height: auto;
        padding: 0 1;
        color: $foreground 65%;
    }
    SettingRow > .note.problem {
        color: $text-error;
    }
    SettingRow > .changed {
        color: $text-warning;
    }
    """

    def __init__(self, setting: Setting, value: str) -> None:
        super().__init__(id=f"row-{setting.name}")
        self.setting = setting
        self.control: Choice | Input = (
            Choice(choices, value)
            if (choices := setting.shown or setting.choices)
            else Input(value, compact=True, select_on_focus=False)
        )
        self._note = ("", "")

    def compose(self) -> ComposeResult:
        yield Static(self.setting.label, classes="label", markup=False)
        yield self.control
        note = Static(classes="note", markup=False)
        note.display = False
        yield note

    @property
    def value(self) -> str:
        """What is chosen or typed."""
        return self.control.value

    @value.setter
    def value(self, value: str) -> None:
        if isinstance(self.control, Choice):
            self.control.choose(value)
        else:
            self.control.value = value
            self.control.cursor_position = len(value)

    def show(self, problem: str, recipe: str) -> None:
        """What is wrong; else the recipe's value where another is set; else what may be typed.

        Choices have no room for notes: the colour of the label says that they are changed.

        Args:
            problem: A sentence, or "".
            recipe: The value of the recipe.
        """
        changed = self.value.strip() != recipe
        self.query_one(".label").set_class(changed, "changed")
        if problem:
            note = (problem, "problem")
        elif changed and not self.setting.choices:
            note = (f"changed, was {recipe}" if recipe else "changed", "changed")
        else:
            note = ("" if isinstance(self.control, Choice) else self.setting.hint, "")
        if note != self._note:
            self._note = note
            beside = self.query_one(".note", Static)
            beside.set_classes("note " + note[1])
            beside.update(note[0])
            beside.display = bool(note[0])
