"""How a session stands, in words and figures: for the list of experiments, the status bar and the header."""

from __future__ import annotations

from toystory.render import numbers
from toystory.training.background import OVER, BackgroundRun
from toystory.training.loop import notices
from toystory.training.run import Run, experiments_of
from toystory.tui.state.custom_experiments import knows_all_rows
from toystory.tui.state.lesson_state import LessonState, marks, sweep_note
from toystory.tui.widgets.training.experiments import ExperimentEntry
from toystory.tui.widgets.training.status import Status

COLORS = {
    "ready": "$foreground",
    "running": "$text-success",
    "measuring": "$text-success",
    "paused": "$text-warning",
    "finished": "$text-primary",
    "diverged": "$text-error",
    "failed": "$text-error",
    "stopped": "$text-warning",
}
"""Of the states of a session."""

FEW = 4
"""Figures that the first chapters speak of."""


def experiment_entries(lesson_state: LessonState) -> tuple[ExperimentEntry, ...]:
    """The experiments of the lesson, each with what it is doing or has reached."""
    sessions, finished = lesson_state.record.sessions, lesson_state.record.finished
    return tuple(
        ExperimentEntry(
            study.name,
            state_note(sessions[study.name]) if study.name in sessions else "",
            study.name in finished,
        )
        for study in lesson_state.studies
    )


def status(lesson_state: LessonState, few: bool = False) -> Status:
    """Of the experiment that is looked at.

    Args:
        lesson_state: Of the lesson.
        few: Only what the first chapters have spoken of: updates, loss and what is right.
    """
    session = lesson_state.session
    run = session.run
    total = session.experiment.updates
    done = run.updates if run else 0
    runs = len(session.experiments)
    if session.state in ("finished", "diverged"):
        share = 1.0
    else:
        share = ((max(len(session.runs), 1) - 1) + done / max(total, 1)) / runs
    train, fresh = accuracies(run)
    speed = "full" if lesson_state.speed is None else f"{lesson_state.speed:,g}/s"
    spent = sum(r.seconds for r in session.runs)
    figures = (
        ("update", f"{done:,}"),
        ("loss", numbers.scalar(run.loss) if run and run.progress else "–"),
        ("train", train),
        ("all rows" if knows_all_rows(session.experiment) else "fresh", fresh),
        ("seconds", f"{spent:.1f}"),
        ("updates/s", f"{lesson_state.rate():,.0f}" if run else "–"),
        ("speed", speed),
        ("learning rate", f"{session.learning_rate:g}"),
    )
    return Status(
        session.state,
        COLORS[session.state],
        share,
        figures[:FEW] if few else figures,
        message(session) or " ".join(notices([session.experiment])),
    )


def accuracies(run: Run | None) -> tuple[str, str]:
    """On training rows and on fresh rows: measured afterwards, or the last ones on the way."""
    if run is None:
        return "–", "–"
    if run.finished:
        if run.tie:
            return "a tie", "a tie"
        return numbers.accuracy(run.train_accuracy), numbers.accuracy(run.fresh_accuracy)
    train, fresh = run.train_accuracies.points, run.fresh_accuracies.points
    return numbers.accuracy(train[-1][1]) if train else "–", numbers.accuracy(fresh[-1][1]) if fresh else "–"


def summary(runs: list[Run]) -> str:
    """What the runs of a finished study came to: how many of a sweep were solved, or one run's accuracies."""
    if len(runs) > 1:
        solved = sum(run.solved for run in runs)
        return f"{solved} of {len(runs)} solved it"
    train, fresh = accuracies(runs[0])
    if runs[0].tie:
        return "a tie: every answer is one half, or as good as that"
    return f"{train} of the training rows, {fresh} of {runs[0].tested_on}"


def state_note(session: BackgroundRun) -> str:
    """A few words for the list of experiments."""
    if session.state == "ready":
        return ""
    if session.state in OVER and session.state != "finished":
        return session.state
    if len(experiments_of(session.study)) > 1:
        if session.state == "finished":
            return f"{marks(session).count('✓')} of {len(session.experiments)} solved"
        return f"{sum(run.finished for run in session.runs)} of {len(session.experiments)}"
    if session.state == "finished":
        return accuracies(session.run)[1] + (" · altered" if session.altered else "")
    return session.state


def message(session: BackgroundRun) -> str:
    """What there is to say of it below the figures."""
    state_note = sweep_note(session)
    if session.state == "failed" or (session.state == "diverged" and not state_note):
        return session.message
    if session.state == "stopped":
        return "stopped before its end: space begins anew"
    if session.state == "measuring":
        return state_note or "measuring on rows that played no part in training"
    if session.altered and not state_note:
        return "the learning rate is not the lesson's: claims are not judged"
    if session.state in ("finished", "diverged"):
        is_tie = session.run is not None and session.run.tie
        return (
            state_note or session.message + "; every answer is ½, so how many are right says nothing" * is_tie
        )
    return state_note
