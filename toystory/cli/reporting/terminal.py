"""How `run` and `train` tell what happens on a terminal: with bars, curves and panels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from toystory.cli.output import new_console
from toystory.cli.reporting.bars import Bar, Bars
from toystory.cli.reporting.plain import Reporter
from toystory.cli.reporting.run_lines import study_line, summary, total, verdict_word
from toystory.course.lesson import Lesson
from toystory.course.lesson_results import LessonResult
from toystory.course.table import Table as LessonTable
from toystory.course.worked_example import worked_example
from toystory.render import chart, numbers
from toystory.render.derivation_panel import derivation_panel
from toystory.training.claim import Verdict
from toystory.training.experiment import Experiment
from toystory.training.pools.report import Report
from toystory.training.run import Run

KEY_STEPS = 3
"""Steps of the derivation shown after a run."""


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
            row, steps = worked_example(lesson, run.experiment, run.model, KEY_STEPS)
            panels = (derivation_panel(done.number, done.step, done.value, done.worked) for done in steps)
            self.console.print(Text(f"\nThe derivation begins so, with the model's numbers for row {row}:"))
            self.console.print(Group(*panels))
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


def _state(report: Report) -> str:
    fresh = report.progress.fresh_accuracy if report.progress else None
    accuracy = "" if fresh is None else f"  fresh {numbers.accuracy(fresh)}"
    made = report.share - report.resumed
    rest = f"  {numbers.about(report.seconds / made * (1 - report.share))} left" if made > 0 else ""
    return f"loss {report.loss:.4f}{accuracy}{rest}"


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
