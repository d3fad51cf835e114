"""An experiment: a model, its data, its training settings and its seed. Enough to run it again exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from toystory.models.fast.attention import FastAttention
from toystory.models.loading import MODELS
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.rnn import RNN
from toystory.training.data import Task
from toystory.training.settings import (
    SETTINGS,
    ActivationName,
    FirstWeights,
    GateName,
    LabelRule,
    LengthRule,
    ModelName,
    OptimizerName,
    Precision,
    WrongSetting,
)

MOST_BITS = 10_000_000_000
"""Rows × columns: a byte a bit."""
MOST_NUMBERS = 1_000_000_000
"""Held at once while a model trains: 4 GB of float32."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Plain values only, so that it can be compared, changed with `dataclasses.replace` and written down.

    What each field means, how it is typed and what it may be stands in `training.settings`.

    Raises:
        WrongSetting: in one sentence, where the values make no experiment.
    """

    name: str
    model: ModelName
    columns: int
    seed: int = 0

    hidden: tuple[int, ...] = ()
    activation: ActivationName = "relu"
    first_weights: FirstWeights = "he"
    weight_scale: float | None = None
    bit_scale: float | None = None
    forget_bias: float = 1.0
    signed: bool = True
    width: int = 8
    thinks_aloud: bool = True
    scale_scores: bool = True
    start: tuple[float, ...] = ()
    dtype: Precision = "float32"

    rows: int | None = None
    given: tuple[tuple[int, ...], ...] = ()
    relevant: tuple[int, ...] | None = None
    gate: GateName = "xor"
    lengths: LengthRule = "full"
    labels: LabelRule = "end"

    updates: int
    batch: int | None = None
    optimizer: OptimizerName = "adam"
    learning_rate: float
    final_learning_rate: float = 1.0
    clip: float | None = None
    weight_decay: float = 0.0
    stop_at: float | None = None
    stop_after: int = 0
    patience: int | None = None
    evaluate_every: int = 50

    def __post_init__(self) -> None:
        for name, setting in SETTINGS.items():
            setting.check(getattr(self, name))
        for field, sentence in self._misfits():
            raise WrongSetting(field, sentence)

    def _misfits(self) -> Iterator[tuple[str, str]]:
        """The values are each fine: what keeps them from going together, after the field it is about."""
        layers, columns, given, relevant = len(self.hidden), self.columns, self.given, self.relevant or ()
        if self.model == "LogisticRegression" and layers:
            yield "hidden", "logistic regression has no hidden units: leave them out"
        if self.model not in ("LogisticRegression", "MLP") and layers != 1:
            yield "hidden", f"{self.model} has one hidden layer: give one number of hidden units"
        if self.start and self.model != "LogisticRegression":
            yield "start", "only logistic regression takes its first weights one by one"
        if self.start and len(self.start) != columns + 1:
            yield "start", f"start has {len(self.start)} numbers: expected {columns + 1}, a bias last"
        if self.model == "Attention":
            yield from self._attention_misfits()
        elif not self.recurrent and (self.lengths != "full" or self.labels != "end"):
            yield "lengths", f"{self.model} reads whole rows: lengths must be full and labels at the end"
        if any(len(row) != columns for row in given):
            yield "given", f"a given row has not {columns} bits: every row needs one a column"
        if any(bit not in (0, 1) for row in given for bit in row):
            yield "given", "a given row holds something else than bits: zeros and ones only"
        if given and self.rows is not None:
            yield "rows", "rows are given: leave out how many to draw"
        if not all(0 <= column < columns for column in relevant):
            yield "relevant", f"a relevant column lies outside the {columns} columns there are"
        if len(set(relevant)) < len(relevant):
            yield "relevant", "a relevant column is named twice: name each once"
        if self.rows is None and not given and self.batch is None:
            yield "batch", "fresh rows for every update need a batch size"
        # Would it fit into the memory of an ordinary computer?
        rows = self.rows or self.batch or 0
        if rows * columns > MOST_BITS:
            most = f"expected at most {MOST_BITS:,} bits"
            yield "", f"{rows:,} rows of {columns:,} bits are too many: {most}"
        if (numbers := self._numbers_at_once()) > MOST_NUMBERS:
            yield (
                "",
                f"{self.model} would hold {numbers:.0e} numbers at once: "
                f"expected at most {MOST_NUMBERS:.0e}, so give fewer columns or hidden units",
            )

    def _attention_misfits(self) -> Iterator[tuple[str, str]]:
        if self.lengths == "mixed":
            yield (
                "lengths",
                "Attention reads batches of one length: lengths must be full or one per batch",
            )
        if self.thinks_aloud and self.labels != "every step":
            yield "labels", "who thinks aloud learns from every bit written: labels must be at every step"
        if not self.thinks_aloud and self.labels != "end":
            yield "labels", "who answers at once gives one answer a row: labels must be at the end"

    def _numbers_at_once(self) -> int:
        """About how many numbers training holds: the weights, and what a piece of a batch comes to."""
        if self.recurrent:
            units = self.hidden[0] * (4 if self.model == "LSTM" else 1)
            # Five arrays of (steps, units, rows), and a gradient of the memory's weights for every step.
            return self.columns * units * (5 * RNN.rows_at_once + self.hidden[0])
        if self.model == "Attention":
            weights = self.width * (4 * self.width + 2 * self.hidden[0])
            # For every answer: three numbers of each of 17 kinds, what comes of them, and of every ReLU unit.
            return 5 * weights + self.columns * FastAttention.rows_at_once * (100 + 3 * self.hidden[0])
        sizes = (self.columns, *self.hidden, 1)
        weights = sum(inputs * units for inputs, units in pairwise(sizes))
        # Weights, gradients and what Adam remembers; forward and backward values of every unit.
        return 5 * weights + 4 * MLP.rows_at_once * sum(sizes)

    @property
    def recurrent(self) -> bool:
        """Whether the model reads bit by bit."""
        return self.model in ("RNN", "LSTM")

    @property
    def any_length(self) -> bool:
        """Whether the model reads rows of other lengths than `columns`, too."""
        return self.recurrent or self.model == "Attention"

    @property
    def task(self) -> Task:
        """What the rows are and what is asked of them."""
        return Task(self.columns, self.relevant, self.lengths, self.labels, self.gate)

    @cached_property
    def parameters(self) -> int:
        """How many numbers training adjusts."""
        return self.build_model().size

    def describe(self) -> str:
        """The settings in one line, for a reader."""
        layers = self._describe_layers()
        data = self._describe_rows()
        at_most = "at most " if self.stop_at else ""
        batch = f", batches of {self.batch:,}" if self.batch else ""
        plural = "" if self.updates == 1 else "s"
        return (
            f"{self.model} {layers}, {data}{batch}, {self.optimizer} "
            f"at learning rate {self.learning_rate:g}, {at_most}{self.updates:,} update{plural}"
        )

    def _describe_layers(self) -> str:
        if self.recurrent:
            return f"{self.hidden[0]} hidden units"
        if self.model != "Attention":
            return "-".join(str(n) for n in (self.columns, *self.hidden, 1))
        how = "" if self.thinks_aloud else ", answering at once"
        scores = "" if self.scale_scores else ", scores not scaled"
        return f"{self.width} wide, {self.hidden[0]} hidden units{how}{scores}"

    def _describe_rows(self) -> str:
        if self.given:
            return "the rows " + " ".join("".join(map(str, row)) for row in self.given)
        cut = {
            "full": "",
            "one per batch": ", one length a batch",
            "one even per batch": ", one even length a batch",
            "mixed": ", a length each",
        }[self.lengths]
        rows = f"{self.rows:,} rows" if self.rows else "fresh rows"
        count = "" if self.relevant is None else f", {len(self.relevant)} of which count"
        labels = ", a label at every step" if self.labels == "every step" else ""
        gate = "" if self.gate == "xor" else f", asked for {self.gate}"
        return f"{rows} of {self.columns} bits{count}{gate}{cut}{labels}"

    def build_model(self) -> Model:
        """The untrained model, of the class that MODELS has under its name; the same one at every call."""
        make: Callable[..., Model] = MODELS[self.model]
        seed, dtype, scale = self.seed, self.dtype, self.weight_scale
        match self.model:
            case "LogisticRegression":
                if not self.start:
                    return make(self.columns, seed=seed, dtype=dtype)
                weights, bias = self.start[:-1], self.start[-1]
                return make(self.columns, weights=weights, bias=bias, seed=seed, dtype=dtype)
            case "TwoLayerNet":
                scale = 1.0 if scale is None else scale
                return make(self.columns, self.hidden[0], weight_scale=scale, seed=seed, dtype=dtype)
            case "AutogradNet":
                scale = 1.0 if scale is None else scale
                return make(self.columns, self.hidden[0], weight_scale=scale, seed=seed, dtype=dtype)
            case "MLP":
                return make(
                    (self.columns, *self.hidden, 1),
                    activation=self.activation,
                    first_weights=self.first_weights,
                    weight_scale=0.01 if scale is None else scale,
                    signed=self.signed,
                    seed=seed,
                    dtype=dtype,
                )
            case "RNN":
                return make(
                    self.hidden[0],
                    weight_scale=scale,
                    bit_scale=self.bit_scale,
                    signed=self.signed,
                    seed=seed,
                    dtype=dtype,
                )
            case "LSTM":
                return make(
                    self.hidden[0],
                    forget_bias=self.forget_bias,
                    bit_scale=self.bit_scale,
                    seed=seed,
                    dtype=dtype,
                )
            case "Attention":
                return make(
                    self.width,
                    self.hidden[0],
                    thinks_aloud=self.thinks_aloud,
                    scale_scores=self.scale_scores,
                    seed=seed,
                    dtype=dtype,
                )
