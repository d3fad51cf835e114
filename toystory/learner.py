"""What the learner has done since the app was opened: predictions, sessions, verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lessons.claim import Verdict
    from lessons.lesson import Lesson
    from lessons.run import Run
    from toystory.session import Session


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
