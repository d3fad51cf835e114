"""What a run came to, in words: an experiment, its control, a claim, a lesson, all of them, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from toystory.course.lesson_results import LessonResult
from toystory.render import numbers
from toystory.training.claim import REPORTED, Verdict
from toystory.training.control import CONTROLS, column_text, holds
from toystory.training.pools.report import Report
from toystory.training.run import LEARNT, Run, Study, Sweep, compared_setting, value_text


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
        f"{'; ' if controls else ''}{control_line(controls)}{_kept(run)}"
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


def _kept(run: Run) -> str:
    """Which weights are kept of a run that may stop early; empty for any other."""
    if run.experiment.patience is None or run.progress is None or run.progress.outcome != "done":
        return ""
    return f"; {run.progress.message.partition('; ')[2]}"


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
