"""Controls: the same settings, asked for a gate that needs one column only.

An experiment that fails says something of its gate only where its control succeeds. If the same model, from
the same first weights, with as many updates at the same rate, can't even copy one bit, then its failure at
XOR shows nothing about XOR.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from toystory.training.experiment import Experiment
from toystory.training.run import LEARNT, Run, Study, Sweep, experiments_of

CONTROLS = "controls: one column counts"
"""The name of the sweep that holds the controls of a lesson."""

_STOP_AT = 0.999
"""A control ends early where it is this good on the rows drawn on the way: a margin above `LEARNT`."""


def columns_of_control(experiment: Experiment) -> tuple[int, ...]:
    """The columns that are asked for, one at a time.

    Args:
        experiment: What fails, or may fail.

    Returns:
        The first column; for a model that reads bit by bit the last one too, which is far easier to remember.
    """
    last = experiment.columns - 1
    return (0, last) if experiment.recurrent and last else (0,)


def controls_of(experiment: Experiment) -> tuple[Experiment, ...]:
    """The controls of one experiment: all its settings, but one column counts, and it may end early.

    Args:
        experiment: What fails, or may fail.

    Returns:
        An experiment for each of `columns_of_control`.
    """
    return tuple(
        replace(
            experiment,
            name=f"control of {experiment.name}: {column_text(experiment, column)}",
            relevant=(column,),
            gate="xor",
            stop_at=_STOP_AT,
        )
        for column in columns_of_control(experiment)
    )


def column_text(experiment: Experiment, column: int) -> str:
    """Which column counts, in words.

    Args:
        experiment: The control.
        column: From 0.
    """
    return (
        "the first column"
        if column == 0
        else "the last column"
        if column == experiment.columns - 1
        else (f"column {column + 1}")
    )


def controls(studies: Iterable[Study]) -> Sweep:
    """The controls of several studies in one sweep, each once."""
    experiments = (e for study in studies for e in experiments_of(study))
    return Sweep(CONTROLS, tuple(dict.fromkeys(c for e in experiments for c in controls_of(e))))


def right(run: Run) -> float:
    """The share of fresh rows that a control answered right; one half where every answer is a tie."""
    return 0.5 if run.tie else run.fresh_accuracy


def holds(run: Run) -> bool:
    """Whether a finished control learnt the one column that counts."""
    return right(run) >= LEARNT
