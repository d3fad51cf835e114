"""The bench of a lesson: which study lies on it, the session of each, and what the keys do to them."""

from __future__ import annotations

import math
import time
from collections import deque

from lessons.lesson import Lesson
from lessons.run import Study, Sweep
from toystory.learner import Record
from toystory.session import OVER, Session

SPEEDS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""Updates a second; faster than the last one is as fast as it goes."""
RATE_OVER = 2.0
"""Seconds over which updates a second are counted."""


class Bench:
    """One study is looked at; at most one session runs. Sessions stay where they are when another study is
    looked at, and pause."""

    def __init__(self, lesson: Lesson, record: Record) -> None:
        self.lesson = lesson
        self.record = record
        self.index = 0
        self.speed: float | None = None
        self.all_in_turn = False
        """Whether the studies follow one another by themselves."""
        self._kept: set[Session] = {s for s in record.sessions.values() if s.state in OVER}
        self._seen: deque[tuple[float, int]] = deque()
        self._seen_of: Session | None = None

    @property
    def studies(self) -> tuple[Study, ...]:
        return self.lesson.studies

    @property
    def study(self) -> Study:
        """The one that is looked at."""
        return self.studies[self.index]

    @property
    def session(self) -> Session:
        """The session of the study that is looked at; made when first asked for."""
        if self.study.name not in self.record.sessions:
            self._renew()
        return self.record.sessions[self.study.name]

    @property
    def running(self) -> Session | None:
        """The session that trains or measures now."""
        return next((s for s in self.record.sessions.values() if s.state in ("running", "measuring")), None)

    def choose(self, index: int) -> None:
        """Look at another study. What runs is paused, unless it is the one chosen."""
        self.all_in_turn = False
        self._turn_to(index % len(self.studies))

    def start_or_pause(self) -> None:
        """Start, pause or go on; begin anew what is over."""
        self.all_in_turn = False
        if self.session.state in ("running", "measuring"):
            self.session.pause()
        else:
            self._start()

    def step(self) -> None:
        """Pull once; begin anew what is over."""
        self.all_in_turn = False
        if self.session.state in OVER:
            self._renew(self._rate_kept())
        self.session.step()

    def reset(self) -> None:
        """Back to the first weights and to the recipe as it stands."""
        self.all_in_turn = False
        self.session.stop()
        self._renew()

    def start_all(self) -> None:
        """Run every study that has not been finished, one after another; all of them if none is left."""
        left = self._unfinished() or list(range(len(self.studies)))
        self._turn_to(left[0])
        self.all_in_turn = True
        self._start()

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
        if self.session.state in OVER:
            self._renew(value)
        else:
            self.session.learning_rate = value

    def rate(self) -> float:
        """Updates a second: of the last seconds while it runs, else over the whole run."""
        session, now = self.session, time.monotonic()
        run = session.run
        if run is None or session.state not in ("running", "measuring"):
            self._seen.clear()
            return run.updates / run.seconds if run and run.seconds else 0.0
        done = sum(r.updates for r in session.runs)
        if session is not self._seen_of:
            self._seen.clear()
            self._seen_of = session
        if not self._seen or now > self._seen[-1][0]:
            self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > RATE_OVER:
            self._seen.popleft()
        (then, before), (at, after) = self._seen[0], self._seen[-1]
        return (after - before) / (at - then) if at > then else 0.0

    def look(self) -> list[Session]:
        """The sessions that ended since the last look; their findings are kept, and the next study begun
        where all run in turn."""
        ended = [s for s in self.record.sessions.values() if s.state in OVER and s not in self._kept]
        for session in ended:
            self._kept.add(session)
            self.record.keep(session)
        if self.all_in_turn and self.session in ended:
            later = [i for i in self._unfinished() if i > self.index]
            if self.session.state == "finished" and later:
                self._turn_to(later[0])
                self._start()
            else:
                self.all_in_turn = False
        return ended

    def close(self) -> None:
        """End every thread, and keep what was found."""
        for session in self.record.sessions.values():
            if session.alive:
                session.stop()
        self.look()

    def _unfinished(self) -> list[int]:
        return [i for i, study in enumerate(self.studies) if study.name not in self.record.finished]

    def _turn_to(self, index: int) -> None:
        running = self.running
        if running is not None and running.study is not self.studies[index]:
            running.pause()
        self.index = index

    def _start(self) -> None:
        if self.session.state in OVER:
            self._renew(self._rate_kept())
        self.session.start()

    def _rate_kept(self) -> float | None:
        return self.session.learning_rate if self.session.altered else None

    def _renew(self, learning_rate: float | None = None) -> None:
        self.record.sessions[self.study.name] = Session(
            self.study,
            self.lesson.claims,
            {name: runs for name, runs in self.record.finished.items() if name != self.study.name},
            learning_rate=learning_rate,
            speed=self.speed,
        )

    def _set_speed(self, speed: float | None) -> None:
        self.speed = speed
        for session in self.record.sessions.values():
            session.speed = speed


def sweep_note(session: Session) -> str:
    """Where a sweep stands: which of its runs, and how many of those done were solved. Empty for one run."""
    if not isinstance(session.study, Sweep):
        return ""
    done = [run for run in session.runs if run.finished]
    solved = sum(run.progress is not None and run.progress.outcome == "solved" for run in done)
    columns = {experiment.columns for experiment in session.experiments}
    what = "seed" if len(columns) == 1 else f"{session.experiment.columns} columns, run"
    return f"{what} {max(len(session.runs), 1)} of {len(session.experiments)}, solved so far: {solved}"
