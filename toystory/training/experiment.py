"""An experiment: a model, its data, its training settings and its seed. Enough to run it again exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from toystory.models.activations import ACTIVATIONS
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.lstm import LSTM
from toystory.models.mlp import FIRST_WEIGHTS, MLP, FirstWeights
from toystory.models.model import Model
from toystory.models.rnn import RNN
from toystory.models.two_layer import TwoLayerNet
from toystory.training.data import GATES, LABEL_RULES, LENGTH_RULES, GateName, LabelRule, LengthRule, Task

ModelName = Literal["LogisticRegression", "TwoLayerNet", "MLP", "RNN", "LSTM"]
OptimizerName = Literal["gradient descent", "momentum", "adam"]
MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)
OPTIMIZER_NAMES: tuple[OptimizerName, ...] = get_args(OptimizerName)

MOST_ROWS = 100_000_000
MOST_COLUMNS = 100_000
MOST_UPDATES = 1_000_000_000
MOST_UNITS = 100_000
MOST_BITS = 10_000_000_000
"""Rows × columns: a byte a bit."""
MOST_NUMBERS = 1_000_000_000
"""Held at once while a model trains: 4 GB of float32."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Plain values only, so that it can be compared, changed with `dataclasses.replace` and written down.

    Raises ValueError, in one sentence, where the values make no experiment.
    """

    name: str
    model: ModelName
    columns: int
    seed: int = 0

    hidden: tuple[int, ...] = ()
    """Hidden units, a number a layer."""
    activation: str = "relu"
    first_weights: FirstWeights = "he"
    weight_scale: float | None = None
    """Standard deviation of the first weights; None for the model's own choice."""
    bit_scale: float | None = None
    """RNN and LSTM: standard deviation of the first weights from the bits; None for the model's own choice."""
    forget_bias: float = 1.0
    """LSTM: where the bias of its forget gates starts."""
    signed: bool = True
    """MLP and RNN: read the bits as −1 and +1."""
    start: tuple[float, ...] = ()
    """Logistic regression: first weights, and then the bias."""
    dtype: Literal["float32", "float64"] = "float32"

    rows: int | None = None
    """Rows drawn once and kept; None for fresh rows in every batch."""
    given: tuple[tuple[int, ...], ...] = ()
    """These rows, and no drawn ones."""
    relevant: tuple[int, ...] | None = None
    """Which columns count; None for all."""
    gate: GateName = "xor"
    lengths: LengthRule = "full"
    labels: LabelRule = "end"

    updates: int
    batch: int | None = None
    """Rows an update; None for all of them."""
    optimizer: OptimizerName = "adam"
    learning_rate: float
    final_learning_rate: float = 1.0
    """The share of the learning rate left at the last update; it falls in a straight line."""
    clip: float | None = None
    """The longest gradient let through."""
    stop_at: float | None = None
    """End early when the accuracy on fresh rows reaches this."""
    evaluate_every: int = 50
    """Updates between two measurements of accuracy."""

    def __post_init__(self) -> None:
        _choice("model", self.model, MODEL_NAMES)
        _choice("activation", self.activation, tuple(ACTIVATIONS))
        _choice("first weights", self.first_weights, FIRST_WEIGHTS)
        _choice("optimizer", self.optimizer, OPTIMIZER_NAMES)
        _choice("gate", self.gate, GATES)
        _choice("lengths", self.lengths, LENGTH_RULES)
        _choice("labels", self.labels, LABEL_RULES)
        _choice("dtype", self.dtype, ("float32", "float64"))
        _within("columns", self.columns, 1, MOST_COLUMNS)
        _within("updates", self.updates, 0, MOST_UPDATES)
        _within("seed", self.seed, 0, 2**63 - 1)
        _within("evaluate every", self.evaluate_every, 1, MOST_UPDATES)
        for units in self.hidden:
            _within("hidden units", units, 1, MOST_UNITS)
        if self.rows is not None:
            _within("rows", self.rows, 1, MOST_ROWS)
        if self.batch is not None:
            _within("batch", self.batch, 1, MOST_ROWS)
        _positive("learning rate", self.learning_rate)
        _share("final learning rate", self.final_learning_rate)
        if self.stop_at is not None:
            _share("stop at", self.stop_at)
        for what, scale in (("weight scale", self.weight_scale), ("bit scale", self.bit_scale)):
            if scale is not None and not 0 <= scale < math.inf:
                raise ValueError(f"{what} is {scale}: expected a number, zero or above")
        if not math.isfinite(self.forget_bias):
            raise ValueError(f"forget bias is {self.forget_bias}: expected a number")
        if self.clip is not None:
            _positive("clip", self.clip)
        self._check_fit()

    def _check_fit(self) -> None:
        """The values are each fine: do they go together?"""
        layers = len(self.hidden)
        if self.model == "LogisticRegression" and layers:
            raise ValueError("logistic regression has no hidden units: leave them out")
        if self.model in ("TwoLayerNet", "RNN", "LSTM") and layers != 1:
            raise ValueError(f"{self.model} has one hidden layer: give one number of hidden units")
        if self.start and self.model != "LogisticRegression":
            raise ValueError("only logistic regression takes its first weights one by one")
        if self.start and len(self.start) != self.columns + 1:
            raise ValueError(f"start has {len(self.start)} numbers: expected {self.columns + 1}, a bias last")
        if not self.recurrent and (self.lengths != "full" or self.labels != "end"):
            raise ValueError(f"{self.model} reads whole rows: lengths must be full and labels at the end")
        if any(len(row) != self.columns for row in self.given):
            raise ValueError(f"a given row has not {self.columns} bits: every row needs one a column")
        if any(bit not in (0, 1) for row in self.given for bit in row):
            raise ValueError("a given row holds something else than bits: zeros and ones only")
        if self.given and self.rows is not None:
            raise ValueError("rows are given: leave out how many to draw")
        if self.relevant is not None and not all(0 <= i < self.columns for i in self.relevant):
            raise ValueError(f"a relevant column lies outside the {self.columns} columns there are")
        if self.relevant is not None and len(set(self.relevant)) < len(self.relevant):
            raise ValueError("a relevant column is named twice: name each once")
        if self.rows is None and not self.given and self.batch is None:
            raise ValueError("fresh rows for every update need a batch size")
        self._check_size()

    def _check_size(self) -> None:
        """Would it fit into the memory of an ordinary computer?"""
        rows = self.rows or self.batch or 0
        if rows * self.columns > MOST_BITS:
            raise ValueError(
                f"{rows:,} rows of {self.columns:,} bits are too many: expected at most {MOST_BITS:,} bits"
            )
        if (numbers := self._numbers_at_once()) > MOST_NUMBERS:
            raise ValueError(
                f"{self.model} would hold {numbers:.0e} numbers at once: "
                f"expected at most {MOST_NUMBERS:.0e}, so give fewer columns or hidden units"
            )

    def _numbers_at_once(self) -> int:
        """About how many numbers training holds: the weights, and what a piece of a batch comes to."""
        if self.recurrent:
            units = self.hidden[0] * (4 if self.model == "LSTM" else 1)
            # Five arrays of (steps, units, rows), and a gradient of the memory's weights for every step.
            return self.columns * units * (5 * RNN.rows_at_once + self.hidden[0])
        sizes = (self.columns, *self.hidden, 1)
        weights = sum(inputs * units for inputs, units in pairwise(sizes))
        # Weights, gradients and what Adam remembers; forward and backward values of every unit.
        return 5 * weights + 4 * MLP.rows_at_once * sum(sizes)

    @property
    def recurrent(self) -> bool:
        """Whether the model reads bit by bit."""
        return self.model in ("RNN", "LSTM")

    @property
    def task(self) -> Task:
        """What the rows are and what is asked of them."""
        return Task(self.columns, self.relevant, self.lengths, self.labels, self.gate)

    def describe(self) -> str:
        """The settings in one line, for a reader."""
        units = "-".join(str(n) for n in (self.columns, *self.hidden, 1))
        layers = f"{self.hidden[0]} hidden units" if self.recurrent else units
        data = self._describe_rows()
        at_most = "at most " if self.stop_at else ""
        batch = f", batches of {self.batch:,}" if self.batch else ""
        plural = "" if self.updates == 1 else "s"
        return (
            f"{self.model} {layers}, {data}{batch}, {self.optimizer} "
            f"at learning rate {self.learning_rate:g}, {at_most}{self.updates:,} update{plural}"
        )

    def _describe_rows(self) -> str:
        if self.given:
            return "the rows " + " ".join("".join(map(str, row)) for row in self.given)
        cut = {"full": "", "one per batch": ", one length a batch", "mixed": ", a length each"}[self.lengths]
        rows = f"{self.rows:,} rows" if self.rows else "fresh rows"
        count = "" if self.relevant is None else f", {len(self.relevant)} of which count"
        labels = ", a label at every step" if self.labels == "every step" else ""
        gate = "" if self.gate == "xor" else f", asked for {self.gate}"
        return f"{rows} of {self.columns} bits{count}{gate}{cut}{labels}"

    def build_model(self) -> Model:
        """The untrained model; the same one at every call."""
        seed, dtype, scale = self.seed, self.dtype, self.weight_scale
        match self.model:
            case "LogisticRegression":
                if not self.start:
                    return LogisticRegression(self.columns, seed=seed, dtype=dtype)
                weights, bias = self.start[:-1], self.start[-1]
                return LogisticRegression(self.columns, weights=weights, bias=bias, seed=seed, dtype=dtype)
            case "TwoLayerNet":
                scale = 1.0 if scale is None else scale
                return TwoLayerNet(self.columns, self.hidden[0], weight_scale=scale, seed=seed, dtype=dtype)
            case "MLP":
                return MLP(
                    (self.columns, *self.hidden, 1),
                    activation=self.activation,
                    first_weights=self.first_weights,
                    weight_scale=0.01 if scale is None else scale,
                    signed=self.signed,
                    seed=seed,
                    dtype=dtype,
                )
            case "RNN":
                return RNN(
                    self.hidden[0],
                    weight_scale=scale,
                    bit_scale=self.bit_scale,
                    signed=self.signed,
                    seed=seed,
                    dtype=dtype,
                )
            case "LSTM":
                return LSTM(
                    self.hidden[0],
                    forget_bias=self.forget_bias,
                    bit_scale=self.bit_scale,
                    seed=seed,
                    dtype=dtype,
                )


def _choice(what: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{what} is {value!r}: expected one of {', '.join(choices)}")


def _within(what: str, value: int, least: int, most: int) -> None:
    if not (isinstance(value, int) and least <= value <= most):
        raise ValueError(f"{what} is {value:,}: expected a whole number from {least:,} to {most:,}")


def _positive(what: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{what} is {value}: expected a number above zero")


def _share(what: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{what} is {value}: expected a share, from 0 to 1")
