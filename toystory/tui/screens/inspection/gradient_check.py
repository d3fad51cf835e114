"""A gradient check of the running model: is its backward pass right?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from toystory.models.gradient_check import STEP, GradientCheck, gradient_checks, in_float64
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.tui.screens.base import BaseScreen
from toystory.tui.state.inspection import Trace
from toystory.tui.widgets.footer import Footer

MOST = 200
"""Numbers of a parameter that are checked; of a larger one always the same ones, drawn from a fixed seed."""
RIGHT = 1e-6
"""The relative difference of a right backward pass is below this, in float64."""
FORMULA = "[L(θ + ε) − L(θ − ε)] / 2ε   against   dL/dθ of the backward pass"


@dataclass(frozen=True, eq=False)
class CheckedRow:
    """A model, and the row at which its gradients are checked.

    Attributes:
        name: Of the experiment.
        model: As it is now; a copy is checked.
        x: The row, (1, columns).
        y: Its label or class, (1,).
        told: The row, for a reader.
        label: The label, for a reader.
    """

    name: str
    model: Model
    x: Bits | FloatArray
    y: Bits
    told: str
    label: str

    @classmethod
    def of(cls, trace: Trace) -> CheckedRow:
        """The row of bits that one looks at."""
        bits = "".join(map(str, trace.row[0]))
        told = bits if len(bits) <= 50 else f"{bits[:48]} …"
        y = np.array([trace.label], np.uint8)
        return cls(trace.experiment.name, trace.model, trace.row, y, told, str(trace.label))


def verdict(check: GradientCheck, loss: float) -> str:
    """'agree'; 'agree: too small to measure' where rounding alone may be what differs; 'differ'.

    Args:
        check: Of one parameter.
        loss: At the row checked.
    """
    if not (np.isfinite(check.analytic).all() and np.isfinite(check.measured).all()):
        return "not finite"
    if check.relative_difference <= RIGHT:
        return "agree"
    # The loss is known to its last digit only, and that digit is divided by 2ε.
    rounding = 8 * np.finfo(np.float64).eps * max(loss, 1.0) / (2 * STEP)
    difference = float(np.linalg.norm(check.analytic - check.measured))
    if difference <= rounding * math.sqrt(check.measured.size):
        return "agree, as far as rounding lets see"
    return "differ"


class _Cancelled(Exception):
    """Nobody waits for the rest."""


class GradientCheckScreen(BaseScreen[None]):
    """Parameter by parameter, as they are measured in a thread that ends when the screen is left."""

    DEFAULT_CSS = """
    GradientCheckScreen {
        VerticalScroll {
            padding: 1 2;
        }
        Static {
            height: auto;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,b,backspace", "dismiss", "back", key_display="esc", tooltip="back (also b, C)"),
        Binding("C", "dismiss", "check", show=False),
        Binding("up", "scroll(-1)", "up", show=False, key_display="↑", tooltip="scroll up"),
        Binding("down", "scroll(1)", "down", show=False, key_display="↓", tooltip="scroll down"),
    ]

    @dataclass
    class Checked(Message):
        """One parameter was checked."""

        check: GradientCheck

    @dataclass
    class Ended(Message):
        """Nothing more comes. problem: what went wrong, in a sentence."""

        problem: str = ""

    def __init__(self, row: CheckedRow) -> None:
        super().__init__()
        self._row = row
        self._loss = math.nan
        self.checks: list[GradientCheck] = []
        self.done = False
        self._problem = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(id="table", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._draw()
        self._measure()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _measure(self) -> None:
        worker = get_current_worker()

        def interrupt() -> None:
            if worker.is_cancelled:
                raise _Cancelled

        try:
            row = self._row
            model = in_float64(row.model)
            model.interrupt = interrupt
            with np.errstate(all="ignore"):
                self._loss = model.loss(row.x, row.y, **model.drawn_by_chance(1))
                for check in gradient_checks(model, row.x, row.y, most=MOST):
                    self.post_message(self.Checked(check))
        except _Cancelled:
            return
        except Exception as error:  # the learner may have edited the model
            self.post_message(self.Ended(f"{type(error).__name__}: {error}"))
        else:
            self.post_message(self.Ended())

    def on_gradient_check_screen_checked(self, event: Checked) -> None:
        self.checks.append(event.check)
        self._draw()

    def on_gradient_check_screen_ended(self, event: Ended) -> None:
        self.done, self._problem = True, event.problem
        self._draw()

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _draw(self) -> None:
        self.query_one("#table", Static).update(Content("\n").join(self._lines()))

    def _lines(self) -> list[Content]:
        faint = "$foreground 65%"
        row = self._row
        lines = [
            Content.styled(f"gradient check · {row.name}", "bold $primary"),
            Content(),
            Content.styled(FORMULA, "bold"),
            Content.styled("‖backward − central‖ / (‖backward‖ + ‖central‖), ε = 10⁻⁶, in float64", faint),
            Content.assemble(("row ", faint), row.told, ("   label ", faint), row.label),
            Content.styled(f"of a parameter at most {MOST} numbers are checked, always the same ones", faint),
            Content(),
            Content.styled(
                _row("parameter", "checked", "‖backward‖", "‖central‖", "relative") + "verdict", faint
            ),
        ]
        if row.model.drawn_by_chance(1):
            lines.insert(-2, Content.styled("dropout: one mask is drawn and held still", faint))
        for check in self.checks:
            said = verdict(check, self._loss)
            color = "$text-success" if said.startswith("agree") else "$text-error"
            size = check.measured.size
            figures = _row(
                check.name,
                f"{size:,} of {size + check.left_out:,}",
                f"{np.linalg.norm(check.analytic):.3e}",
                f"{np.linalg.norm(check.measured):.3e}",
                f"{check.relative_difference:.1e}",
            )
            lines.append(Content.assemble(figures, (said, f"bold {color}")))
        if not self.done:
            lines.append(Content.styled(f"… {len(row.model.parameters) - len(self.checks)} to come", faint))
        elif self._problem:
            lines.append(Content.styled(self._problem, "$text-error"))
        else:
            right = sum(verdict(check, self._loss).startswith("agree") for check in self.checks)
            lines += [Content(), Content.styled(f"{right} of {len(self.checks)} parameters agree", "bold")]
        return lines

    def copy_text(self) -> str:
        """The table as plain lines."""
        return "\n".join(line.plain for line in self._lines())


def _row(name: str, *figures: str) -> str:
    return f"{name:<10}" + "".join(f"{figure:>13}" for figure in figures) + "  "
