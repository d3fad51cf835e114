"""What the learner has done since the app was opened: predictions, sessions, verdicts."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lessons.claim import Verdict
    from lessons.lesson import Lesson
    from lessons.run import Run, Study
    from lessons.suggestion import Suggestion
    from toystory.session import Session


MOST_PAST = 8
"""How many runs are remembered for comparison."""


@dataclass(frozen=True)
class OwnStudy:
    """A study that the learner made. recipe: the name of the lesson's study that it came from. suggestion:
    the one it was, if it was one."""

    study: Study
    recipe: str
    suggestion: Suggestion | None = None


@dataclass(frozen=True)
class Past:
    """A run that is over, and what to call it."""

    name: str
    run: Run


@dataclass
class Record:
    """The learner's doings in one lesson."""

    claims: int = 0
    """How many the lesson makes; 0 until it was opened."""
    prediction: int | None = None
    """Index of the choice made."""
    answered: bool = False
    """Whether the learner asked for the answer."""
    sessions: dict[str, Session] = field(default_factory=dict)
    """The last session of each study, by the study's name."""
    finished: dict[str, list[Run]] = field(default_factory=dict)
    """The runs of each study that was finished by its recipe."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """By the text of the claim."""
    own: list[OwnStudy] = field(default_factory=list)
    """The learner's own studies, in the order they were made."""
    past: deque[Past] = field(default_factory=lambda: deque(maxlen=MOST_PAST))
    """The last runs that came to their end, sweeps left out."""

    @property
    def reached(self) -> int:
        """How many claims were measured and hold."""
        return sum(verdict.passed for verdict in self.verdicts.values())

    @property
    def holds(self) -> bool:
        """Whether every claim of the lesson was reached."""
        return 0 < self.claims == self.reached

    def keep(self, session: Session) -> None:
        """Take over what a session that is over has found."""
        if session.state == "finished" and not session.altered:
            self.finished[session.study.name] = session.runs
        for verdict in session.verdicts:
            self.verdicts[verdict.claim.text] = verdict
        if session.state in ("finished", "diverged") and len(session.experiments) == 1:
            altered = f" at rate {session.learning_rate:g}" if session.altered else ""
            self.past.append(Past(session.study.name + altered, session.runs[0]))


class Learner:
    """The records of all lessons, by their names."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}

    def record(self, lesson: str) -> Record:
        return self._records.setdefault(lesson, Record())

    def open(self, lesson: Lesson) -> Record:
        """The record of a lesson that is opened now."""
        record = self.record(lesson.name)
        record.claims = len(lesson.claims)
        return record
