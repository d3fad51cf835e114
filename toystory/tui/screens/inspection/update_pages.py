"""The pages of one update, and what is told on those that are no step of a derivation."""

from __future__ import annotations

from typing import Literal

from textual.content import Content

from toystory.course.derivation.one_update import Question, changes
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.update_steps import PRIMES, is_of_the_update, prime_after
from toystory.course.derivation.worked import number
from toystory.render import numbers
from toystory.training.settings import OptimizerName
from toystory.tui.state.inspection import Trace

UpdatePage = DerivationStep | Literal["by hand", "changes"]


def pages_of(steps: tuple[DerivationStep, ...]) -> tuple[UpdatePage, ...]:
    """The steps forward and backward, the update by hand, the steps of the update, and what has changed."""
    updates = tuple(step for step in steps if step.value.endswith(PRIMES))
    return (*(step for step in steps if step not in updates), "by hand", *updates, "changes")


def part_of(page: UpdatePage) -> str:
    """Which part of the update it belongs to."""
    if isinstance(page, str) or is_of_the_update(page):
        return "update"
    return "backward" if page.value.startswith("d") else "forward"


def prime_of(page: UpdatePage, optimizer: OptimizerName) -> str:
    """Behind the parameters that it shows after a step; empty where none has been made.

    Args:
        page: Of an update.
        optimizer: What trains.
    """
    if isinstance(page, str):
        return prime_after(optimizer) if page == "changes" else ""
    return page.value[-1] if page.value.endswith(PRIMES) else ""


def read_answer(text: str) -> float:
    """A number as people type it. Raises ValueError."""
    return float(text.strip().replace("−", "-").replace(",", "."))


def by_hand_text(asked: Question, trace: Trace) -> str:
    """What is asked before the update is told, and the numbers that it takes.

    Args:
        asked: The question.
        trace: Of the row that the update is made for.
    """
    slope = asked.name.replace(asked.name.partition("[")[0], "d" + asked.name.partition("[")[0], 1)
    optimizer = trace.experiment.optimizer
    lines = [f"What will {asked.name} be after one step of gradient descent?"]
    if trace.is_small:
        lines.append(f"(This small model was trained with {optimizer}.)")
    elif optimizer != "gradient descent":
        lines.append(f"(The lesson trains with {optimizer}, which goes on from here.)")
    across = len(slope)
    lines += [
        "",
        f"{asked.name:<{across}}  {number(asked.before, asked.digits)}",
        f"{slope:<{across}}  {number(asked.gradient)}",
        f"{'η':<{across}}  {asked.learning_rate:g}",
    ]
    if asked.clip != 1:
        lines.append(f"{'κ':<{across}}  {number(asked.clip)}   what the clip leaves")
    return "\n".join([*lines, ""])


def changes_text(now: Trace, width: int) -> str:
    """What the first step of what trains has changed, parameter by parameter.

    Args:
        now: The row, forward and backward, before the step.
        width: Columns that there are; where they are few, the norms are left out.
    """
    rows: list[tuple[str, ...]] = [("", "shape", "‖before‖", "‖after‖", "largest change")]
    optimizer = now.experiment.optimizer
    for change in changes(now.model, now.values, prime_after(optimizer)):
        place = ", ".join(map(str, change.place))
        rows.append(
            (
                change.name,
                "×".join(map(str, change.shape)),
                numbers.scalar(change.norm_before),
                numbers.scalar(change.norm_after),
                f"{number(change.largest, 4)} at [{place}]" if change.largest else "none",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > width:
        rows = [(*row[:2], row[-1]) for row in rows]
        widths = [widths[0], widths[1], widths[-1]]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(across) for cell, across in zip(row[1:-1], widths[1:-1], strict=True)),
                row[-1],
            ]
        )
        for row in rows
    ]
    step = "One" if optimizer == "gradient descent" else "The first"
    of = optimizer.replace("adam", "Adam")
    return "\n".join([f"{step} step of {of}, η = {now.learning_rate:g}, on this one row:", "", *lines])


def without_empty_lines(text: str) -> str:
    """The same in fewer lines, where there is no room.

    Args:
        text: Lines.
    """
    return "\n".join(line for line in text.splitlines() if line)


def told(asked: Question) -> Content:
    """The line that computes the answer."""
    return Content.assemble("This is the line that computes it:\n", (asked.line, "bold"))


def feedback(asked: Question, answer: float) -> Content:
    """What is said to an answer, and the line that computes it.

    Args:
        asked: The question.
        answer: The learner's.
    """
    found, expected = number(answer, asked.digits), number(asked.after, asked.digits)
    kind = asked.judge(answer)
    if kind == "right":
        said = Content.styled(f"Right: {expected}.", "bold $text-success")
    elif kind == "not moved":
        said = Content.styled(
            f"That is where {asked.name} was, or nearly. You found {found}, expected {expected}: "
            "the step is small, but it is one.",
            "$text-warning",
        )
    else:
        said = Content.styled(f"Not yet. You found {found}, expected {expected}.", "$text-warning")
    return Content.assemble(said, "\n\n", told(asked))
