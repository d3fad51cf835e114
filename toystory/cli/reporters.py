"""How `run` tells what happens: in plain lines, or with bars, curves and panels on a terminal."""

from __future__ import annotations

import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from toystory.cli.bars import Bar, Bars, on_a_terminal
from toystory.cli.output import new_console
from toystory.course.derivation.steps import work_out
from toystory.course.lesson import Lesson
from toystory.course.lesson_results import LessonResult
from toystory.course.table import Table as LessonTable
from toystory.render import chart, numbers
from toystory.render.derivation_panel import derivation_panel
from toystory.training.claim import REPORTED, Verdict
from toystory.training.control import CONTROLS, column_text, holds
from toystory.training.experiment import Experiment
from toystory.training.pool import Report, nameless
from toystory.training.run import LEARNT, Run, Study, Sweep, compared_setting, value_text

KEY_STEPS = 3
"""Steps of the derivation shown after a run."""


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


class TerminalReporter(Reporter):
    """Bars while it runs; then, lesson by lesson, the curve, the derivation and the verdicts."""

    def __init__(self, console: Console | None = None) -> None:
        super().__init__()
        self.console = console or new_console()
        self._bars = Bars(self.console)
        self._under_way: dict[Experiment, Report] = {}
        self._finished = 0

    def begin(self, lessons: Iterable[Lesson], experiments: list[Experiment]) -> None:
        """Draw the bars."""
        super().begin(lessons, experiments)
        self._bars.draw(self._lines)

    def report(self, report: Report) -> None:
        """Draw the bars anew."""
        self._under_way[report.experiment] = report
        self._bars.draw(self._lines)

    def finished(self, run: Run) -> None:
        """Draw the bars anew."""
        self._under_way.pop(run.experiment, None)
        self._finished += 1
        self._bars.draw(self._lines)

    def _lines(self) -> Iterator[Bar]:
        every = len(self._names)
        share = self._finished + sum(report.share for report in self._under_way.values())
        if every > 1:
            yield Bar("all experiments", share / every, f"{self._finished} of {every}")
        for experiment, report in self._under_way.items():
            yield Bar(self._names[experiment], report.share, _state(report))

    def lesson(self, result: LessonResult) -> None:
        """Tell it."""
        lesson = result.lesson
        self.console.print(Rule(Text(f"{lesson.chapter.number} {lesson.chapter.title}", style="bold")))
        for study in lesson.studies:
            line = study_line(study, result.runs.sweep(study.name), result.controls_of(study))
            self.console.print(Text(line))
        if lesson.table is not None:
            self.console.print(_side_by_side(lesson.table(result.runs)))
        run = result.runs.sweep(lesson.ends_with)[-1]
        self.console.print()
        self.console.print(self._curve(f"training loss, {lesson.ends_with}", run))
        if not run.diverged:
            row = "".join(map(str, lesson.example_row(run.experiment)[0]))
            self.console.print(Text(f"\nThe derivation begins so, with the model's numbers for row {row}:"))
            self.console.print(Group(*_key_panels(lesson, run)))
        self.console.print(Padding(_verdict_table(result.verdicts), (1, 0, 0, 0)))
        style = "bold green" if result.passed else "bold red"
        self.console.print(Text(f"{lesson.name}: {summary(result)}", style=style))

    def experiment(self, line: str, run: Run) -> None:
        """Tell it."""
        self.console.print(Text(line))
        self.console.print()
        self.console.print(self._curve("training loss", run))

    def interrupted(
        self, results: Sequence[LessonResult], unfinished: Sequence[LessonResult], under_way: Sequence[Report]
    ) -> None:
        """Tell what was reached."""
        self._bars.stop()
        for line in self._interruption(results, unfinished, under_way):
            self.console.print(Text(line, style="bold yellow" if line.startswith("interrupted") else ""))

    def end(self, results: list[LessonResult]) -> None:
        """Tell how many passed, where there were several."""
        self._bars.stop()
        if len(results) > 1:
            self.console.print(Rule())
            style = "bold green" if all(r.passed for r in results) else "bold red"
            self.console.print(Text(total(results), style=style))

    def close(self) -> None:
        """Take the bars away."""
        self._bars.stop()

    def _curve(self, label: str, run: Run) -> Text:
        updates, losses = zip(*run.losses.points, strict=True) if run.losses.points else ((), ())
        width = min(self.console.width, 100)
        color = self.console.color_system is not None
        axes = chart.Axes(levels=(chart.Level(math.log(2), "a coin: ln 2"),))
        curve = chart.Series(label, updates, losses)
        drawn = chart.draw([curve], width, 14, axes, color=color)
        return Text.from_ansi(drawn)


def _side_by_side(table: LessonTable) -> Table:
    drawn = Table(title=Text(table.title, style="bold"), box=box.SIMPLE_HEAD, title_justify="left")
    for header in table.headers:
        drawn.add_column(Text(header))
    for row in table.rows:
        drawn.add_row(*(Text(entry) for entry in row))
    return drawn


def _table_lines(table: LessonTable) -> list[str]:
    """A line each, so that it can be read aloud."""
    return [table.title + ":"] + [
        f"{' '.join(filter(None, row[:2]))}: "
        + "; ".join(f"{header}: {entry}" for header, entry in zip(table.headers[2:], row[2:], strict=True))
        for row in table.rows
    ]


def choose_reporter(as_json: bool, plain: bool) -> Reporter:
    """The one that fits what was asked for, and where the output goes.

    Args:
        as_json: One object for a machine.
        plain: Words and numbers only.
    """
    if as_json:
        return SilentReporter()
    return TerminalReporter() if on_a_terminal(plain) else PlainReporter()


def study_line(study: Study, runs: list[Run], controls: Sequence[Run] = ()) -> str:
    """An experiment or sweep, in one line.

    Args:
        study: Under its own name.
        runs: How its experiments ended.
        controls: The runs of its controls, where it is shown to fail.
    """
    run = runs[-1]
    if isinstance(study, Sweep):
        came_to = f"{sum(map(holds, runs))} of {len(runs)} hold" if study.name == CONTROLS else _sweep(runs)
        return f"{study.name}: {came_to}, {numbers.seconds(sum(r.seconds for r in runs))}"
    if run.diverged and run.progress is not None:
        return f"{study.name}: {run.progress.message}"
    own_rows = study.given or study.rows is not None
    on_its_own = f"{numbers.accuracy(run.train_accuracy, run.tie)} of its own rows, " if own_rows else ""
    plural = "" if run.updates == 1 else "s"
    spent = f"{run.updates:,} update{plural} in {numbers.seconds(run.seconds)}"
    return (
        f"{study.name}: {spent}, loss {run.loss:.4f}, "
        f"right on {on_its_own}{numbers.accuracy(run.fresh_accuracy, run.tie)} of {run.tested_on}"
        f"{'; ' if controls else ''}{control_line(controls)}"
    )


def control_line(controls: Sequence[Run]) -> str:
    """What the controls of an experiment came to, in half a line; empty where there are none."""
    said = []
    for run in controls:
        (column,) = run.experiment.relevant or (0,)
        said.append(
            f"{column_text(run.experiment, column)} {numbers.accuracy(run.fresh_accuracy, run.tie)}"
            f"{'' if holds(run) else ': FAILS'}"
        )
    return f"control {', '.join(said)}" if said else ""


def _sweep(runs: list[Run]) -> str:
    """How many runs of a sweep were solved, and after how many updates; or what each came to, to compare."""
    if setting := compared_setting([run.experiment for run in runs]):
        return "; ".join(
            f"{value_text(run.experiment, setting)}: loss {run.loss:.4f}, "
            f"right on {numbers.accuracy(run.fresh_accuracy, run.tie)}"
            if not run.diverged
            else f"{value_text(run.experiment, setting)}: diverged"
            for run in runs
        )
    solved = [run for run in runs if run.solved]
    diverged = sum(run.diverged for run in runs)
    count = f"{len(solved)} of {len(runs)} solved" + (f", {diverged} diverged" if diverged else "")
    if not solved:
        return count
    if len({run.experiment.columns for run in runs}) > 1:
        each = ", ".join(f"{run.experiment.columns} after {run.updates:,}" for run in solved)
        return f"{count}; columns and updates: {each}"
    updates = sorted(run.updates for run in solved)
    return (
        f"{count}, "
        f"half of them within {updates[(len(updates) - 1) // 2]:,} updates, the last after {updates[-1]:,}"
    )


def report_line(report: Report) -> str:
    """How far an experiment has come, in one line."""
    return f"{report.update:,} of {report.experiment.updates:,} updates made, loss {report.loss:.4f}"


def verdict_word(verdict: Verdict) -> str:
    """PASS, FAIL, or TOLD where there is no bar."""
    if verdict.claim.bar is REPORTED:
        return "TOLD"
    return "PASS" if verdict.passed else "FAIL"


def verdict_line(verdict: Verdict) -> str:
    """The claim, what was measured and what was asked, in one line."""
    bar = (
        ""
        if verdict.claim.bar is REPORTED
        else f" (asked: {verdict.claim.bar.text}{_control_asked(verdict)})"
    )
    return f"{verdict.claim.text}: {verdict.shown}{bar}"


def _control_asked(verdict: Verdict) -> str:
    """Of a claim of failure: what its control came to."""
    return "" if verdict.control is None else f", and its control >= {LEARNT:g}: {verdict.control:.4f}"


def summary(result: LessonResult) -> str:
    """What a lesson came to, in half a line."""
    barred = [v for v in result.verdicts if v.claim.bar is not REPORTED]
    held = sum(verdict.passed for verdict in barred)
    word = "passed" if result.passed else "FAILED"
    return f"{word}, {held} of {len(barred)} claims hold, {numbers.seconds(result.seconds)} of training"


def total(results: list[LessonResult]) -> str:
    """What all lessons came to."""
    failed = [result.lesson.name for result in results if not result.passed]
    if failed:
        return f"{len(failed)} of {len(results)} lessons FAILED: {', '.join(failed)}"
    return f"all {len(results)} lessons passed"


def _state(report: Report) -> str:
    fresh = report.progress.fresh_accuracy if report.progress else None
    accuracy = "" if fresh is None else f"  fresh {numbers.accuracy(fresh)}"
    made = report.share - report.resumed
    rest = f"  {numbers.about(report.seconds / made * (1 - report.share))} left" if made > 0 else ""
    return f"loss {report.loss:.4f}{accuracy}{rest}"


def _key_panels(lesson: Lesson, run: Run) -> list[Panel]:
    """The first steps of the derivation, with the trained model's numbers for the lesson's example row."""
    x = lesson.example_row(run.experiment)
    y = run.experiment.task.whole_rows(x).y
    steps = work_out(lesson.derivation[:KEY_STEPS], run.model, x, y, run.experiment.learning_rate)
    return [derivation_panel(done.number, done.step, done.value, done.worked) for done in steps]


def _verdict_table(verdicts: Iterable[Verdict]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    table.add_column("")
    table.add_column("claim", ratio=1)
    table.add_column("measured", justify="right")
    table.add_column("asked", justify="right")
    for verdict in verdicts:
        word = verdict_word(verdict)
        mark = {"PASS": Text("✓", "green"), "FAIL": Text("✗", "bold red"), "TOLD": Text("·", "dim")}[word]
        asked = Text(verdict.claim.bar.text, "dim")
        table.add_row(mark, Text(verdict.claim.text), Text(verdict.shown), asked)
    return table
