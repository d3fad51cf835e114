"""A lesson: five stages on one bench."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Footer, Input

from lessons.catalogue import load
from lessons.lesson import Lesson
from models.experiment import Experiment
from toystory.bench import Bench
from toystory.screens.inside import Bits, InsideStage
from toystory.screens.predict import PredictStage
from toystory.screens.settings import SettingsScreen
from toystory.screens.stage import Stage
from toystory.screens.story import StoryStage
from toystory.screens.train import COLORS, TrainStage
from toystory.screens.turn import TurnStage
from toystory.widgets.header import Header
from toystory.widgets.tabs import Tabs
from toystory.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from toystory.app import ToystoryApp

TICK = 0.1
STAGES = (("Story", "s"), ("Predict", "p"), ("Train", "t"), ("Look inside", "l"), ("Your turn", "u"))


class LessonScreen(Screen[None]):
    """Only the stage that is shown is kept up to date. Leaving ends whatever trains."""

    CSS_PATH = "lesson.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(key, f"stage({index})", name, show=False, id=f"lesson.{key}", tooltip=name)
            for index, (name, key) in enumerate(STAGES)
        ),
        Binding(
            "right,tab",
            "turn(1)",
            "next stage",
            show=False,
            key_display="→ tab",
            id="lesson.next",
            tooltip="next stage",
        ),
        Binding(
            "left,shift+tab",
            "turn(-1)",
            "stage before",
            show=False,
            key_display="← shift+tab",
            id="lesson.before",
            tooltip="stage before",
        ),
        Binding(
            "O",
            "settings",
            "options",
            show=False,
            id="lesson.settings",
            tooltip="options: the same with other settings, in a form (in Train and Look inside)",
        ),
        Binding(
            "escape,backspace,b",
            "leave",
            "back",
            key_display="esc",
            id="lesson.leave",
            tooltip="back to the chapters (also backspace, and b); training stops",
        ),
    ]

    NAMES: ClassVar[tuple[tuple[str, str], ...]] = STAGES
    """Of the stages, with their keys."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name_of_lesson = name

    def load_lesson(self) -> Lesson:
        """What is taught here."""
        return load(self._name_of_lesson)

    def make_stages(self) -> tuple[Stage, ...]:
        """Its stages, as many as there are names."""
        bits = Bits()
        return (
            StoryStage(self.bench),
            PredictStage(self.bench),
            TrainStage(self.bench, bits),
            InsideStage(self.bench, bits),
            TurnStage(self.bench),
        )

    def compose(self) -> ComposeResult:
        lesson = self.load_lesson()
        learner = cast("ToystoryApp", self.app).learner
        self.bench = Bench(lesson, learner.open(lesson))
        self.stages = self.make_stages()
        for index, stage in enumerate(self.stages):
            stage.id = f"stage-{index}"
            stage.title = self.NAMES[index][0]
        number = f"{lesson.chapter.number}  " if lesson.chapter.number else ""
        yield Header(f"{number}{lesson.chapter.title}")
        yield Tabs(self.NAMES)
        with Vertical(id="body"), ContentSwitcher(initial="stage-0"):
            yield from self.stages
        yield TooSmall()
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(TICK, self._tick)
        self._tick()
        self.stage.home().focus()

    def on_unmount(self) -> None:
        self.bench.close()

    @property
    def stage(self) -> Stage:
        """The one that is shown."""
        return self.stages[self.query_one(Tabs).active]

    def action_stage(self, index: int) -> None:
        self.query_one(Tabs).active = index
        self.query_one(ContentSwitcher).current = f"stage-{index}"
        self.stage.home().focus()
        self.stage.tick()
        self.refresh_bindings()

    def action_turn(self, step: int) -> None:
        self.action_stage((self.query_one(Tabs).active + step) % len(self.stages))

    def action_leave(self) -> None:
        if isinstance(self.focused, Input):
            self.stage.home().focus()
            return
        self.bench.close()
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "settings" or (self.is_mounted and isinstance(self.stage, TrainStage | InsideStage))

    def action_settings(self) -> None:
        self.app.push_screen(self.settings_form(), self.take_settings)

    def settings_form(self) -> SettingsScreen:
        """To change the settings of what is looked at."""
        return SettingsScreen(self.bench.settings, self.bench.recipe)

    def take_settings(self, experiment: Experiment | None) -> None:
        """Train with the settings of the form."""
        if experiment is not None:
            self.bench.try_settings(experiment)
            self.action_stage(next(i for i, s in enumerate(self.stages) if isinstance(s, TrainStage)))

    def on_tabs_selected(self, event: Tabs.Selected) -> None:
        self.action_stage(event.index)

    def copy_text(self) -> str:
        """What the stage shows, as plain text."""
        return self.stage.copy_text()

    def _tick(self) -> None:
        self.bench.look()
        if self.app.screen is self:
            self.stage.tick()
        self.query_one(Header).show_state(*self._state())

    def _state(self) -> tuple[str, str]:
        """What the header says on the right."""
        session = self.bench.running or self.bench.session
        run = session.run
        if session.state == "ready":
            return ("✓ holds", "$text-success") if self.bench.record.holds else ("", "")
        if session.state in ("running", "paused") and run:
            count = f"{run.updates:,} of {session.experiment.updates:,}"
            text = f"{'●' if session.state == 'running' else '‖'} {session.state} {count}"
        elif session.state == "finished" and self.bench.record.holds:
            return "✓ holds", "$text-success"
        else:
            text = session.state
        return text, COLORS[session.state]
