"""What a lesson's experiments came to, for a page that is only read."""

from __future__ import annotations

from collections.abc import Iterator

from toystory.course.lesson_results import LessonResult
from toystory.export.lesson.blocks import Block, Picture, Prose
from toystory.export.lesson.reading import study_line
from toystory.export.page.figures import ended
from toystory.export.page.svg_chart import Series, chart
from toystory.training.run import Run, Study, compared_setting, experiments_of, value_text


def measured(result: LessonResult, drawings: bool) -> Iterator[Block]:
    """Every experiment with its figures, its curves where they can be drawn, and the claims.

    Args:
        result: Of the lesson.
        drawings: Whether curves can be drawn.
    """
    yield Prose("experiments", f"## The experiments\n\nTrained for this page, with seed {result.seed}.")
    for number, study in enumerate(result.lesson.studies, start=1):
        runs = result.runs.sweep(study.name)
        lines = [f"- {said}" for said in _said(study, runs)]
        yield Prose(
            f"study-{number}",
            "\n".join([f"### {number}. {study.name}", "", study_line(study), "", *lines]),
        )
        if drawings:
            yield Picture(f"loss-{number}", _loss(study.name, runs) + _accuracy(study.name, runs))
    rows = [
        f"| {'holds' if v.passed else 'fails'} | {v.claim.text} | {v.shown} | {v.claim.bar.text} |"
        for v in result.verdicts
    ]
    head = ["## What the lesson claims", "", "| | claim | measured | asked |", "|---|---|---|---|"]
    yield Prose("claims", "\n".join([*head, *rows]))


def _said(study: Study, runs: list[Run]) -> Iterator[str]:
    """How each run ended; of several, with the name of each."""
    for experiment, run in zip(experiments_of(study), runs, strict=True):
        name = f"{experiment.name}: " if len(runs) > 1 else ""
        if run.diverged and run.progress:
            yield f"{name}{run.progress.message}"
        else:
            figures = (run.loss, run.train_accuracy, run.fresh_accuracy, run.tie, run.tested_on)
            yield f"{name}{ended(run.updates, run.seconds, *figures)}"


def _loss(name: str, runs: list[Run]) -> str:
    series = [Series(_label(run, runs), run.losses.points) for run in runs]
    return chart(f"{name}: loss", series, y_label="loss", low=0)


def _accuracy(name: str, runs: list[Run]) -> str:
    series = [
        Series("fresh rows" if len(runs) == 1 else _label(run, runs), run.fresh_accuracies.points)
        for run in runs
    ]
    if len(runs) == 1:
        series.append(Series("its own rows", runs[0].train_accuracies.points, dashed=True))
    return chart(f"{name}: accuracy", series, y_label="accuracy", low=0, high=1)


def _label(run: Run, runs: list[Run]) -> str:
    """What a run's curve is called among others: the one setting in which they differ, if that is one."""
    setting = compared_setting([one.experiment for one in runs])
    return value_text(run.experiment, setting) if setting else ""
