"""A form for an experiment on rows of real numbers: a made task, or the path of a CSV file."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Label
from textual.worker import get_current_worker

from toystory.base.argument_types import names_list, number, whole_number, whole_number_list
from toystory.base.served import is_served
from toystory.training.settings import OPTIMIZER_NAMES, Setting
from toystory.training.tabular.csv_reader import BadTable
from toystory.training.tabular.dataset import Dataset
from toystory.training.tabular.experiment import TabularExperiment
from toystory.training.tabular.tasks import TASKS
from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.screens.dialogs.setting_row import Choice, SettingRow
from toystory.tui.widgets.deferred import focus_now

ROWS_AROUND = 8
"""Lines of the dialog that are no settings."""
NONE = {"hidden": "none", "patience": "never", "noise": "its own", "rows": "its own"}
"""The word that stands for None, or for an empty list."""
IN_THE_FORM = {
    "say with --label which": "say under 'column of classes' which",
    " for --label": "",
    "leave such rows out with --drop-missing": "take such rows out",
    "out with --without ": "out under 'columns left out': ",
}
"""What is said of a table names options of the command line; here they are fields."""
FIELDS = (
    Setting("data", "task, or CSV file", str, f"{', '.join(TASKS)}, or a path"),
    Setting("label", "column of classes", str, "of a CSV file: its name"),
    Setting("without", "columns left out", names_list, "of a CSV file: a, b"),
    Setting("rows", "how many rows", whole_number, "of a task"),
    Setting("noise", "noise", number, "of a task: a number, or: its own"),
    Setting("hidden", "hidden units", whole_number_list, "such as 32 or 64,32; or: none"),
    Setting("dropout", "dropout", number, "share left out, 0 to below 1"),
    Setting("weight_decay", "weight decay", number, "zero or above, such as 0.001"),
    Setting("optimizer", "optimiser", choices=OPTIMIZER_NAMES),
    Setting("learning_rate", "learning rate", number, "above zero"),
    Setting("batch", "batch size", whole_number, "rows an update"),
    Setting("updates", "updates at most", whole_number, "a number"),
    Setting("patience", "stop early after", whole_number, "so many without progress; or: never"),
    Setting("seed", "seed", whole_number, "any whole number"),
)


def texts_of(experiment: TabularExperiment) -> dict[str, str]:
    """Every setting as it would be typed."""
    return {field.name: _text(field.name, getattr(experiment, field.name)) for field in FIELDS}


def read(texts: dict[str, str], base: TabularExperiment) -> TabularExperiment:
    """The experiment that the texts ask for.

    Args:
        texts: By the names of the fields.
        base: Has what the form does not ask.

    Raises:
        ValueError: They make none; the message says why, in one sentence.
    """
    values: dict[str, Any] = {}
    made = texts["data"].strip() in TASKS
    for field in FIELDS:
        text = texts[field.name].strip()
        try:
            values[field.name] = _value(field, text)
        except ArgumentTypeError as error:
            raise ValueError(f"{field.label}: {error}") from error
    values["data"] = os.path.expanduser(values["data"])  # a shell would have done so
    unused = {"label": None, "without": ()} if made else {"rows": None, "noise": None}
    name = values["data"] if values["hidden"] else f"{values['data']}, straight lines only"
    return replace(base, **values | unused, drop_missing=False, name=f"yours: {name}")


def in_the_form(sentence: str) -> str:
    """What is wrong with a table, in the words of the form."""
    for option, field in IN_THE_FORM.items():
        sentence = sentence.replace(option, field)
    if is_served() and sentence.startswith("there is no file"):
        sentence += ". Paths are those of the computer that this page comes from, not of yours."
    return sentence


def _value(field: Setting, text: str) -> Any:
    if text == NONE.get(field.name):
        return () if field.name == "hidden" else None
    if field.name == "label":
        return text or None
    if not text and field.name != "without":
        raise ArgumentTypeError(f"nothing is typed here: {field.hint}")
    return field.read(text)


def _text(name: str, value: Any) -> str:
    if value is None or value == ():
        return NONE.get(name, "")
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


Made = tuple[TabularExperiment, Dataset | None]
"""An experiment, and its rows where they were read from a file."""


class _Cancelled(Exception):
    """Nobody waits for the rest."""


class RealNumbersForm(Dialog[Made | None]):
    """Answers with the experiment that was made, or None. A CSV file is read before that, in a thread."""

    CSS_PATH = "../dialogs/settings.tcss"
    DEFAULT_CSS = """
    RealNumbersForm {
        align: center middle;
        background: $background 60%;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "start", id="numbers.form_start", priority=True),
        Binding("up", "move(-1)", "field before", show=False, priority=True),
        Binding("down", "move(1)", "next field", show=False, priority=True),
        Binding("escape", "dismiss(None)", "leave", id="numbers.form_leave"),
    ]

    @dataclass
    class Read(Message):
        """The file of an experiment was read, or could not be: then `problem` says why."""

        texts: dict[str, str]
        experiment: TabularExperiment
        data: Dataset | None = None
        problem: str = ""

    def __init__(self, experiment: TabularExperiment) -> None:
        super().__init__()
        self._first = experiment
        self._reading: dict[str, str] | None = None
        """What is typed for the file that is being read."""
        self._refused: tuple[dict[str, str], str] | None = None
        """What was to be started and is wrong, and why."""

    def compose(self) -> ComposeResult:
        texts = texts_of(self._first)
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content("Rows of real numbers")
            dialog.border_subtitle = Content("↑↓ move  ←→ choose  enter start  esc leave")
            with VerticalScroll(id="rows", can_focus=False):
                for field in FIELDS:
                    yield SettingRow(field, texts[field.name])
            yield Label(id="hint", markup=False)
            with Horizontal(id="buttons"):
                yield Button("start", id="start", compact=True, variant="primary")
                yield Button("leave", id="leave", compact=True)

    def on_mount(self) -> None:
        self._check()
        focus_now(self._controls()[0])

    def on_resize(self) -> None:
        self.query_one("#rows").styles.max_height = max(self.size.height - ROWS_AROUND, 3)

    def action_start(self) -> None:
        """Start; on the other button, press that."""
        if isinstance(self.focused, Button) and self.focused.id != "start":
            self.focused.press()
        elif isinstance(self.focused, Input):
            # It shall have the whole text first, however quickly that was typed or pasted.
            self.focused.call_later(self._start)
        else:
            self._start()

    def _start(self) -> None:
        texts = self._texts
        if texts == self._reading:
            return
        try:
            experiment = read(texts, self._first)
        except ValueError as error:
            self._refuse(texts, str(error))
            return
        if experiment.made:
            self.dismiss((experiment, None))
            return
        self._reading = texts
        self._check()
        self._load(texts, experiment)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _load(self, texts: dict[str, str], experiment: TabularExperiment) -> None:
        """Read the file; leaving the form or typing something else ends it."""
        worker = get_current_worker()

        def interrupt() -> None:
            if worker.is_cancelled:
                raise _Cancelled

        try:
            self.post_message(self.Read(texts, experiment, experiment.load_data(interrupt)))
        except _Cancelled:
            return
        except BadTable as error:
            self.post_message(self.Read(texts, experiment, problem=str(error)))
        except Exception as error:  # a disk may fail in ways of its own
            self.post_message(self.Read(texts, experiment, problem=f"{type(error).__name__}: {error}"))

    @on(Read)
    def _has_read(self, event: Read) -> None:
        if event.texts != self._reading:
            return
        self._reading = None
        if event.problem:
            self._refuse(event.texts, event.problem)
        else:
            self.dismiss((event.experiment, event.data))

    def _refuse(self, texts: dict[str, str], problem: str) -> None:
        self._refused = texts, in_the_form(problem)
        self._check()

    def action_move(self, step: int) -> None:
        controls = self._controls()
        at = next((i for i, widget in enumerate(controls) if widget is self.focused), 0)
        focus_now(controls[(at + step) % len(controls)])

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "start":
            self._start()
        else:
            self.dismiss(None)

    @on(Input.Changed)
    @on(Choice.Changed)
    def _check(self) -> None:
        """Say what is wrong with what is typed; of a file, only once it is asked for."""
        recipe = texts_of(self._first)
        for row in self.query(SettingRow):
            row.show("", recipe[row.setting.name])
        # After quick keys it is told of a change only when that was refused already.
        if self._refused is not None and self._refused[0] == self._texts:
            self._say(self._refused[1], wrong=True)
            return
        if self._reading is not None and self._reading == self._texts:
            self._say(f"reading {self._reading['data'].strip()} … (esc leaves)")
            return
        if self._reading is not None:
            self._reading = None
            self.workers.cancel_node(self)
        try:
            self._say(read(self._texts, self._first).describe())
        except ValueError as error:
            self._say(str(error), wrong=True)

    @property
    def _texts(self) -> dict[str, str]:
        return {row.setting.name: row.value for row in self.query(SettingRow)}

    def _controls(self) -> list[Widget]:
        return [*(row.control for row in self.query(SettingRow)), *self.query(Button)]

    def _say(self, sentence: str, wrong: bool = False) -> None:
        hint = self.query_one("#hint", Label)
        hint.set_class(wrong, "problem")
        hint.update(sentence)
