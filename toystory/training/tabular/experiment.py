"""An experiment on rows of real numbers: data, network, training and seed, as plain values."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from toystory.base.nearest import nearest
from toystory.models.model import carry_on
from toystory.models.softmax_mlp import SoftmaxMLP
from toystory.training.settings import MOST_UNITS, MOST_UPDATES, OPTIMIZER_NAMES, OptimizerName, WrongSetting
from toystory.training.tabular.csv_reader import BadTable, read_dataset
from toystory.training.tabular.dataset import FEWEST_OF_A_CLASS, Dataset
from toystory.training.tabular.tasks import ROWS, TASKS, make_dataset

MOST_MADE_ROWS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class TabularExperiment:
    """Plain values only, so that it can be compared, changed with `dataclasses.replace` and written down.

    Attributes:
        name: For a reader.
        data: A made task of `TASKS`, or the path of a CSV file.
        label: Of a CSV file, the column of classes; None to be told which there are.
        without: Of a CSV file, columns to leave out.
        drop_missing: Of a CSV file, whether rows with missing values are left out.
        rows: Of a made task, how many are drawn.
        noise: Of a made task, standard deviation; None for the task's own.
        hidden: Units of each hidden layer; none for a model whose borders are straight lines.
        updates: How many are made, at most.
        batch: Rows an update.
        optimizer: How a gradient becomes an update.
        learning_rate: How far an update goes.
        dropout: Share of the hidden units left out in training.
        weight_decay: λ, how strongly weights are pulled towards zero.
        patience: Updates to go on for without a lower validation loss; None for ever.
        evaluate_every: Updates between two looks at the validation rows.
        seed: Of the drawn rows, the split, the first weights, dropout and the batches.

    Raises:
        WrongSetting: In one sentence, where the values make no experiment.
    """

    name: str
    data: str
    label: str | None = None
    without: tuple[str, ...] = ()
    drop_missing: bool = False
    rows: int | None = None
    noise: float | None = None
    hidden: tuple[int, ...] = (32,)
    updates: int = 3000
    batch: int = 32
    optimizer: OptimizerName = "adam"
    learning_rate: float = 0.01
    dropout: float = 0.0
    weight_decay: float = 0.0
    patience: int | None = 600
    evaluate_every: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        for setting, sentence in self._misfits():
            raise WrongSetting(setting, sentence)

    def _misfits(self) -> Iterator[tuple[str, str]]:
        whole = "a whole number from 1 to"
        if not all(1 <= units <= MOST_UNITS for units in self.hidden):
            yield "hidden", f"hidden units are {self.hidden}: expected {whole} {MOST_UNITS:,} for each layer"
        if not 1 <= self.updates <= MOST_UPDATES:
            yield "updates", f"updates is {self.updates:,}: expected {whole} {MOST_UPDATES:,}"
        if not 1 <= self.batch <= MOST_MADE_ROWS:
            yield "batch", f"batch is {self.batch:,}: expected {whole} {MOST_MADE_ROWS:,}"
        if self.evaluate_every < 1 or (self.patience is not None and self.patience < 1):
            yield "patience", "patience and measure every are counted in updates: expected 1 or more"
        if self.optimizer not in OPTIMIZER_NAMES:
            yield (
                "optimizer",
                f"optimizer is {self.optimizer!r}: expected one of {', '.join(OPTIMIZER_NAMES)}",
            )
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            yield "learning_rate", f"learning rate is {self.learning_rate}: expected a number above zero"
        if not 0 <= self.dropout < 1:
            yield "dropout", f"dropout is {self.dropout}: expected a share, from 0 to below 1"
        if not 0 <= self.weight_decay < math.inf:
            yield "weight_decay", f"weight decay is {self.weight_decay}: expected a number, zero or above"
        if not 0 <= self.seed < 2**63:
            yield "seed", f"seed is {self.seed:,}: expected a whole number, zero or above"
        if self.made:
            yield from self._task_misfits()
        elif self.rows is not None or self.noise is not None:
            which = "rows" if self.rows is not None else "noise"
            yield which, f"{which} is for tasks that are drawn: a CSV file has what it has"

    def _task_misfits(self) -> Iterator[tuple[str, str]]:
        if self.label is not None or self.without or self.drop_missing:
            yield "label", f"label, without and drop-missing are for a CSV file: {self.data} is a task"
        fewest = FEWEST_OF_A_CLASS * len(TASKS[self.data].class_names)
        if self.rows is not None and not fewest <= self.rows <= MOST_MADE_ROWS:
            expected = f"a whole number from {fewest} to {MOST_MADE_ROWS:,}"
            yield "rows", f"rows is {self.rows:,}: expected {expected}"
        if self.noise is not None and not 0 <= self.noise < math.inf:
            yield "noise", f"noise is {self.noise}: expected a number, zero or above"

    @property
    def made(self) -> bool:
        """Whether its rows are drawn, and not read from a file."""
        return self.data in TASKS

    def load_data(self, interrupt: Callable[[], None] = carry_on) -> Dataset:
        """Draw the rows, or read them.

        Args:
            interrupt: Called between pieces of the reading; raise from it to abandon it.

        Raises:
            BadTable: The file holds no table to learn from.
        """
        if self.made:
            return make_dataset(self.data, self.rows or ROWS, self.noise, self._streams()[0])
        if not self.data.lower().endswith((".csv", ".tsv", ".txt")) and not Path(self.data).exists():
            near = nearest(self.data, TASKS)
            hint = f"did you mean {near}? " if near else ""
            raise BadTable(f"there is no file {self.data}: {hint}the tasks are {', '.join(TASKS)}")
        path = Path(self.data).expanduser()
        return read_dataset(path, self.label, self.without, self.drop_missing, interrupt)

    def build_model(self, data: Dataset) -> SoftmaxMLP:
        """The untrained model for these data; the same one at every call."""
        return SoftmaxMLP(
            (data.columns, *self.hidden, len(data.class_names)),
            dropout=self.dropout,
            weight_decay=self.weight_decay,
            column_names=data.column_names,
            class_names=data.class_names,
            label_name=data.label_name,
            seed=self.seed,
        )

    def split_rng(self) -> np.random.Generator:
        """Splits the rows."""
        return self._streams()[1]

    def batch_rng(self) -> np.random.Generator:
        """Shuffles the training rows."""
        return self._streams()[2]

    def describe(self) -> str:
        """The settings in one line, for a reader."""
        layers = f"hidden layers {'-'.join(map(str, self.hidden))}" if self.hidden else "no hidden layer"
        against = [f"dropout {self.dropout:g}"] if self.dropout else []
        against += [f"weight decay {self.weight_decay:g}"] if self.weight_decay else []
        return ", ".join(
            [
                f"SoftmaxMLP, {layers}, batches of {self.batch:,}",
                f"{self.optimizer} at learning rate {self.learning_rate:g}",
                f"at most {self.updates:,} updates",
                *against,
            ]
        )

    @property
    def command(self) -> str:
        """What to type so that it runs again: only what is not as it would be anyway."""
        words = ["toystory", "train", "--data", self.data]
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("name", "data") or value == field.default:
                continue
            words.append("--" + field.name.replace("_", "-"))
            if field.name == "patience" and value is None:
                words.append(str(self.updates))  # so long it never waits
            elif isinstance(value, tuple):
                words.append(",".join(map(str, value)) or "0")
            elif not isinstance(value, bool):
                words.append(str(value))
        return shlex.join(words)

    def _streams(self) -> list[np.random.Generator]:
        """Streams of the one seed, so that no choice of one part changes another."""
        return [np.random.default_rng(s) for s in np.random.SeedSequence(self.seed).spawn(3)]
