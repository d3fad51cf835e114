"""Who hears how a run goes: in silence, or in plain lines; `terminal_reporter` draws it."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from toystory.cli.reporting.run_lines import (
    report_line,
    study_line,
    summary,
    total,
    verdict_line,
    verdict_word,
)
from toystory.course.lesson import Lesson
from toystory.course.lesson_results import LessonResult
from toystory.course.table import Table as LessonTable
from toystory.training.experiment import Experiment
from toystory.training.pools.report import Report
from toystory.training.pools.train_all import nameless
from toystory.training.run import Run


class Reporter(ABC):
    """Hears of everything that happens in a run of one or more lessons."""

    def __init__(self) -> None:
        """Hear nothing yet."""
        self._names: dict[Experiment, str] = {}

    def begin(self, lessons: Iterable[Lesson], experiments: list[Experiment]) -> None:
        """What is about to be run.

        Args:
            lessons: In their order.
            experiments: All of theirs.
        """
        self._names = {nameless(experiment): experiment.name for experiment in reversed(experiments)}

    def report(self, report: Report) -> None:  # noqa: B027
        """An experiment on its way."""

    def finished(self, run: Run) -> None:  # noqa: B027
        """An experiment at its end."""

    @abstractmethod
    def lesson(self, result: LessonResult) -> None:
        """A lesson at its end."""

    def experiment(self, line: str, run: Run) -> None:  # noqa: B027
        """An experiment outside any lesson, at its end; `line` says what it came to.

        Args:
            line: The line.
            run: The run.
        """

    @abstractmethod
    def interrupted(
        self, results: Sequence[LessonResult], unfinished: Sequence[LessonResult], under_way: Sequence[Report]
    ) -> None:
        """The run was interrupted.

        Args:
            results: Of the lessons at their end.
            unfinished: Of others, with those studies that are at their end.
            under_way: The last reports of the experiments that were trained.
        """

    def end(self, results: list[LessonResult]) -> None:  # noqa: B027
        """All lessons are at their end."""

    def close(self) -> None:  # noqa: B027
        """However it ended: leave the terminal as it was."""

    def _interruption(
        self, results: Sequence[LessonResult], unfinished: Sequence[LessonResult], under_way: Sequence[Report]
    ) -> Iterator[str]:
        """What was reached, line by line."""
        done = ", ".join(result.lesson.name for result in results)
        yield f"interrupted; finished before that: {done}" if done else "interrupted"
        for part in unfinished:
            yield f"{part.lesson.name}, as far as it came:"
            for study in part.lesson.studies:
                yield f"  {study_line(study, part.runs.sweep(study.name))}"
        if under_way:
            yield "on their way were:"
        for report in under_way:
            yield f"  {self._names[report.experiment]}: {report_line(report)}"


class SilentReporter(Reporter):
    """Says nothing: for --json, where the one object is the answer."""

    def lesson(self, result: LessonResult) -> None:
        """Say nothing."""

    def interrupted(
        self, results: Sequence[LessonResult], unfinished: Sequence[LessonResult], under_way: Sequence[Report]
    ) -> None:
        """Say nothing."""


class PlainReporter(Reporter):
    """Words and numbers, a line each: no colour, no box, no cursor movement."""

    def __init__(self, out: TextIO | None = None) -> None:
        super().__init__()
        self._out = out or sys.stdout

    def lesson(self, result: LessonResult) -> None:
        """Tell it."""
        self._say(f"{result.lesson.name}: {result.lesson.chapter.title} (seed {result.seed})")
        for study in result.lesson.studies:
            self._say(f"  {study_line(study, result.runs.sweep(study.name), result.controls_of(study))}")
        if result.lesson.table is not None:
            for line in _table_lines(result.lesson.table(result.runs)):
                self._say(f"  {line}")
        for verdict in result.verdicts:
            self._say(f"  {verdict_word(verdict)} {verdict_line(verdict)}")
        self._say(f"{result.lesson.name}: {summary(result)}")

    def experiment(self, line: str, run: Run) -> None:
        """Tell it."""
        self._say(line)

    def interrupted(
        self, results: Sequence[LessonResult], unfinished: Sequence[LessonResult], under_way: Sequence[Report]
    ) -> None:
        """Tell what was reached."""
        for line in self._interruption(results, unfinished, under_way):
            self._say(line)

    def end(self, results: list[LessonResult]) -> None:
        """Tell how many passed, where there were several."""
        if len(results) > 1:
            self._say(total(results))

    def _say(self, line: str) -> None:
        print(line, file=self._out, flush=True)


def _table_lines(table: LessonTable) -> list[str]:
    """A line each, so that it can be read aloud."""
    return [table.title + ":"] + [
        f"{' '.join(filter(None, row[:2]))}: "
        + "; ".join(f"{header}: {entry}" for header, entry in zip(table.headers[2:], row[2:], strict=True))
        for row in table.rows
    ]
