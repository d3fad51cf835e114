"""The settings of an experiment, to change: a form that says at once what is wrong, and loses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from toystory.base.served import is_served
from toystory.training.experiment import Experiment
from toystory.tui.navigation import navigation
from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.screens.dialogs.setting_row import Choice, SettingRow
from toystory.tui.settings_form import FIELDS, Draft, Texts, applies, read, texts_of
from toystory.tui.widgets.deferred import focus_now

ALL_SETTINGS = "all settings"
"""Noted of the app where the learner has asked for more than those that a chapter is about."""
ROWS_AROUND = 8
"""Lines of the dialog that are no settings."""


class SettingsScreen(Dialog[Experiment | None]):
    """Answers with the experiment that was made, or None.

    recipe: what the settings are compared with, and go back to. others: for every model that may be chosen
    instead, the experiment it begins with; without them the model stays. few: the settings that are shown at
    first, beside those that are changed; none for all.
    """

    CSS_PATH = "settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "start", id="settings.start", priority=True),
        # Before the scrolling rows take them.
        Binding("up", "move(-1)", "field before", show=False, priority=True),
        Binding("down", "move(1)", "next field", show=False, priority=True),
        Binding("ctrl+r,f2", "recipe", "as in the recipe", id="settings.recipe"),
        Binding("f3", "more", "more", id="settings.more"),
        Binding("escape", "dismiss(None)", "leave", id="settings.leave"),
    ]

    def __init__(
        self,
        experiment: Experiment,
        recipe: Experiment | None = None,
        others: Mapping[str, Experiment] | None = None,
        title: str = "Your own settings",
        few: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self._few = few
        self._title = title
        self._first = experiment
        self._recipe = recipe or experiment
        self._others = dict(others or {})
        self._last = ""

    def compose(self) -> ComposeResult:
        texts = texts_of(self._first)
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content(self._title)
            recipe = "f2" if is_served() else "ctrl+r"  # which loads the page anew in a browser
            more = "  f3 more" if self._few else ""
            keys = f"↑↓ move  ←→ choose  enter start  {recipe} recipe{more}  esc leave"
            dialog.border_subtitle = Content(keys)
            with VerticalScroll(id="rows", can_focus=False):
                for setting in FIELDS:
                    yield SettingRow(setting, texts[setting.name])
            yield Label(id="hint", markup=False)
            with Horizontal(id="buttons"):
                yield Button("start", id="start", compact=True, variant="primary")
                yield Button("as in the recipe", id="recipe", compact=True)
                if self._few:
                    yield Button("more", id="more", compact=True)
                yield Button("leave", id="leave", compact=True)

    def on_mount(self) -> None:
        self._check()
        focus_now(self._shown()[0])

    def on_resize(self) -> None:
        # The rows scroll; title, hint, buttons and border always show.
        self.query_one("#rows").styles.max_height = max(self.size.height - ROWS_AROUND, 3)

    @property
    def texts(self) -> Texts:
        """What is typed and chosen now."""
        return {row.setting.name: row.value for row in self.query(SettingRow)}

    @property
    def draft(self) -> Draft:
        """What that makes."""
        return read(self.texts, self._base, self._last)

    def action_start(self) -> None:
        """Start; on one of the other buttons, press that."""
        if isinstance(self.focused, Button) and self.focused.id != "start":
            self.focused.press()
        elif isinstance(self.focused, Input):
            # It shall have the whole text first, however quickly that was typed or pasted.
            self.focused.call_later(self._start)
        else:
            self._start()

    def _start(self) -> None:
        draft = self.draft
        if draft.experiment is not None:
            self.dismiss(draft.experiment)
        else:
            focus_now(self._row(next(iter(draft.problems))).control)

    def action_recipe(self) -> None:
        """All as in the recipe."""
        self._fill(self._base if self._others else self._recipe)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._few) if action == "more" else True

    def action_more(self) -> None:
        """All settings, and back to those that the chapter is about; it is remembered."""
        navigation(self).learner.record("").mark(ALL_SETTINGS, not self._shows_all)
        self._check()
        if self.focused is None or not self.focused.region:
            focus_now(self._shown()[0])

    @property
    def _shows_all(self) -> bool:
        return not self._few or ALL_SETTINGS in navigation(self).learner.record("").marks

    def action_move(self, step: int) -> None:
        shown = self._shown()
        at = next((i for i, widget in enumerate(shown) if widget is self.focused), 0)
        focus_now(shown[(at + step) % len(shown)])

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "start":
                self._start()
            case "recipe":
                self.action_recipe()
            case "more":
                self.action_more()
            case "leave":
                self.dismiss(None)

    @on(Input.Changed)
    @on(Choice.Changed)
    def _changed(self, event: events.Event) -> None:
        control = event.choice if isinstance(event, Choice.Changed) else getattr(event, "input", None)
        row = next(row for row in self.query(SettingRow) if row.control is control)
        self._last = row.setting.name
        if self._last == "model" and row.value in self._others:
            self._fill(self._others[row.value])
        self._check()

    @property
    def _base(self) -> Experiment:
        """What the settings that do not apply are taken from."""
        return self._others.get(self._row("model").value, self._first)

    def _row(self, key: str) -> SettingRow:
        return self.query_one(f"#row-{key}", SettingRow)

    def _shown(self) -> list[Widget]:
        """What can be moved to, from top to bottom."""
        controls: list[Widget] = [row.control for row in self.query(SettingRow) if row.display]
        return [*controls, *self.query(Button)]

    def _fill(self, experiment: Experiment) -> None:
        texts = texts_of(experiment)
        for row in self.query(SettingRow):
            row.value = texts[row.setting.name]

    def _check(self) -> None:
        """Show what applies, and beside each field what is wrong with it."""
        texts, draft = self.texts, self.draft
        recipe = texts_of(self._base if self._others else self._recipe)
        for row in self.query(SettingRow):
            key = row.setting.name
            wanted = self._shows_all or key in self._few or row.control.has_focus
            wanted = wanted or row.value != recipe[key] or key in draft.problems
            row.display = wanted and applies(key, texts) and (key != "model" or bool(self._others))
            row.show(draft.problems.get(key, ""), recipe[key])
        for button in self.query("#more").results(Button):
            button.label = "fewer" if self._shows_all else "more"
        hint = self.query_one("#hint", Label)
        hint.set_class(draft.experiment is None, "problem")
        if draft.experiment is not None:
            hint.update(draft.experiment.describe())
        else:
            hint.update("start waits until this is mended: " + ", ".join(self._labels(draft.problems)))

    def _labels(self, keys: Iterable[str]) -> list[str]:
        return [self._row(key).setting.label for key in keys]
