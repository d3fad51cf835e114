"""A multi-layer perceptron for real numbers and several classes: softmax at its end, dropout, weight decay.

Notation and shapes, for a batch of `rows` rows and layers l = 1 … n of the given sizes:
    x     (rows, columns)            real numbers as they were measured
    a0    (rows, columns)            the same, standardised: mean 0 and spread 1 in every column
    W‹l›  (units before, units)      weights of layer l      b‹l›  (units,)
    z‹l›  (rows, units)              sums                    a‹l›  (rows, units)   activations
    m‹l›  (rows, units)              dropout: 0 for a unit left out, 1 / (1 − p) for one kept; p is its share
    h‹l›  (rows, units)              with dropout: what the units say before some are left out
    z, a  (rows, classes)            logits and probabilities; the last layer has a unit for every class
    y     (rows,)                    the right class, from 0

Forward, for l = 1 … n:
    a0   = (x − mean) / spread       both of the rows that it learns from
    z‹l› = a‹l−1› W‹l› + b‹l›
    h‹l› = relu(z‹l›)                in the hidden layers
    a‹l› = h‹l› ∘ m‹l›               with dropout; a‹l› = h‹l› without it, and when it predicts
    a    = softmax(z‹n›)             a[i] = e^z[i] / Σ e^z
    L    = mean over rows of −log a[y], plus λ/2 Σ W‹l›²

Backward, for l = n … 1:
    dz‹n›   = (a − onehot(y)) / rows
    dW‹l›   = a‹l−1›ᵀ dz‹l› + λ W‹l›      db‹l› = Σ dz‹l›
    da‹l−1› = dz‹l› W‹l›ᵀ
    dh‹l−1› = da‹l−1› ∘ m‹l−1›            with dropout, else dh‹l−1› = da‹l−1›
    dz‹l−1› = dh‹l−1› ∘ relu′(z‹l−1›)

Bridle, 'Probabilistic interpretation of feedforward classification network outputs', Neurocomputing, 1990,
for softmax with cross-entropy; He et al., ICCV 2015, for the first weights; Srivastava, Hinton, Krizhevsky,
Sutskever & Salakhutdinov, 'Dropout', JMLR 15, 2014; Krogh & Hertz, 'A simple weight decay can improve
generalization', NIPS 1991.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from toystory.models.model import Model
from toystory.models.parts.activations import relu, relu_derivative, softmax
from toystory.models.parts.arrays import Bits, Cache, FloatArray, Lengths, Parameters, column_sums
from toystory.models.parts.batches import Batch
from toystory.models.parts.first_weights import he
from toystory.models.parts.loss import softmax_cross_entropy

MOST_CLASSES = 100

Masks = list[FloatArray]
"""m1, m2, …: one for each hidden layer."""


class SoftmaxMLP(Model):
    """Layers of ReLU units, and a probability for every class.

    Args:
        layer_sizes: All of them: columns, hidden layers, classes; for example (4, 16, 3).
        dropout: Share of the hidden units left out in every training row, from 0 to below 1.
        weight_decay: λ, how strongly the loss pulls weights towards zero; biases are left alone.
        means: Of every column, taken from it; None: `fit` finds out, zero until then.
        spreads: Of every column (standard deviation), divided by; None as with the means, one until then.
        column_names: What the columns are called; empty where nobody said.
        class_names: What the classes are called, in their order; empty where nobody said.
        label_name: What the classes are about; empty where nobody said.
        seed: Of the first weights and of dropout, each with a random stream of its own.
        dtype: float32, or float64.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        *,
        dropout: float = 0.0,
        weight_decay: float = 0.0,
        means: Sequence[float] | None = None,
        spreads: Sequence[float] | None = None,
        column_names: Sequence[str] = (),
        class_names: Sequence[str] = (),
        label_name: str = "",
        seed: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        layer_sizes = tuple(layer_sizes)
        if len(layer_sizes) < 2 or min(layer_sizes) < 1 or not 2 <= layer_sizes[-1] <= MOST_CLASSES:
            raise ValueError(
                f"layer sizes {layer_sizes}: expected columns, hidden layers, and 2 to {MOST_CLASSES} classes"
            )
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout is {dropout}: expected a share, from 0 to below 1")
        if not 0 <= weight_decay < np.inf:
            raise ValueError(f"weight decay is {weight_decay}: expected a number, zero or above")
        columns, classes = layer_sizes[0], layer_sizes[-1]
        for what, said, number in (("column", column_names, columns), ("class", class_names, classes)):
            if said and len(said) != number:
                raise ValueError(f"{len(said)} {what} names: expected {number}, or none")
        self.layer_sizes, self.dropout, self.weight_decay = layer_sizes, float(dropout), float(weight_decay)
        self.column_names, self.class_names = tuple(map(str, column_names)), tuple(map(str, class_names))
        self.label_name = label_name
        told = ("layer_sizes", "dropout", "weight_decay", "column_names", "class_names", "label_name")
        super().__init__({name: getattr(self, name) for name in told}, seed, dtype)
        self.layers = len(layer_sizes) - 1
        self.standardised = means is not None and spreads is not None
        """Whether it knows the mean and spread of its columns."""
        self._standardise_by(
            np.zeros(columns) if means is None else np.asarray(means, np.float64),
            np.ones(columns) if spreads is None else np.asarray(spreads, np.float64),
        )
        self.dropout_rng = np.random.default_rng((seed, 1))
        """Draws the masks, and nothing else."""

        rng = np.random.default_rng(seed)
        for l in range(1, self.layers + 1):
            shape = (layer_sizes[l - 1], layer_sizes[l])
            self._add_parameters(**{f"W{l}": he(rng, shape), f"b{l}": np.zeros(shape[1])})

    def forward(self, x: ArrayLike, masks: Masks | None = None) -> Cache:
        """Answer the rows and keep every intermediate value, `a` the probabilities.

        Args:
            x: Real numbers, (rows, columns).
            masks: Of dropout, from `draw_masks`; None to predict, with every unit at work.
        """
        x = self._rows(x, self.layer_sizes[0])
        a0 = ((x - self.means) / self.spreads).astype(self.dtype)
        cache: Cache = {"x": x, "a0": a0}

        for l in range(1, self.layers + 1):
            W, b = self.parameters[f"W{l}"], self.parameters[f"b{l}"]
            z = cache[f"a{l - 1}"] @ W + b
            cache[f"z{l}"] = z
            if l < self.layers:
                a = relu(z)
                if masks is not None:
                    cache[f"h{l}"], cache[f"m{l}"] = a, masks[l - 1]
                    a = a * masks[l - 1]
            else:
                a = softmax(z)
            cache[f"a{l}"] = a
        cache["z"], cache["a"] = z, a
        return cache

    def backward(self, cache: Cache, y: ArrayLike) -> Parameters:
        a = cache["a"]
        y = self._classes(y, len(a))
        gradients: Parameters = {}

        onehot = np.zeros_like(a)
        onehot[np.arange(len(y)), y] = 1
        dz = (a - onehot) / len(y)
        for l in range(self.layers, 0, -1):
            cache[f"dz{l}"] = dz
            W = self.parameters[f"W{l}"]
            gradients[f"W{l}"] = cache[f"a{l - 1}"].T @ dz + self.weight_decay * W
            gradients[f"b{l}"] = column_sums(dz)
            if l > 1:
                da = dz @ W.T
                cache[f"da{l - 1}"] = da
                if f"m{l - 1}" in cache:
                    da = da * cache[f"m{l - 1}"]
                    cache[f"dh{l - 1}"] = da
                dz = da * relu_derivative(cache[f"a{l - 1}"])
        cache["y"], cache["onehot"] = y, onehot
        return {name: gradients[name] for name in self.parameters}

    def drawn_by_chance(self, rows: int) -> dict[str, Any]:
        """Where there is dropout, the masks that come next; the stream that draws them stays where it is."""
        if not self.dropout:
            return {}
        state = self.dropout_rng.bit_generator.state
        masks = self.draw_masks(rows)
        self.dropout_rng.bit_generator.state = state
        return {"masks": masks}

    def draw_masks(self, rows: int) -> Masks:
        """Dropout for one training batch: which units of every row are kept, and how much larger they count.

        A unit that is kept counts 1 / (1 − p) times, so that the sums above it stay as large as they will be
        when nothing is left out ('inverted dropout').
        """
        kept = 1 - self.dropout
        shapes = [(rows, units) for units in self.layer_sizes[1:-1]]
        return [((self.dropout_rng.random(s) < kept) / kept).astype(self.dtype) for s in shapes]

    def loss_and_gradients(
        self, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None, masks: Masks | None = None
    ) -> tuple[float, Parameters]:
        """The loss that training lowers, and its gradients.

        Args:
            x: Real numbers, (rows, columns).
            y: The right classes, from 0, (rows,).
            lengths: None: it reads whole rows.
            masks: Of dropout; None to draw them now, where there is dropout at all.
        """
        rows = self._rows(x)
        self._lengths(lengths, *rows.shape)
        if masks is None and self.dropout:
            masks = self.draw_masks(len(rows))
        cache = self.forward(rows, masks)
        return self._mean_loss(cache["z"], y), self.backward(cache, y)

    def loss(
        self, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None, masks: Masks | None = None
    ) -> float:
        """The mean cross-entropy, and what weight decay adds.

        Args:
            x: Real numbers, (rows, columns).
            y: The right classes, from 0, (rows,).
            lengths: None: it reads whole rows.
            masks: Of dropout; None for every unit at work.
        """
        if masks is None:
            return super().loss(x, y, lengths)
        batch = self._batch(x, y, lengths)
        return self._mean_loss(self.forward(batch.x, masks)["z"], batch.y)

    def cross_entropy(self, x: ArrayLike, y: ArrayLike) -> float:
        """The mean cross-entropy alone, without what weight decay adds.

        Args:
            x: Real numbers, (rows, columns).
            y: The right classes, from 0, (rows,).
        """
        return self.loss(x, y) - self._penalty()

    def logits(self, x: ArrayLike) -> FloatArray:
        """The sums before the softmax, with every unit at work: (rows, classes)."""
        rows = self._rows(x)
        z = np.zeros((len(rows), self.layer_sizes[-1]), self.dtype)
        for first in range(0, len(rows), self.rows_at_once):
            self.interrupt()
            part = slice(first, first + self.rows_at_once)
            z[part] = self.forward(rows[part])["z"]
        return z

    def predict_proba(self, x: ArrayLike, lengths: Lengths | None = None) -> FloatArray:
        """The probability of every class, for each row.

        Args:
            x: Real numbers, (rows, columns).
            lengths: None: it reads whole rows.

        Returns:
            (rows, classes).
        """
        rows = self._rows(x)
        self._lengths(lengths, *rows.shape)
        return softmax(self.logits(rows))

    def predict(self, x: ArrayLike, lengths: Lengths | None = None) -> Bits:
        """The likeliest class of each row, from 0: (rows,).

        Args:
            x: Real numbers, (rows, columns).
            lengths: None: it reads whole rows.
        """
        likeliest: Bits = self.predict_proba(x, lengths).argmax(axis=1).astype(np.uint8)
        return likeliest

    def standardise(self, x: ArrayLike) -> None:
        """Take the mean and spread of every column from these rows, and keep them from now on.

        A column that never changes gets the spread 1: there is nothing to divide by.

        Args:
            x: The rows that it learns from, (rows, columns).
        """
        rows = self._rows(x, self.layer_sizes[0]).astype(np.float64)
        spreads = rows.std(axis=0)
        # Of a constant column rounding may leave a spread of next to nothing, which would blow it up.
        spreads[spreads <= 1e-12 * np.abs(rows).max(axis=0)] = 1
        self.standardised = True
        self._standardise_by(rows.mean(axis=0), spreads)

    def __repr__(self) -> str:
        named = {"dropout": self.dropout, "weight_decay": self.weight_decay}
        arguments = "".join(f", {name}={value!r}" for name, value in named.items() if value)
        return f"SoftmaxMLP({self.layer_sizes!r}{arguments}) with {self.size:,} parameters"

    def _standardise_by(self, means: NDArray[Any], spreads: NDArray[Any]) -> None:
        columns = self.layer_sizes[0]
        fit = means.shape == spreads.shape == (columns,) and bool(np.isfinite([means, spreads]).all())
        if not fit or not (spreads > 0).all():
            raise ValueError(f"means and spreads: expected {columns} numbers each, and spreads above zero")
        self.means, self.spreads = means, spreads
        if self.standardised:
            self.settings.update(means=tuple(means.tolist()), spreads=tuple(spreads.tolist()))

    def _rows(self, x: ArrayLike, columns: int | None = None) -> NDArray[Any]:
        rows: NDArray[Any] = super()._rows(x, columns)
        if rows.dtype.kind not in "biuf" or not np.isfinite(rows).all():
            raise ValueError(
                "x holds something else than finite numbers: leave such rows out, or fill them in"
            )
        return rows

    def _classes(self, y: ArrayLike, rows: int) -> NDArray[np.intp]:
        """The classes as whole numbers. Raises ValueError where they are none, or do not fit the rows."""
        classes, given = self.layer_sizes[-1], np.asarray(y)
        if given.shape != (rows,):
            raise ValueError(f"y has shape {given.shape}: expected ({rows},), a class for each row")
        if given.dtype.kind not in "biu" or (rows and not 0 <= given.min() <= given.max() < classes):
            raise ValueError(
                f"y holds something else than classes: expected whole numbers from 0 to {classes - 1}"
            )
        return given.astype(np.intp)

    def _to_learn_from(self, batch: Batch) -> Batch:
        y = self._classes(batch.y, len(batch.x)).astype(np.uint8)
        if not self.standardised:
            self.standardise(batch.x)
        return Batch(batch.x, y)

    def _mean_loss(self, z: FloatArray, y: ArrayLike) -> float:
        losses = softmax_cross_entropy(z, self._classes(y, len(z)))
        return float(np.mean(losses, dtype=np.float64)) + self._penalty()

    def _penalty(self) -> float:
        """λ/2 Σ W², which weight decay adds to the loss."""
        if not self.weight_decay:
            return 0.0
        weights = (self.parameters[f"W{l}"] for l in range(1, self.layers + 1))
        return 0.5 * self.weight_decay * sum(float(np.vdot(W, W)) for W in weights)
