"""Where one looks in a model: which row it reads, which of its bits, which unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from toystory.course.derivation.reached_units import Place, where_something_happens
from toystory.course.derivation.small_model import small_model, small_of
from toystory.course.derivation.steps import DerivationStep, Values, derives, evaluate, value_of, worked
from toystory.course.derivation.symbols import Symbol, symbols_of
from toystory.course.derivation.worked import Worked
from toystory.course.lesson import Lesson
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.training.data import random_bits, truth_table
from toystory.training.experiment import Experiment

FOUR = truth_table(2)
MOST_BITS = 256


def read_bits(text: str) -> tuple[int, ...]:
    """Zeros and ones out of what was typed; blanks and commas between them do not matter.

    Raises ValueError, in a sentence.
    """
    digits = [c for c in text if c not in " ,"]
    if not digits:
        raise ValueError("type some bits: zeros and ones")
    if set(digits) - {"0", "1"}:
        raise ValueError("only zeros and ones are bits")
    if len(digits) > MOST_BITS:
        raise ValueError(f"{len(digits)} bits are too many to show: at most {MOST_BITS}")
    return tuple(int(c) for c in digits)


@dataclass(frozen=True)
class StepValues:
    """What a step comes to now: its value, and its equation with the numbers put in.

    Both None where the model has no such value.
    """

    value: FloatArray | None = None
    worked: Worked | None = None


@dataclass(frozen=True)
class Subject:
    """A model that can be looked into, what it learns from, and the learning rate of its next update."""

    experiment: Experiment
    model: Model
    learning_rate: float


@dataclass(frozen=True)
class Trace:
    """One forward and one backward pass of one row through a model, and where in it one looks.

    row: (1, columns). label: of the whole row. t: the bit looked at, None for a model that reads a row at
    once. unit: the hidden unit, of `units`, in the hidden layer `layer` of `layers`, from 1. chosen: what is
    said where another row or unit was taken since nothing happens at the one asked for. running: the model
    that trains, where a small one is shown.
    """

    lesson: Lesson
    experiment: Experiment
    model: Model
    row: Bits
    label: int
    learning_rate: float
    values: Values
    t: int | None
    unit: int
    units: int
    layer: int
    layers: int
    chosen: str
    running: Subject

    @cached_property
    def steps(self) -> tuple[DerivationStep, ...]:
        """The derivation, as the experiment trains and for the layer that is looked at."""
        return self.lesson.derivation_of(self.experiment, self.layer)

    @cached_property
    def _derived(self) -> bool:
        return derives(self.steps, self.values)

    @property
    def is_small(self) -> bool:
        """Whether the numbers are those of the small model, and not of the one that trains."""
        return self.model is not self.running.model

    @property
    def has_small(self) -> bool:
        """Whether there is a small model like the one that trains."""
        return small_of(self.running.experiment) is not None

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said above the numbers, a line each."""
        small = self.experiment.name if self.is_small else ""
        reads_signs, other = (each.settings.get("signed") for each in (self.model, self.running.model))
        if reads_signs != other:
            small += (
                "; it reads −1 and +1, not 0 and 1" if reads_signs else "; it reads 0 and 1, not −1 and +1"
            )
        return tuple(said for said in (small, self.chosen) if said)

    @property
    def bits(self) -> int:
        """How long the row is."""
        return int(self.row.shape[1])

    @property
    def answer(self) -> float:
        """For the whole row; in time, after the bit looked at."""
        answers = self.values["a"]
        if self.t is not None:
            return float(answers[self.t, 0])
        return float(answers.reshape(len(answers), -1)[0, -1])  # of all that it writes, the last

    def step_values(self, step: DerivationStep) -> StepValues:
        """What `step` comes to here."""
        if not self._derived:
            return StepValues()
        t = -1 if self.t is None else self.t
        return StepValues(
            value_of(step, self.values, self.model, t),
            worked(step, self.values, self.model, self.learning_rate, t, self.unit, self.layer),
        )

    def symbols(self, step: DerivationStep) -> list[tuple[Symbol, tuple[int, ...] | None]]:
        """The symbols of `step`, each with the shape of its array; None where the model has none."""
        return [
            (symbol, np.shape(self.values[symbol.name]) if symbol.name in self.values else None)
            for symbol in symbols_of(step, self.lesson.all_symbols, self.layer)
        ]


@dataclass
class Cursor:
    """What the learner chose to look at: it stays where it is when the model changes, as far as it fits.

    row: None for the lesson's example. t: None for the last bit. unit: None for the first at which something
    happens. layer: of a tower, from 1. small: whether the numbers are to be those of a small model with two
    units, made for the purpose. other_view: whether the inside of an update shows the view that is not the
    first at its size.
    """

    row: tuple[int, ...] | None = None
    t: int | None = None
    unit: int | None = None
    layer: int = 1
    small: bool = False
    other_view: bool = False
    _rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    @property
    def key(self) -> tuple[object, ...]:
        """Changes when the place does."""
        return (self.row, self.t, self.unit, self.layer, self.small)

    def row_for(self, lesson: Lesson, experiment: Experiment) -> Bits:
        """The row, (1, columns); the lesson's example where the model can't read the one chosen.

        Args:
            lesson: The lesson.
            experiment: The experiment.
        """
        if self.row is not None and (experiment.any_length or len(self.row) == experiment.columns):
            return np.array([self.row], dtype=np.uint8)
        return lesson.example_row(experiment)

    def trace(self, lesson: Lesson, experiment: Experiment, model: Model, learning_rate: float) -> Trace:
        """Run the model, or the small one like it, on the row, forward and backward.

        Args:
            lesson: The lesson.
            experiment: The experiment.
            model: The model that trains.
            learning_rate: Of its next update.
        """
        running = Subject(experiment, model, learning_rate)
        small = small_of(experiment) if self.small else None
        if small is not None:
            experiment, model, learning_rate = small, small_model(small), small.learning_rate
        layers = len(experiment.hidden) if experiment.model == "MLP" else 1
        layer = min(self.layer, layers) or 1
        place = self._place(lesson, experiment, model, layer)
        x = place.row
        y = experiment.task.whole_rows(x).y
        with np.errstate(all="ignore"):
            values = evaluate(model, x, y, learning_rate, experiment.clip, experiment.weight_decay)
        last = x.shape[1] - 1
        return Trace(
            lesson,
            experiment,
            model,
            row=x,
            label=int(y.flat[-1]),
            learning_rate=learning_rate,
            values=values,
            t=(last if self.t is None else min(self.t, last)) if experiment.recurrent else None,
            unit=place.unit,
            units=(*experiment.hidden, 1)[layer - 1],
            layer=layer,
            layers=layers,
            chosen=place.said,
            running=running,
        )

    def _place(self, lesson: Lesson, experiment: Experiment, model: Model, layer: int) -> Place:
        """The row and the unit asked for; others near them where nothing would happen there."""
        row = self.row_for(lesson, experiment)
        units = (*experiment.hidden, 1)[layer - 1]
        unit = None if self.unit is None else self.unit % units
        return where_something_happens(
            model, experiment.task, row, unit, layer, keep_row=self.row is not None
        )

    def set_row(self, text: str, experiment: Experiment) -> None:
        """Take the bits typed; none at all for the lesson's example.

        Args:
            text: What was typed.
            experiment: Whose rows they are.

        Raises:
            ValueError: In a sentence.
        """
        if not text.strip():
            self.row = None
            return
        row = read_bits(text)
        if not experiment.any_length and len(row) != experiment.columns:
            raise ValueError(f"this model reads {experiment.columns} bits at once: you typed {len(row)}")
        self.row, self.t = row, None

    def next_row(self, now: Trace) -> None:
        """The next of the four rows of two bits; else a row drawn now, as long as the one of `now`."""
        if now.t is None and now.bits == 2:
            at = int(np.flatnonzero((now.row == FOUR).all(axis=1))[0])
            row = FOUR[(at + 1) % 4]
        else:
            row = random_bits(self._rng, 1, now.bits)[0]
        self.row = tuple(int(bit) for bit in row)

    def move_bit(self, now: Trace, step: int) -> None:
        """Look at a bit, or in a tower at a layer, before or after; beyond the ends nothing happens.

        Args:
            now: What the inspected row came to.
            step: A step of the derivation.
        """
        if now.t is not None:
            self.t = min(max(now.t + step, 0), now.bits - 1)
        else:
            self.layer = min(max(now.layer + step, 1), now.layers)

    def move_unit(self, now: Trace, step: int) -> None:
        """The next unit or the one before, round and round.

        Args:
            now: What the inspected row came to.
            step: A step of the derivation.
        """
        self.unit = (now.unit + step) % now.units
