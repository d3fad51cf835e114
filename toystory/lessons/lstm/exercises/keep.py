"""Gates by hand: keep the first bit

A hundred bits go by, and after all of them somebody asks: what was the *first*? An LSTM
can do it, if its gates do the right thing at the right time: open once, then shut, and
hold.

Write `keep()`: the parameters of an LSTM that answers, after **every** bit, what the
first bit of the row was. No training: you set the dimmers yourself.

- In a dict: `W_hh` `(hidden, 4 hidden)`, `W_xh` `(1, 4 hidden)`, `b_h` `(4 hidden,)`,
  with the columns of i, f, o and g side by side; `w_hy` `(hidden,)` and `b_y` `(1,)`.
  `hidden` is yours to choose, up to 8.
- What is done with them is the lesson's LSTM, from h = 0 and c = 0 on, with bits read
  as 0 and 1: i, f, o = σ(…), g = tanh(…) of h W_hh + x W_xh + b_h; c = f c + i g; h = o
  tanh(c); z = h w_hy + b_y.
- z must be above 0 if the first bit was 1 and below 0 if it was 0; keep it at least 0.1
  away from 0, for all of 100 bits.

A gate knows nothing of the clock: it hears the bit, and what the cells show. So
something that the cells show must tell it that the first bit has gone by.

    >>> p, answers = keep(), []
    >>> h = c = np.zeros((1, len(p["w_hy"])))
    >>> for x in (1, 0, 0, 1):
    ...     s = h @ p["W_hh"] + x * p["W_xh"] + p["b_h"]
    ...     i, f, o, _ = np.split(1 / (1 + np.exp(-s)), 4, axis=1)
    ...     c = f * c + i * np.tanh(np.split(s, 4, axis=1)[3])
    ...     h = o * np.tanh(c)
    ...     z = h @ p["w_hy"] + p["b_y"]
    ...     answers.append(bool(z[0] > 0))
    >>> answers
    [True, True, True, True]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_keys
from toystory.course.exercises.exercise import Code, Mistake, Wrong
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def keep() -> dict[str, Array]:
    """W_hh, W_xh, b_h, w_hy and b_y of an LSTM that remembers the first bit of a row."""
    # TODO: which cell keeps the bit, and what tells its input gate to shut?
    # --- gap
    hidden = 2  # cell 0 keeps the bit; cell 1 shows that reading has begun
    W_hh, W_xh, b_h = np.zeros((hidden, 4 * hidden)), np.zeros((1, 4 * hidden)), np.full(4 * hidden, 10.0)
    W_hh[1, 0] = -40.0  # cell 1, once it shows anything, shuts cell 0's input gate
    W_xh[0, 6], b_h[6] = 20.0, -10.0  # cell 0 would write −1 for a 0 and +1 for a 1; cell 1 always +1
    return {"W_hh": W_hh, "W_xh": W_xh, "b_h": b_h, "w_hy": np.array([1.0, 0.0]), "b_y": np.zeros(1)}
    # --- end of gap


# --- the check: not part of the learner's file

ROWS_LAST = {"keep": "-> lstm"}
ORDER = 3
KIND = "extension"
MISTAKES = (
    Mistake(
        "the input gate never shuts",
        "W_hh[1, 0] = -40.0",
        "W_hh[1, 0] = 0.0",
        told="The input gate seems to stand open: later bits write over the first.",
    ),
    Mistake("the flag opens the gate instead", "W_hh[1, 0] = -40.0", "W_hh[1, 0] = 40.0"),
    Mistake(
        "the flag shuts the forget gate: i and f mixed up",
        "W_hh[1, 0] = -40.0",
        "W_hh[1, 2] = -40.0",
        told=(
            "The forget gate seems to shut where the input gate should. "
            "The order of the columns is i, f, o, g."
        ),
    ),
    Mistake(
        "the gate does not shut tightly",
        "W_hh[1, 0] = -40.0",
        "W_hh[1, 0] = -14.0",
        told="A little of every later bit still gets in: shut the input gate more tightly.",
    ),
    Mistake(
        "the forget gates stand half open",
        "    W_hh[1, 0]",
        "    b_h[2:4] = 0.0\n    W_hh[1, 0]",
        told="At every step half of the word is lost: open the forget gate.",
    ),
    Mistake(
        "a first bit of 0 writes nothing",
        "b_h[6] = 20.0, -10.0",
        "b_h[6] = 20.0, 0.0",
        told="A bit of 0 should write a −1; with no bias, tanh(0) writes nothing.",
    ),
    Mistake("all gates open, and the last cell asked", "np.array([1.0, 0.0])", "np.array([0.0, 1.0])"),
    Mistake(
        "the output gate is shut",
        "    W_hh[1, 0]",
        "    b_h[4:6] = -10.0\n    W_hh[1, 0]",
        told="The cell may well hold its word, but the output gate does not show it.",
    ),
    Mistake("the biases have a second axis", '"b_h": b_h,', '"b_h": b_h[None],'),
)

STEPS = 100
MOST_CELLS = 8
CLEAR = 0.1


def check(code: Code) -> None:
    parameters = _arrays(code("keep"))
    for name, bits in _rows().items():
        for t, z in enumerate(_answers(parameters, bits), start=1):
            given = {"the bits so far": bits[:t]}
            side = "above" if bits[0] else "below"
            if abs(z) < CLEAR:
                sentence = f"{name}: after bit {t} of {STEPS} your network is undecided: z is too near to 0"
                raise Wrong(sentence, f"z {side} 0, by 0.1 or more", z, given)
            if (z > 0) != bits[0]:
                sentence = (
                    f"{name}: after bit {t} of {STEPS} your network says that the first bit was {int(z > 0)}"
                )
                raise Wrong(sentence, f"z {side} 0", z, given)


def _answers(parameters: dict[str, Array], bits: NDArray[np.int64]) -> list[float]:
    """z after every bit of one row."""
    W_hh, W_xh, b_h = (parameters[name] for name in ("W_hh", "W_xh", "b_h"))
    h, c = np.zeros((2, len(parameters["w_hy"])))
    answers = []
    for bit in bits:
        s_i, s_f, s_o, s_g = np.split(h @ W_hh + bit * W_xh[0] + b_h, 4)
        i, f, o = ((1 + np.tanh(s / 2)) / 2 for s in (s_i, s_f, s_o))  # σ that never overflows
        c = f * c + i * np.tanh(s_g)
        h = o * np.tanh(c)
        answers.append(float(h @ parameters["w_hy"] + parameters["b_y"][0]))
    return answers


def _rows() -> dict[str, NDArray[np.int64]]:
    """Short words for rows of bits, the plain ones first."""
    rng = generator(0)
    first = np.eye(STEPS, dtype=np.int64)[0]
    rows = {
        "all bits 0": 0 * first,
        "all bits 1": 0 * first + 1,
        "a 1, then 0": first,
        "a 0, then 1": 1 - first,
    }
    return rows | {f"random row {k}": rng.integers(0, 2, size=STEPS) for k in range(1, 21)}


def _arrays(found: Any) -> dict[str, Array]:
    """The parameters, after their shapes were seen to fit."""
    names = ("W_hh", "W_xh", "b_h", "w_hy", "b_y")
    expect_keys(found, names, "keep()")
    hidden = np.shape(found["w_hy"])[0] if np.ndim(found["w_hy"]) else 0
    if not 1 <= hidden <= MOST_CELLS:
        raise Wrong(f"w_hy has {hidden} numbers, one for each cell; take 1 to {MOST_CELLS} cells")
    shapes = ((hidden, 4 * hidden), (1, 4 * hidden), (4 * hidden,), (hidden,), (1,))
    return {
        name: expect_array(found[name], shape, f'keep()["{name}"]')
        for name, shape in zip(names, shapes, strict=True)
    }
