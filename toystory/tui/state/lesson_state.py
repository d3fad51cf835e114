"""The state of an open lesson: which study is chosen, the training of each, and what keys do to them."""

from __future__ import annotations

import math
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace

from toystory.course.lesson import Lesson
from toystory.course.suggestion import Suggestion
from toystory.models.model import Model
from toystory.progress.lesson_progress import LessonProgress
from toystory.progress.studies import CustomStudy
from toystory.training.background import OVER, BackgroundRun
from toystory.training.command_line import what_to_type
from toystory.training.experiment import Experiment
from toystory.training.run import Study, Sweep, compared_setting, experiments_of, value_text
from toystory.training.settings import SETTINGS
from toystory.tui.state.custom_experiments import (
    control_of,
    custom_experiment,
    nearest,
    same_settings,
    twenty_seeds,
)

ENDED = ("finished", "diverged")
"""States of a run that has a result to keep."""
FINISHED = "This run has come to its end and stays. r begins anew; r once more brings this one back."
SPEEDS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""Updates a second; faster than the last one is as fast as it goes."""
RATE_WINDOW = 2.0
"""Seconds over which updates a second are counted."""
CHECKPOINT_INTERVAL = 1.0
"""Seconds between two times that a session which is stepped is put down."""
RUNNING_CHECKPOINT_INTERVAL = 20.0
"""Seconds between two times that a running session is put down, for the case that it is killed."""


class LessonState:
    """One study is looked at; at most one session runs.

    Sessions stay where they are when another study is looked at, and pause.
    """

    def __init__(self, lesson: Lesson, record: LessonProgress) -> None:
        self.lesson = lesson
        self.record = record
        names = [study.name for study in self.studies]
        self.index = names.index(record.study) if record.study in names else 0
        self.stage = record.stage or ""
        """The title of the stage that is looked at."""
        self.speed: float | None = None
        self.all_in_turn = False
        """Whether the studies follow one another by themselves, whichever is looked at."""
        self._to_come: list[int] = []
        """Which of them are still to be started, by their indices."""
        self._put_back: dict[str, BackgroundRun] = {}
        """Finished sessions that another one has taken the place of, by the names of their studies."""
        self._recorded: set[BackgroundRun] = {s for s in record.sessions.values() if s.state in OVER}
        self._checkpointed: dict[BackgroundRun, tuple[float, object]] = {
            session: (-math.inf, session.checkpoint) for session in record.sessions.values()
        }
        """When each session was put down last, and what."""
        self._checkpoint_asked_at: dict[BackgroundRun, float] = {}
        """When each session was asked last for what to put down."""
        self._position_saved_at = time.monotonic()
        self._update_counts: deque[tuple[float, int]] = deque()
        self._counts_of: BackgroundRun | None = None

    @property
    def studies(self) -> tuple[Study, ...]:
        """The lesson's, and then the learner's own."""
        return (*self.lesson.studies, *(own.study for own in self.record.own))

    @property
    def has_real_numbers(self) -> bool:
        """Whether rows of real numbers are offered here: in the chapter of the MLP, and in the sandbox."""
        return self.lesson.chapter.name == "mlp" or self.lesson.chapter.number == 0

    @property
    def study(self) -> Study:
        """The one that is looked at."""
        return self.studies[self.index]

    @property
    def custom(self) -> CustomStudy | None:
        """The study that is looked at, if it is the learner's own."""
        place = self.index - len(self.lesson.studies)
        return self.record.own[place] if place >= 0 else None

    @property
    def settings(self) -> Experiment:
        """The experiment that is looked at, with the learning rate it has now."""
        experiment = self.session.experiment
        return replace(experiment, learning_rate=self.session.learning_rate)

    @property
    def recipe(self) -> Experiment:
        """The lesson's own experiment that is looked at, or that the learner's one came from."""
        return experiments_of(self._recipe)[0] if self.custom else self.session.experiment

    @property
    def command(self) -> str:
        """What to type so that the study that is looked at runs again, as far as it can."""
        session = self.session
        rates = list(session.rates)
        if session.altered:
            # What has not begun yet begins with the learning rate of now.
            rates += [{0: session.learning_rate}] * (len(session.experiments) - len(rates))
        return what_to_type(session.experiments, rates)

    @property
    def session(self) -> BackgroundRun:
        """The session of the study that is looked at; made when first asked for."""
        if self.study.name not in self.record.sessions:
            self._new_session()
        return self.record.sessions[self.study.name]

    def model_of_now(self) -> Model:
        """The model that is looked at, as it is: that of the last run, or the untrained one."""
        run, snapshot = self.session.run, self.session.snapshot
        if run is not None and run.finished:
            return run.model
        return snapshot.build_model() if snapshot else self.settings.build_model()

    @property
    def running(self) -> BackgroundRun | None:
        """The session that trains or measures now."""
        return next((s for s in self.record.sessions.values() if s.state in ("running", "measuring")), None)

    def choose(self, index: int) -> None:
        """Look at another study. What runs is paused, unless it is the one chosen, or all run in turn."""
        if self.all_in_turn:
            self.index = index % len(self.studies)
        else:
            self._select(index % len(self.studies))

    def start_or_pause(self) -> str:
        """Start, pause or go on. What has come to its end stays as it is.

        Returns:
            What to tell the learner instead; empty where it was done.
        """
        in_turn = self.running if self.all_in_turn else None
        self.all_in_turn = False
        if in_turn is not None:
            in_turn.pause()
            return ""
        if self.session.state in ENDED:
            return FINISHED
        if self.session.state in ("running", "measuring"):
            self.session.pause()
        else:
            self._start()
        return ""

    def step(self) -> str:
        """Make one update. What has come to its end stays as it is.

        Returns:
            What to tell the learner instead; empty where it was done.
        """
        self.all_in_turn = False
        if self.session.state in ENDED:
            return FINISHED
        if self.session.state in OVER:
            self._new_session(self._altered_rate())
        self.session.step()
        return ""

    def reset(self) -> None:
        """Back to the first weights and to the recipe as it stands; once more: back to the finished run."""
        self.all_in_turn = False
        name, session = self.study.name, self.session
        if session.state == "ready" and name in self._put_back:
            self.record.sessions[name] = self._put_back.pop(name)
            return
        if session.state in ENDED:
            self._put_back[name] = session
        session.stop()
        self._new_session()

    def start_all(self) -> str:
        """Run every study of the lesson that has not been finished, one after another.

        The one that is looked at comes first; what is looked at stays.

        Returns:
            What to tell the learner where none is left.
        """
        left = self._unfinished()
        if not left:
            return "All of them have run. r begins the one that is shown anew."
        if (running := self.running) is not None and running.study is not self.study:
            running.pause()
        self.all_in_turn = True
        self._to_come = [*(i for i in left if i == self.index), *(i for i in left if i != self.index)]
        self._start_next_in_turn()
        return ""

    def run_custom(self, experiment: Experiment) -> None:
        """Make a study of the learner's own of these settings, and start it.

        Settings that there are already are started as they are.
        """
        known = [i for i, s in enumerate(self.studies) if isinstance(s, Experiment)]
        same = [i for i in known if same_settings(experiments_of(self.studies[i])[0], experiment)]
        if same:
            self._start_anew(same[0])
            return
        self._add(custom_experiment(self._next_number, experiment, self.recipe), self._recipe)

    def run_suggestion(self, suggestion: Suggestion) -> None:
        """Make a suggestion a study of the learner's own, once, and start it."""
        for i, own in enumerate(self.record.own, start=len(self.lesson.studies)):
            if own.suggestion is suggestion or own.suggestion == suggestion:
                self._start_anew(i)
                return
        experiment = suggestion.experiment
        name = f"yours {self._next_number}: {experiment.name}"
        recipe = nearest(self.lesson.studies, experiment)
        self._add(replace(experiment, name=name), recipe, suggestion)

    def has_run(self, suggestion: Suggestion) -> bool:
        """Whether a suggestion has run to its end, as it is written down."""
        return any(
            (session := self.record.sessions.get(own.study.name)) is not None
            and not session.altered
            and session.state in ("finished", "diverged")
            for own in self.record.own
            if own.suggestion == suggestion
        )

    def run_seeds(self) -> None:
        """How many of twenty seeds solve what is looked at?"""
        experiment = replace(experiments_of(self.study)[0], learning_rate=self.session.learning_rate)
        if isinstance(self.study, Sweep):
            experiment = replace(experiment, name=self.study.name)
        self._add(twenty_seeds(self._next_number, experiment), self._recipe)

    def run_control(self) -> None:
        """Can the settings that are looked at learn to copy one bit?"""
        self._add(control_of(self._next_number, self.study, self.session.learning_rate), self._recipe)

    def back_to_recipe(self) -> None:
        """Look at the lesson's study that this one came from, with its own learning rate."""
        recipe = self._recipe
        self.choose(self.lesson.studies.index(recipe))
        if self.session.altered:
            self.reset()

    def faster(self) -> None:
        """The next speed up; beyond the last one as fast as it goes."""
        self._set_speed(next((s for s in SPEEDS if self.speed is not None and s > self.speed), None))

    def slower(self) -> None:
        """The next speed down from the set one, or from the one it has."""
        limit = self.speed or max(self.rate(), SPEEDS[0] + 1)
        self._set_speed(next((s for s in reversed(SPEEDS) if s < limit), SPEEDS[0]))

    def set_learning_rate(self, value: float) -> None:
        """From the next update on; on a study that is over, for the next run. Raises ValueError."""
        if not (math.isfinite(value) and value > 0):
            raise ValueError("a learning rate is a number above zero, such as 0.01 or 1e6")
        if self.session.state in ENDED:
            self._put_back[self.study.name] = self.session
        if self.session.state in OVER:
            self._new_session(value)
        else:
            self.session.learning_rate = value

    def rate(self) -> float:
        """Updates a second: of the last seconds while it runs, else over the whole run."""
        session, now = self.session, time.monotonic()
        run = session.run
        if run is None or session.state not in ("running", "measuring"):
            self._update_counts.clear()
            return run.updates / run.seconds if run and run.seconds else 0.0
        done = sum(r.updates for r in session.runs)
        if session is not self._counts_of:
            self._update_counts.clear()
            self._counts_of = session
        if not self._update_counts or now > self._update_counts[-1][0]:
            self._update_counts.append((now, done))
        while len(self._update_counts) > 2 and now - self._update_counts[0][0] > RATE_WINDOW:
            self._update_counts.popleft()
        (then, before), (at, after) = self._update_counts[0], self._update_counts[-1]
        return (after - before) / (at - then) if at > then else 0.0

    def poll(self) -> list[BackgroundRun]:
        """The sessions that ended since the last look.

        Their findings are kept, and the next study begun where all run in turn.
        """
        ended = [s for s in self.record.sessions.values() if s.state in OVER and s not in self._recorded]
        for session in ended:
            self._recorded.add(session)
            self.record.take_over(session)
            if session.state != "stopped":
                self.record.delete_paused(session)
        self._save_checkpoints()
        if self.all_in_turn and ended:
            self.all_in_turn = all(session.state == "finished" for session in ended) and bool(self._to_come)
            if self.all_in_turn:
                self._start_next_in_turn()
        return ended

    def _start_next_in_turn(self) -> None:
        """Start the next study without looking at it."""
        looked_at, self.index = self.index, self._to_come.pop(0)
        self._start()
        self.index = looked_at

    def close(self) -> None:
        """End every thread, and keep what was found; what was not over is paused then."""
        for session in self.record.sessions.values():
            if session.alive:
                session.stop_with_checkpoint()
        self.poll()
        self._save_checkpoints(at_once=True)
        for name, session in self.record.sessions.items():
            if session.state == "stopped" and session.checkpoint is not None:
                with suppress(ValueError):  # then it stays stopped
                    self.record.sessions[name] = self._resumed_session(session)

    def _save_checkpoints(self, at_once: bool = False) -> None:
        """Have kept what one would not like to lose.

        Where the learner is, and what is paused; now and then also what runs.
        """
        now = time.monotonic()
        for session in self.record.sessions.values():
            if session.state in OVER and session.state != "stopped":
                continue
            at, what = self._checkpointed.get(session, (-math.inf, None))
            new = session.checkpoint is not None and session.checkpoint is not what
            if new and (at_once or now - at >= CHECKPOINT_INTERVAL):
                self._checkpointed[session] = (now, session.checkpoint)
                self.record.save_paused(session)
            if (
                session.state == "running"
                and now - self._checkpoint_asked_at.setdefault(session, now) >= RUNNING_CHECKPOINT_INTERVAL
            ):
                self._checkpoint_asked_at[session] = now
                session.request_checkpoint()
        if at_once or now - self._position_saved_at >= CHECKPOINT_INTERVAL:
            self._position_saved_at = now
            self.record.be_at(self.stage, self.study.name)

    def _resumed_session(self, session: BackgroundRun) -> BackgroundRun:
        """A session that goes on where this one was put down."""
        again = self._session(session.study)
        again.token = session.token
        if session.checkpoint is not None:
            again.resume(session.checkpoint)
            self._checkpointed[again] = (time.monotonic(), session.checkpoint)
        return again

    def _unfinished(self) -> list[int]:
        return [i for i, s in enumerate(self.lesson.studies) if s.name not in self.record.finished]

    @property
    def _next_number(self) -> int:
        """Of the next study of the learner's own."""
        return len(self.record.own) + 1

    @property
    def _recipe(self) -> Study:
        """The lesson's study that is looked at, or that the learner's own one came from."""
        return self.lesson.study(self.custom.recipe) if self.custom else self.study

    def _add(self, study: Study, recipe: Study, suggestion: Suggestion | None = None) -> None:
        self.record.add_own(CustomStudy(study, recipe.name, suggestion))
        self._start_anew(len(self.studies) - 1)

    def _start_anew(self, index: int) -> None:
        """Look at it, and run it as it is written down, unless that has been done."""
        self.choose(index)
        if self.session.altered:
            self.reset()
        if self.session.state not in ENDED:
            self._start()

    def _select(self, index: int) -> None:
        running = self.running
        if running is not None and running.study is not self.studies[index]:
            running.pause()
        self.index = index

    def _start(self) -> None:
        if self.session.state in OVER:
            self._new_session(self._altered_rate())
        self.session.start()

    def _altered_rate(self) -> float | None:
        return self.session.learning_rate if self.session.altered else None

    def _new_session(self, learning_rate: float | None = None) -> None:
        if (before := self.record.sessions.get(self.study.name)) is not None:
            self.record.delete_paused(before)
        self.record.sessions[self.study.name] = self._session(self.study, learning_rate)

    def _session(self, study: Study, learning_rate: float | None = None) -> BackgroundRun:
        return BackgroundRun(
            study,
            self.lesson.claims,
            {name: runs for name, runs in self.record.finished.items() if name != study.name},
            learning_rate=learning_rate,
            speed=self.speed,
        )

    def _set_speed(self, speed: float | None) -> None:
        self.speed = speed
        for session in self.record.sessions.values():
            session.speed = speed


def marks(session: BackgroundRun) -> str:
    """A mark for each run of a sweep that is done: solved or not, or ! where it diverged."""
    return "".join(
        "!" if run.diverged else "✓" if run.solved else "✗" for run in session.runs if run.finished
    )


def seed_matters(experiment: Experiment) -> bool:
    """Whether another seed makes another run: not where neither first weights nor rows are drawn."""
    given = bool(experiment.given) and experiment.batch is None
    return not (given and experiment.model == "LogisticRegression")


def sweep_note(session: BackgroundRun) -> str:
    """Where a sweep stands.

    Which of its runs, and how many of those done were solved; when all are done, a mark for each. Empty for
    one run.
    """
    if not isinstance(session.study, Sweep):
        return ""
    if setting := compared_setting(session.experiments):
        if session.state in ("finished", "diverged"):
            return f"{len(session.runs)} runs that differ in one setting: {SETTINGS[setting].label}"
        at = f"run {max(len(session.runs), 1)} of {len(session.experiments)}"
        return f"{at}: {value_text(session.experiment, setting)}"
    done = marks(session)
    solved = done.count("✓")
    if session.state in ("finished", "diverged"):
        alike = "" if any(map(seed_matters, session.experiments)) else ": nothing is drawn, so all are alike"
        return f"{done}  {solved} of {len(done)} solved it{alike}"
    columns = {experiment.columns for experiment in session.experiments}
    what = "seed" if len(columns) == 1 else f"{session.experiment.columns} columns, run"
    return f"{what} {max(len(session.runs), 1)} of {len(session.experiments)}, solved so far: {solved}"
