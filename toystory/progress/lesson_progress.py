"""What the learner has done in each lesson: predictions, sessions, verdicts, exercises; kept on disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

from toystory.course.catalogue import chapters, names
from toystory.progress.exercise_state import ExerciseState
from toystory.progress.paused_names import has_paused_runs
from toystory.progress.review import Due, Known, Review, after, all_due
from toystory.progress.rows import LessonRow
from toystory.progress.store import Store
from toystory.progress.studies import MOST_PAST, CustomStudy, PastRun, name_of_past

if TYPE_CHECKING:
    from toystory.course.lesson import Lesson
    from toystory.progress.run_storage import RunStorage
    from toystory.training.background import BackgroundRun
    from toystory.training.claim import Verdict
    from toystory.training.run import Run


class LessonProgress:
    """The learner's doings in one lesson. What is set here is written to the store, where there is one."""

    def __init__(self, lesson: str = "", store: Store | None = None, line: LessonRow | None = None) -> None:
        """line: what the store says of the lesson, where it was read before."""
        self.lesson, self.store = lesson, store
        line = line or (store.line(lesson) if store else LessonRow(lesson))
        self.claims = line.claims
        """How many the lesson makes; 0 until it was opened."""
        self.stage, self.study = line.stage, line.study
        """Where the learner was: the titles of the stage and of the study; None before the first time."""
        self._prediction, self._answered = line.prediction, line.answered
        self._reached = sum(passed for _, passed in line.verdicts.values())
        self.exercises: Mapping[str, ExerciseState] = line.exercises
        """By name, those that were begun."""
        self.exercise_names: tuple[str, ...] = ()
        """All that the lesson has."""
        self.recalled: dict[str, str] = dict(line.recalled)
        """By the questions, what was answered from memory."""
        self.marks: set[str] = set(line.marks)
        """Stages that were looked at, by their titles."""
        self.reviews: dict[str, Review] = dict(line.reviews)
        """By the questions, how well they were known, and when they are asked again."""
        self.verdicts: dict[str, Verdict] = {}
        """By the text of the claim."""
        self.sessions: dict[str, BackgroundRun] = {}
        """The last session of each study, by the study's name."""
        self.finished: dict[str, list[Run]] = {}
        """The runs of each study that was finished by its recipe."""
        self.own: list[CustomStudy] = []
        """The learner's own studies, in the order they were made."""
        self.past: deque[PastRun] = deque(maxlen=MOST_PAST)
        """The last runs that came to their end, sweeps left out."""
        self._storage: RunStorage | None = None
        self._is_at = (self.stage, self.study)

    @property
    def prediction(self) -> int | None:
        """Index of the choice made."""
        return self._prediction

    @prediction.setter
    def prediction(self, choice: int) -> None:
        self._prediction = choice
        if self.store:
            self.store.set_prediction(self.lesson, choice)

    @property
    def answered(self) -> bool:
        """Whether the learner asked for the answer."""
        return self._answered

    @answered.setter
    def answered(self, value: bool) -> None:
        self._answered = value
        if self.store and value:
            self.store.set_answered(self.lesson)

    def recall(self, question: str, said: str) -> None:
        """The learner has answered a question from memory.

        Args:
            question: Its id.
            said: The learner's answer.
        """
        self.recalled[question] = said
        if self.store:
            self.store.set_recalled(self.lesson, question, said)

    def review(self, question: str, known: Known, chapter: int, last: int) -> None:
        """The learner has said how well an answer was known.

        Args:
            question: Its id.
            known: How well.
            chapter: The number of the chapter that the learner is in.
            last: That of the last one.
        """
        self.reviews[question] = after(self.reviews.get(question), known, chapter, last)
        if self.store:
            self.store.set_review(self.lesson, question, self.reviews[question])

    def mark(self, name: str, on: bool = True) -> None:
        """Note that a stage was looked at, or whatever else is to be known another time.

        Args:
            name: What is noted.
            on: Whether it is so.
        """
        if (name in self.marks) != on:
            self.marks ^= {name}
            if self.store:
                self.store.set_mark(self.lesson, name, on)

    @property
    def paused(self) -> str:
        """What is paused here, and where it stands, as far as that was read; "" for nothing."""
        for name, session in self.sessions.items():
            if session.state == "paused" and session.run is not None:
                run = session.run
                return f"“{name}” is paused at update {run.updates:,} of {run.experiment.updates:,}"
        if (
            self._storage is None
            and self.store is not None
            and has_paused_runs(self.store.folder, self.lesson)
        ):
            return "a run is paused"
        return ""

    @property
    def reached(self) -> int:
        """How many claims were measured and hold."""
        return sum(v.passed for v in self.verdicts.values()) if self.verdicts else self._reached

    @property
    def claims_hold(self) -> bool:
        """Whether every claim of the lesson was reached."""
        return 0 < self.claims == self.reached

    @property
    def passed(self) -> int:
        """How many of the lesson's exercises pass."""
        return sum(self.exercise(name).state == "passed" for name in self.exercise_names)

    @property
    def holds(self) -> bool:
        """Whether the prediction was made, every claim reached, and every exercise passes."""
        return self.prediction is not None and self.claims_hold and self.passed == len(self.exercise_names)

    @property
    def begun(self) -> bool:
        """Whether anything was done here."""
        done = self.prediction is not None or self.answered or self.recalled or self.reached or self.sessions
        return bool(done or self.exercises or (self.stage and self.stage != "Story"))

    def exercise(self, name: str) -> ExerciseState:
        """How far the learner is with it."""
        return self.exercises.get(name, ExerciseState(self.lesson, name))

    def look_at_exercises(self) -> None:
        """Read anew how far they are: the command line changes that too."""
        if self.store:
            self.exercises = self.store.exercises(self.lesson)

    def be_at(self, stage: str, study: str) -> None:
        """Write down where the learner is, if that is another place.

        Args:
            stage: Of the lesson.
            study: The experiment or sweep that is looked at.
        """
        if self.store and (stage, study) != self._is_at:
            self._is_at = self.stage, self.study = stage, study
            self.store.set_at(self.lesson, stage, study)

    def open(self, lesson: Lesson) -> None:
        """Bring back what was kept of it, the first time."""
        if self.store and self.claims != len(lesson.claims):
            self.store.opened(self.lesson, len(lesson.claims))
        self.claims = len(lesson.claims)
        if self.store and self._storage is None:
            from toystory.progress.run_storage import RunStorage

            self._storage = RunStorage(lesson, self.store)
            stored = self._storage.load()
            self.own += stored.own
            self.verdicts |= stored.verdicts
            self.sessions |= stored.last
            self.finished |= stored.finished
            self.past.extend(stored.past)

    def add_own(self, own: CustomStudy) -> None:
        """The learner has made a study."""
        self.own.append(own)
        if self._storage:
            self._storage.add_own(own)

    def take_over(self, session: BackgroundRun) -> None:
        """Take over what a session that is over has found."""
        if session.state == "finished" and not session.altered:
            self.finished[session.study.name] = session.runs
        for verdict in session.verdicts:
            self.verdicts[verdict.claim.text] = verdict
        if session.state in ("finished", "diverged") and len(session.experiments) == 1:
            rate = session.learning_rate if session.altered else None
            self.past.append(PastRun(name_of_past(session.study.name, rate), session.runs[0]))
        if self._storage:
            self._storage.save_ended(session)

    def save_paused(self, session: BackgroundRun) -> None:
        """Keep what a paused session needs to go on at another time."""
        if self._storage:
            self._storage.save_paused(session)

    def delete_paused(self, session: BackgroundRun) -> None:
        """It is over, or begins anew: nobody goes on with it."""
        if self._storage:
            self._storage.delete_paused(session)


class CourseProgress:
    """The records of all lessons, by their names."""

    def __init__(self, store: Store | None = None) -> None:
        """store: where everything is kept; None for nowhere."""
        self.store = store
        self._records: dict[str, LessonProgress] = {}
        self._lines: dict[str, LessonRow] | None = None
        self.chapters = chapters()
        self._asked: dict[str, frozenset[str]] = {}
        """Of a lesson, the questions from memory, once they were looked at."""
        self._exercises = {chapter.name: chapter.exercise_names for chapter in self.chapters}

    def record(self, lesson: str) -> LessonProgress:
        if lesson not in self._records:
            if self.store and self._lines is None:
                self._lines = self.store.lines()
            line = (self._lines or {}).get(lesson, LessonRow(lesson))
            record = self._records[lesson] = LessonProgress(lesson, self.store, line)
            record.exercise_names = self._exercises.get(lesson, ())
        return self._records[lesson]

    def open(self, lesson: Lesson) -> LessonProgress:
        """The record of a lesson that is opened now."""
        record = self.record(lesson.name)
        record.open(lesson)
        return record

    def look_at_exercises(self) -> None:
        """Read anew how far they are: the command line changes that too."""
        lines = self.store.lines() if self.store else {}
        for name, record in self._records.items():
            if name in lines:
                record.exercises = lines[name].exercises

    @property
    def furthest(self) -> int:
        """The number of the last chapter that was begun; 0 for none."""
        begun = (chapter.number for chapter in self.chapters if self.record(chapter.name).begun)
        return max(begun, default=0)

    @property
    def last(self) -> int:
        """The number of the last chapter of the course."""
        return max(chapter.number for chapter in self.chapters if not chapter.own)

    @property
    def due(self) -> list[Due]:
        """The questions from memory that were not known and are to be asked again now."""
        reviews = [(chapter.name, self.record(chapter.name).reviews) for chapter in self.chapters]
        return [one for one in all_due(reviews, self.furthest) if one.question in self._questions(one.lesson)]

    def _questions(self, lesson: str) -> frozenset[str]:
        """What a chapter asks from memory: a question of before that it has no more is not due."""
        from toystory.course.text.prose import read_recap  # only where something is due

        if lesson not in self._asked:
            folder = next(chapter.folder for chapter in self.chapters if chapter.name == lesson)
            try:
                recap = read_recap(folder / "recap.md")[1]
            except (ValueError, OSError):  # a lesson of others, half written: it says so where it is opened
                recap = ()
            self._asked[lesson] = frozenset(one.id for one in recap)
        return self._asked[lesson]

    def review(self, due: Due, known: Known) -> None:
        """How well the answer to a question was known that was asked again.

        Args:
            due: The question.
            known: How well.
        """
        self.record(due.lesson).review(due.question, known, self.furthest, self.last)

    @property
    def place(self) -> str | None:
        """The lesson that was open when the app was left; None for the chapters."""
        place = self.store.place() if self.store else None
        return place if place in names() else None

    @place.setter
    def place(self, lesson: str | None) -> None:
        if self.store:
            self.store.set_place(lesson if lesson in names() else None)

    def check(self) -> None:
        """Find damage now, before anything is read."""
        if self.store:
            self.store.check()

    def notices(self) -> list[str]:
        """What the learner must be told of the record, in sentences."""
        return self.store.notices() if self.store else []

    def close(self) -> None:
        """Wait until everything is written, but not for ever."""
        if self.store:
            self.store.finish(timeout=10)
