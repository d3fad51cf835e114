"""The same network from other first weights: its own, He's or orthogonal ones, larger or smaller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from toystory.models.lstm import LSTM
from toystory.models.model import Model
from toystory.models.parts.arrays import FloatArray
from toystory.models.parts.first_weights import he

StartKind = Literal["own", "He", "orthogonal"]
"""own: as the experiment draws them. He: Gaussian of variance 2 over the inputs. orthogonal: lengths last."""
KINDS: tuple[StartKind, ...] = get_args(StartKind)
SCALES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""What the dial multiplies first weights by."""


@dataclass(frozen=True)
class Start:
    """First weights: of which kind, and how many times as large. Biases stay as the model has them."""

    kind: StartKind = "own"
    scale: float = 1.0

    def turned(self, steps: int) -> Start:
        """The dial so many steps on, at most to its end."""
        at = min(max(SCALES.index(self.scale) + steps, 0), len(SCALES) - 1)
        return Start(self.kind, SCALES[at])

    def next_kind(self) -> Start:
        """The next kind, at the same scale."""
        return Start(KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)], self.scale)


OWN = Start()


def started(model: Model, start: Start) -> Model:
    """A new model of the same settings with these first weights, in float64.

    Args:
        model: What it is like; its own weights of now play no part.
        start: The first weights.
    """
    new = type(model)(**{**model.settings, "dtype": "float64"})
    rng = np.random.default_rng(new.settings["seed"])
    gates = 4 if isinstance(new, LSTM) else 1
    for name, weights in new.parameters.items():
        if name.startswith("b"):
            continue
        if start.kind != "own":
            weights[...] = _drawn(rng, start.kind, weights, gates if name in ("W_hh", "W_xh") else 1)
        weights *= start.scale
    return new


def _drawn(rng: np.random.Generator, kind: StartKind, like: FloatArray, parts: int) -> FloatArray:
    """Weights of the shape of `like`; each of `parts` equal shares of its columns is drawn by itself."""
    inputs, units = like.shape if like.ndim == 2 else (len(like), 1)
    shape = (inputs, units // parts)
    draw = he if kind == "He" else _orthogonal
    drawn: FloatArray = np.concatenate([draw(rng, shape) for _ in range(parts)], axis=1)
    return drawn.reshape(like.shape)


def _orthogonal(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    """Rows, or columns where there are fewer of them, of length 1 and at right angles to each other."""
    tall = rng.standard_normal((max(shape), min(shape)))
    q, r = np.linalg.qr(tall)
    drawn: FloatArray = q * np.sign(np.diag(r))
    return drawn if drawn.shape == shape else drawn.T
