"""A lesson: five stages that share one state."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from contextlib import suppress
from contextvars import Context
from typing import ClassVar

from textual._styles_cache import StylesCache
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Input, TextArea

from toystory.base.runtime import collect_garbage
from toystory.course.catalogue import load
from toystory.course.chapter import Chapter
from toystory.course.exercises.exercise import exercises_of
from toystory.course.lesson import Lesson
from toystory.training.experiment import Experiment
from toystory.training.share import SHARE
from toystory.tui.navigation import navigation
from toystory.tui.screens.breakpoints import apply_breakpoints
from toystory.tui.screens.dialogs.chapter_end import ChapterEnd
from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.screens.dialogs.settings import SettingsScreen
from toystory.tui.screens.lesson.exercises import ExerciseStage
from toystory.tui.screens.lesson.inside import Bits, InsideStage
from toystory.tui.screens.lesson.predict import PredictStage
from toystory.tui.screens.lesson.status_text import COLORS
from toystory.tui.screens.lesson.story import StoryStage
from toystory.tui.screens.lesson.train import TrainStage
from toystory.tui.screens.maximise import MAXIMISE, Maximizable
from toystory.tui.screens.stage import Stage
from toystory.tui.settings_form import fields_of
from toystory.tui.state.health_history import HealthHistory
from toystory.tui.state.lesson_state import LessonState
from toystory.tui.state.next_step import Step, next_step, run_of, steps
from toystory.tui.widgets.deferred import focus_again, focus_now
from toystory.tui.widgets.footer import Footer
from toystory.tui.widgets.header import Header
from toystory.tui.widgets.next_step import NextStep
from toystory.tui.widgets.tabs import Tabs
from toystory.tui.widgets.too_small import TooSmall

TICK = 0.1
STILL, SELDOM = 10, 1.0
"""After so many ticks at which nothing moved: one in so many seconds, until a key or the mouse is used."""
COLLECT_AFTER = 1.0
"""Seconds after which a lesson that was left is taken out of memory: its parts hold each other."""
HEADER_INTERVAL = 0.5
"""Seconds between two drawings of the header while it trains."""
HEALTH_INTERVAL = 1.0
"""Seconds between two looks at the health of a model that trains."""
NO_NEXT_STEP = "no next step"
"""Noted of the app where the learner has put that line away."""
STAGES = (("Story", "s"), ("Predict", "p"), ("Train", "t"), ("Look inside", "l"), ("Your turn", "u"))


class StagesScreen(Maximizable):
    """Only the stage that is shown is kept up to date. Leaving pauses whatever trains."""

    CSS_PATH = "lesson.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right,tab",
            "next_stage(1)",
            "next stage",
            show=False,
            key_display="→ tab",
            id="lesson.next",
            tooltip="next stage",
        ),
        Binding(
            "left,shift+tab",
            "next_stage(-1)",
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
            "E",
            "export_model",
            "take along",
            show=False,
            id="lesson.export",
            tooltip="the model of now as a file: ours, PyTorch, Keras, ONNX … (in Train and Look inside)",
        ),
        Binding(
            "F",
            "framework",
            "PyTorch",
            show=False,
            id="lesson.framework",
            tooltip="this training run written in PyTorch, or JAX",
        ),
        Binding("T", "table", "table", id="lesson.table", tooltip="the result table, live"),
        Binding(
            "number_sign",
            "real_numbers",
            "real numbers",
            show=False,
            key_display="#",
            id="lesson.real_numbers",
            tooltip="something a network is good at: moons, spirals, or a table of yours",
        ),
        MAXIMISE,
        Binding(
            "escape,backspace,b",
            "leave",
            "back",
            key_display="esc",
            id="lesson.leave",
            tooltip="back to the chapters (also backspace, and b); what trains is paused",
        ),
    ]

    NAMES: ClassVar[tuple[tuple[str, str], ...]]
    """Of the stages, with their keys."""

    def __init__(self) -> None:
        super().__init__()
        self.health = HealthHistory()
        self._header_at, self._header_of = -math.inf, ""
        self._still = 0
        self._ticked_at = self._watched_at = 0.0
        self._moved: object = None
        self._ticking: Timer | None = None
        self._rests = False
        """Whether that of the stage that is shown does."""
        self._opening = asyncio.Lock()

    def load_lesson(self) -> Lesson:
        """What is taught here."""
        raise NotImplementedError

    def make_stages(self) -> tuple[Stage, ...]:
        """Its stages, as many as there are names."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        apply_breakpoints(self)
        lesson = self.load_lesson()
        learner = navigation(self).learner
        self.lesson_state = LessonState(lesson, learner.open(lesson))
        self.stages = self.make_stages()
        for index, stage in enumerate(self.stages):
            stage.id = f"stage-{index}"
            stage.title = self.NAMES[index][0]
        number = f"{lesson.chapter.number}  " if lesson.chapter.number else ""
        yield Header(f"{number}{lesson.chapter.title}")
        yield Tabs(self.NAMES)
        yield Vertical(ContentSwitcher(), id="body")
        yield TooSmall()
        yield Footer()

    async def on_mount(self) -> None:
        self._ticking = self.set_interval(TICK, self._tick)
        self.set_interval(SELDOM, self._tick_at_rest)
        self.set_interval(HEALTH_INTERVAL, self._watch_health)
        names = [name for name, _ in self.NAMES]
        # In the sandbox one is always about to train.
        known = self.lesson_state.lesson.chapter.number and self.lesson_state.stage in names
        await self.action_stage(names.index(self.lesson_state.stage) if known else 0)
        # Its exercises stand in a module each: those are read while the learner reads the story.
        reading = threading.Thread(target=_read_exercises, args=(self.lesson_state.lesson.name,), daemon=True)
        self.call_after_refresh(reading.start)

    def on_resize(self) -> None:
        if self.stage.is_attached:
            focus_again(self, lambda: self.maximized or self.stage.focus_target())

    def on_unmount(self) -> None:
        self.lesson_state.close()
        # Textual remembers colours by a widget's cache of lines, and keeps the lines of all that is gone.
        StylesCache.get_inner_outer.cache_clear()
        # The garbage collector looks at what has lived for long but seldom. No timer of Textual's calls it:
        # that would hold this screen, in which it was set.
        asyncio.get_running_loop().call_later(COLLECT_AFTER, collect_garbage, context=Context())

    @property
    def stage(self) -> Stage:
        """The one that is shown."""
        return self.stages[self.query_one(Tabs).active]

    async def action_stage(self, index: int) -> None:
        if not self.is_attached:  # the app is about to end
            return
        self.minimize()
        switcher, stage = self.query_one(ContentSwitcher), self.stages[index]
        # A key and a click are answered side by side: one waits until the other's stage has its widgets.
        async with self._opening:
            if switcher.is_attached and not stage.is_attached:  # it is first opened
                await switcher.add_content(stage)
        if not stage.is_attached:  # the lesson was left meanwhile
            return
        self.query_one(Tabs).active = index
        switcher.current = f"stage-{index}"
        self.lesson_state.stage, self._rests = stage.title, stage.rests
        self.lesson_state.record.mark(self.stage.title)
        focus_now(self.stage.focus_target())
        self.stage.tick()
        self.refresh_bindings()

    async def action_next_stage(self, step: int) -> None:
        await self.action_stage((self.query_one(Tabs).active + step) % len(self.stages))

    @property
    def panels(self) -> list[Widget]:
        return self.stage.panels

    def panels_changed(self, before: Widget | None, after: Widget | None) -> None:
        # The stage itself is not on the screen now, and its keys shall work all the same.
        if before is not None:
            before.can_focus = False
        if after is not None:
            after.can_focus = True
        focus_now(after or self.stage.focus_target())
        self.stage.tick()

    def action_leave(self) -> None:
        if self.maximized is not None:
            self.minimize()
            return
        if isinstance(self.focused, Input):
            focus_now(self.stage.focus_target())
            self.stage.field_left()
            return
        was_running = self.lesson_state.running is not None
        self.lesson_state.close()
        navigation(self).learner.place = None
        if was_running and (stands := self.lesson_state.record.paused):
            self.app.notify(f"{stands}. It goes on from there: space.", timeout=6, markup=False)
        self.dismiss()

    @property
    def has_table(self) -> bool:
        """Whether the lesson ends in a table."""
        return self.is_mounted and self.lesson_state.lesson.table is not None

    def action_table(self) -> None:
        from toystory.tui.screens.comparison.table import TableScreen

        self.app.push_screen(TableScreen(self.lesson_state))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "table":
            return self.has_table
        if action == "real_numbers":
            return self.is_mounted and self.lesson_state.has_real_numbers
        if action not in ("settings", "export_model"):
            return True
        return self.is_mounted and isinstance(self.stage, TrainStage | InsideStage)

    def action_real_numbers(self) -> None:
        navigation(self).open_real_numbers()

    def action_framework(self) -> None:
        from toystory.tui.screens.inspection.framework import FrameworkScreen

        self.app.push_screen(FrameworkScreen(self.lesson_state.lesson, self.lesson_state.settings))

    def action_export_model(self) -> None:
        from toystory.tui.screens.dialogs.export_model import ExportModelScreen

        self.app.push_screen(ExportModelScreen(self.lesson_state.study.name), self._export_model)

    def _export_model(self, form: str | None) -> None:
        """Write the model of now in a form; None: not at all."""
        if form is None:
            return
        from toystory.tui.saved_models import take_along

        take_along(self.app, self.lesson_state.model_of_now(), form, self.lesson_state.lesson.name)

    def action_settings(self) -> None:
        self.app.push_screen(self.settings_form(), self.take_settings)

    def settings_form(self) -> SettingsScreen:
        """To change the settings of what is looked at."""
        state = self.lesson_state
        return SettingsScreen(state.settings, state.recipe, few=fields_of(state.lesson))

    async def take_settings(self, experiment: Experiment | None) -> None:
        """Train with the settings of the form."""
        if experiment is not None:
            self.lesson_state.run_custom(experiment)
            await self.action_stage(next(i for i, s in enumerate(self.stages) if isinstance(s, TrainStage)))

    async def on_tabs_selected(self, event: Tabs.Selected) -> None:
        await self.action_stage(event.index)

    def copy_text(self) -> str:
        """What the stage shows, as plain text."""
        return self.stage.copy_text()

    def show_next_step(self) -> None:
        """Tell what comes next, where there is a line for that."""

    def wake(self) -> None:
        self._still = 0
        if self._ticking is not None:
            self._ticking.resume()

    def _tick_at_rest(self) -> None:
        """What a file or another thread has changed is seen too, if a second later."""
        if self._still > STILL:
            self._tick()

    def _tick(self) -> None:
        if self._ticking is not None:
            (self._ticking.pause if self._is_still() else self._ticking.resume)()
        if (now := time.monotonic()) - self._ticked_at < SHARE.tick:  # others train beside this one
            return
        self._ticked_at = now
        self.lesson_state.poll()
        if self.app.screen is not self or not self.stage.is_attached:
            return
        drawn = self.stage.tick()
        if not drawn:
            self.show_next_step()
        state, now = (self.lesson_state.running or self.lesson_state.session).state, time.monotonic()
        if state != self._header_of or (not drawn and now - self._header_at >= HEADER_INTERVAL):
            self._header_of, self._header_at = state, now
            self.query_one(Header).show_state(*self._state())

    def _is_still(self) -> bool:
        """Whether nothing has moved for a while: what a key does is shown at once, without a tick."""
        session = self.lesson_state.session
        if not self._rests or session.state == "running" or self.lesson_state.running:
            self._still = 0
            return False
        run, stage = session.run, self.lesson_state.stage
        at = (session, session.state, session.snapshot, run and run.updates, stage, self.app.theme)
        self._still = self._still + 1 if at == self._moved else 0
        self._moved = at
        return self._still > STILL

    def _watch_health(self) -> None:
        """Its course shall begin with the run, and have no gap while another stage is shown."""
        if (now := time.monotonic()) - self._watched_at < SHARE.tick:
            return
        self._watched_at = now
        session = self.lesson_state.session
        if session.state == "running":
            self.health.look(session)
            session.request_snapshot()

    def _state(self) -> tuple[str, str]:
        """What the header says on the right."""
        session = self.lesson_state.running or self.lesson_state.session
        run = session.run
        if session.state == "ready":
            return ("✓ done", "$text-success") if self.lesson_state.record.holds else ("", "")
        if session.state in ("running", "paused") and run:
            count = f"{run.updates:,} of {session.experiment.updates:,}"
            text = f"{'●' if session.state == 'running' else '‖'} {session.state} {count}"
        elif session.state == "finished" and self.lesson_state.record.holds:
            return "✓ done", "$text-success"
        else:
            text = session.state
        return text, COLORS[session.state]


class LessonScreen(StagesScreen):
    """The five stages of a lesson of the course, and a line that leads from one to the next."""

    NAMES = STAGES
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(key, f"stage({index})", name, show=False, id=f"lesson.{key}", tooltip=name)
            for index, (name, key) in enumerate(STAGES)
        ),
        Binding("D", "follow", "what next", show=False, id="lesson.follow", tooltip="the next sensible step"),
        Binding(
            "ctrl+n",
            "toggle_next",
            "next step",
            show=False,
            key_display="^n",
            id="lesson.hide_next",
            tooltip="the line that names the next step: away, and back",
        ),
    ]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._lesson_name = name

    def load_lesson(self) -> Lesson:
        return load(self._lesson_name)

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield NextStep()

    async def on_mount(self) -> None:  # Textual calls that of the class above, too
        self.query_one(NextStep).display = NO_NEXT_STEP not in navigation(self).learner.record("").marks

    @property
    def following(self) -> Chapter | None:
        """The chapter after this one."""
        chapters = navigation(self).learner.chapters
        place = [chapter.name for chapter in chapters].index(self._lesson_name)
        return chapters[place + 1] if place + 1 < len(chapters) else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is done here, one after another."""
        due = [due for due in navigation(self).learner.due if due.lesson != self._lesson_name]
        return steps(self.lesson_state, self.following, len(due))

    def show_next_step(self) -> None:
        """Tell anew what comes next."""
        line = self.query_one(NextStep)
        if line.display:
            line.show(self.steps, self._form)

    @property
    def _form(self) -> str:
        """What is open wants this first; "" where the key of the next step is heard."""
        if isinstance(over := self.app.screen, Dialog):
            return over.wants
        if isinstance(self.focused, TextArea):  # there every letter is typed
            return f"esc, then D: {next_step(self.steps).text}"
        return self.stage.form or ("type, then enter" if isinstance(self.focused, Input) else "")

    def on_screen_suspend(self) -> None:
        if isinstance(self.app.screen, Dialog):
            self.show_next_step()

    def on_screen_resume(self) -> None:
        if self.stage.is_attached:
            self.show_next_step()

    def action_toggle_next(self) -> None:
        line = self.query_one(NextStep)
        line.display = not line.display
        navigation(self).learner.record("").mark(NO_NEXT_STEP, not line.display)
        if not line.display:
            self.notify("Put away; ctrl+n brings it back.", timeout=4)
        self.show_next_step()

    async def on_next_step_asked(self) -> None:
        await self.action_follow()

    async def action_follow(self) -> None:
        """Go where the next step is done. Whatever runs goes on."""
        state = self.lesson_state
        step = next_step(self.steps)
        there = self.stage.title == step.stage
        titles = [title for title, _ in self.NAMES]
        if step.name == "story" and there:  # it is read
            await self.action_stage(titles.index("Predict"))
        elif step.stage:
            await self.action_stage(titles.index(step.stage))
        if step.name == "run":
            self._follow_to_run(there)
        elif step.name == "recall" and there and isinstance(self.stage, PredictStage):
            self.stage.follow()
        elif step.name == "rest" and there and state.running is None and isinstance(self.stage, TrainStage):
            self.stage.action_start_all()
        elif step.name == "idea" and state.running is None and isinstance(self.stage, TrainStage):
            self.stage.action_suggestions()
        elif step.name == "review":
            await self.run_action("app.review")
        elif step.name == "on":
            self.app.push_screen(ChapterEnd(state.lesson, self.following), self._go_on)

    def _go_on(self, on: bool | None) -> None:
        """Leave for the chapter after this one, or for the page of chapters after the last."""
        if on:
            self.action_leave()
            if self.following is not None:
                navigation(self).open_lesson(self.following.name)

    def _follow_to_run(self, there: bool) -> None:
        """Look at the experiment to be run; start it where it is looked at already."""
        state = self.lesson_state
        name = run_of(state)
        if name is None or state.running is not None or not isinstance(self.stage, TrainStage):
            return
        if there and state.study.name == name:
            self.stage.action_start_or_pause()
        else:
            state.choose([study.name for study in state.studies].index(name))
            self.stage.show_now()

    def make_stages(self) -> tuple[Stage, ...]:
        bits = Bits()
        return (
            StoryStage(self.lesson_state),
            PredictStage(self.lesson_state),
            TrainStage(self.lesson_state, bits),
            InsideStage(self.lesson_state, bits, self.health),
            ExerciseStage(self.lesson_state),
        )


def _read_exercises(lesson: str) -> None:
    with suppress(Exception):  # told where they are needed
        exercises_of(lesson)
