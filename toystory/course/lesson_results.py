"""What a lesson came to: its runs and verdicts, and the same as plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from toystory.course.lesson import Lesson
from toystory.training.checkpoints.plain_values import finite_or_none
from toystory.training.claim import Verdict, judge
from toystory.training.control import controls_of, holds
from toystory.training.experiment import Experiment
from toystory.training.pools.report import Report
from toystory.training.pools.train_all import nameless
from toystory.training.run import Run, Runs, Study, experiments_of

LOSS_POINTS = 100
"""Points of a loss curve in JSON, and then the last one."""


@dataclass(frozen=True)
class LessonResult:
    """A lesson carried out.

    Attributes:
        lesson: Which one.
        seed: What was added to its seeds.
        runs: Of all its studies.
        verdicts: On its claims.
    """

    lesson: Lesson
    seed: int
    runs: Runs
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether all claims hold and no run diverged."""
        return all(verdict.passed for verdict in self.verdicts) and not any(r.diverged for r in self.all_runs)

    @property
    def seconds(self) -> float:
        """Spent training, all runs together."""
        return sum(run.seconds for run in self.all_runs)

    @property
    def all_runs(self) -> list[Run]:
        """The runs of all studies, in the lesson's order."""
        return [run for study in self.lesson.studies for run in self.runs.sweep(study.name)]

    def controls_of(self, study: Study) -> list[Run]:
        """The controls of a study that is shown to fail; none of another one."""
        if study.name not in self.lesson.controlled:
            return []
        return self.runs.of(c for e in experiments_of(study) for c in controls_of(e))

    def as_json(self) -> dict[str, Any]:
        """The object that `run --json` prints."""
        return {
            "lesson": self.lesson.name,
            "seed": self.seed,
            "passed": self.passed,
            "seconds": round(self.seconds, 3),
            "claims": [
                {
                    "claim": verdict.claim.text,
                    "passed": verdict.passed,
                    "measured": finite_or_none(verdict.measured),
                    "bar": verdict.claim.bar.text,
                    "control": None if verdict.control is None else finite_or_none(verdict.control),
                }
                for verdict in self.verdicts
            ],
            "runs": [
                run_as_json(experiment, run, self.runs.of(controls_of(experiment)) if failing else ())
                for study, failing in ((s, s.name in self.lesson.controlled) for s in self.lesson.studies)
                for experiment, run in zip(experiments_of(study), self.runs.sweep(study.name), strict=True)
            ],
        }


def result(lesson: Lesson, seed: int, finished: dict[Experiment, Run]) -> LessonResult:
    """Judge `lesson` on the runs that are finished.

    Args:
        lesson: The lesson.
        seed: What was added to its seeds.
        finished: Runs by their experiment without its name.

    Raises:
        KeyError: A run is missing.
    """
    runs = Runs(
        {
            study.name: [finished[nameless(experiment)] for experiment in experiments_of(study)]
            for study in lesson.studies
        }
    )
    return LessonResult(lesson, seed, runs, tuple(judge(claim, runs) for claim in lesson.claims))


def run_as_json(experiment: Experiment, run: Run, controls: Iterable[Run] = ()) -> dict[str, Any]:
    """One entry of "runs".

    Args:
        experiment: Under its own name.
        run: How it ended.
        controls: The runs of its controls; none where it has none, and "control" is then null.
    """
    return {
        "experiment": experiment.name,
        "model": experiment.model,
        "rows": len(experiment.given) or experiment.rows,
        "columns": experiment.columns,
        "seed": experiment.seed,
        "updates": run.updates,
        "seconds": round(run.seconds, 3),
        "loss": [[update, finite_or_none(loss)] for update, loss in run.loss_curve(LOSS_POINTS)],
        "train_accuracy": finite_or_none(run.train_accuracy),
        "fresh_accuracy": finite_or_none(run.fresh_accuracy),
        "tie": run.tie,
        "diverged": run.diverged,
        "control": [_control_as_json(control) for control in controls] or None,
    }


def _control_as_json(run: Run) -> dict[str, Any]:
    """What one control came to. "column" counts from 0."""
    (column,) = run.experiment.relevant or (0,)
    return {
        "column": column,
        "updates": run.updates,
        "fresh_accuracy": finite_or_none(run.fresh_accuracy),
        "tie": run.tie,
        "passed": holds(run),
    }


def report_as_json(name: str, report: Report) -> dict[str, Any]:
    """One entry of "reached", after an interruption.

    Args:
        name: Of the experiment.
        report: How far it was.
    """
    return {"experiment": name, "updates": report.update, "loss": finite_or_none(report.loss)}
