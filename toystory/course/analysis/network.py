"""A network as units and wires: what each unit says for one row, how much it is blamed, and its weights.

A model that reads a row at once is drawn whole. A memory is drawn as often as there are bits, a column after
each; an LSTM is drawn at one bit, its gates beside its cells; attention at the last place that it writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from toystory.course.analysis.finite import drawable
from toystory.models.attention import START, Attention
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.lstm import LSTM
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, Cache, FloatArray
from toystory.models.rnn import RNN
from toystory.models.softmax_mlp import SoftmaxMLP

GATES_OF_A_CELL = 5
"""Units drawn beside a cell of an LSTM: what it kept, and its four gates."""


MOST_NAMED = 3
"""Names that are told with their signs; of more it is told that there are such."""
OF_LAYERS = {"hidden": " units", "ReLU": " layer"}
"""What their names are short for, in a sentence."""


@dataclass(frozen=True)
class Layer:
    """One column of units.

    Attributes:
        name: What stands over it.
        says: What each unit says for the row, (units,).
        blame: How the loss changes with what each unit says, or with the sum behind the answer, (units,).
        signs: A short name before the number of each unit; empty for none.
        rest: Units that are not drawn.
        forward: How it comes to what it says, in a sentence.
        back: How it comes to its blame.
    """

    name: str
    says: FloatArray
    blame: FloatArray
    signs: tuple[str, ...] = ()
    rest: int = 0
    forward: str = ""
    back: str = ""


@dataclass(frozen=True)
class Network:
    """All of it for one row, or of a cell what belongs to one bit.

    Attributes:
        layers: From the bits to the answer.
        weights: Between two layers each, (units before, units after).
        products: Of `weights`, those that are no weights but what a product multiplies by.
        answers: Of the last layer what all units say, those not drawn too.
        place: Where in the row it is; empty where the row is read at once.
        signs: What the short names before the numbers mean, in a sentence; empty where there are none.
    """

    layers: tuple[Layer, ...]
    weights: tuple[FloatArray, ...]
    answers: FloatArray
    products: tuple[int, ...] = ()
    place: str = ""
    signs: str = ""


def places_in(model: Model, bits: int) -> int:
    """How many drawings a row takes: of an LSTM one for each bit.

    Args:
        model: Any model.
        bits: Of the row.
    """
    return bits if isinstance(model, LSTM) else 1


def network_of(
    model: Model, row: Bits | FloatArray, label: int, *, most: int = 8, most_cells: int = 2, place: int = -1
) -> Network:
    """One forward and one backward pass of a row.

    Args:
        model: Any model.
        row: What it reads, (columns,).
        label: 0 or 1, or the number of a class.
        most: Units of a layer that are drawn; of a wider one those that send most on, one place kept free.
        most_cells: Cells of an LSTM whose gates are drawn.
        place: Of an LSTM, which bit; the last one unless given.
    """
    cache = model.forward(row[None])
    model.backward(cache, np.array([label], np.uint8))
    if isinstance(model, RNN):
        return _unrolled(model, cache, most)
    if isinstance(model, LSTM):
        return _cells(model, cache, place % len(row), most, most_cells)
    if isinstance(model, Attention):
        return _folded(_head(model, cache), most, cache["p"][0, -1])
    return _folded(_layered(model, cache, row), most)


def _layered(model: Model, cache: Cache, row: Bits | FloatArray) -> Network:
    """A model that reads a row at once, with all its units."""
    parameters = model.parameters
    first, signs, classes = "bits", [], []
    if isinstance(model, SoftmaxMLP):
        first = "columns"
        signs, classes = _signs(model.column_names), _signs(model.class_names)
    if isinstance(model, MLP | SoftmaxMLP):
        sizes = range(1, model.layers + 1)
        weights = [parameters[f"W{l}"] for l in sizes]
        hidden = [(f"layer {l}", f"a{l}", f"da{l}", f"dz{l}") for l in sizes[:-1]]
        given, error = cache["a0"][0], cache[f"dz{model.layers}"].reshape(-1)
    elif isinstance(model, LogisticRegression):
        weights, hidden = [parameters["w"][:, None]], []
        given, error = row, cache["dz"].reshape(-1)
    else:
        weights = [parameters["W1"], parameters["w2"][:, None]]
        hidden = [("hidden", "h", "dh", "dz1")]
        given, error = row, cache["dz"].reshape(-1)
    sums = cache[hidden[0][3]][0] if hidden else error
    layers = [
        _layer(first, np.asarray(given, float), weights[0] @ sums, signs, forward=f"The {first} go in."),
        *(_layer(name, cache[says][0], cache[blame][0]) for name, says, blame, _ in hidden),
        _layer("answer", cache["a"].reshape(-1), error, classes),
    ]
    network = _network(layers, weights)
    if not isinstance(model, SoftmaxMLP):
        return network
    told = (_told(model.column_names, signs), _told(model.class_names, classes))
    sentence = "; ".join(filter(None, dict.fromkeys(told)))
    return replace(network, signs=f"{sentence}." if sentence else "")


def _signs(names: Sequence[str]) -> list[str]:
    """The first two letters of each name; where they would not tell them apart, their numbers from 1."""
    short = [name[:2] for name in names]
    # A letter of another script may be wider than a column.
    if len(set(short)) < len(names) or not all(map(str.isascii, short)):
        short = [str(number) for number in range(1, len(names) + 1)]
    return [f"{sign} " for sign in short]


def _told(names: Sequence[str], signs: Sequence[str]) -> str:
    """What the signs of these names mean; empty where they are the names."""
    short = [sign.strip() for sign in signs]
    if short == list(names):
        return ""
    if short[0] == "1":
        return "1, 2 …: in their order"
    if len(short) > MOST_NAMED:
        return "two letters: how a name begins"
    return ", ".join(f"{sign}: {name}" for sign, name in zip(short, names, strict=True))


def _network(
    layers: Sequence[Layer], weights: Sequence[FloatArray], products: tuple[int, ...] = (), place: str = ""
) -> Network:
    return Network(tuple(layers), tuple(drawable(w) for w in weights), layers[-1].says, products, place)


def _layer(
    name: str,
    says: FloatArray,
    blame: FloatArray,
    signs: Sequence[str] = (),
    rest: int = 0,
    forward: str = "",
    back: str = "",
) -> Layer:
    there = name if name.startswith("layer") else f"the {name}{OF_LAYERS.get(name, '')}"
    return Layer(
        name,
        drawable(says),
        drawable(blame),
        tuple(signs),
        rest,
        forward or f"Forward to {there}: each unit adds up what comes in, times its weights.",
        back or f"Back to {there}: the error of what comes after, through the same wires.",
    )


def _folded(network: Network, most: int, first: FloatArray | None = None) -> Network:
    """With at most so many units in a layer: all that there are, else those that send most on.

    Args:
        network: All of it.
        most: Units of a layer, the one included that stands for the rest.
        first: What each unit of the first layer weighs; None for what it says, times its weights.
    """
    kept = []
    for at, layer in enumerate(network.layers):
        weight: FloatArray = np.zeros(len(layer.says))
        sent = np.abs(layer.says)
        if at < len(network.weights):
            out = np.abs(network.weights[at]).sum(axis=1)
            weight, sent = weight + out, sent * out
        if at:
            weight += np.abs(network.weights[at - 1]).sum(axis=0)
        kept.append(_heaviest(weight, most, sent) if at or first is None else _heaviest(first, most))
    layers = [
        replace(
            layer,
            says=layer.says[units],
            blame=layer.blame[units],
            signs=tuple(layer.signs[unit] for unit in units) if layer.signs else (),
            rest=len(layer.says) - len(units),
        )
        for layer, units in zip(network.layers, kept, strict=True)
    ]
    weights = [w[np.ix_(kept[at], kept[at + 1])] for at, w in enumerate(network.weights)]
    return replace(network, layers=tuple(layers), weights=tuple(weights))


def _heaviest(weight: FloatArray, most: int, sent: FloatArray | None = None) -> NDArray[np.intp]:
    """Which units are drawn, in their order; all where there are no more than `most`.

    Args:
        weight: What each weighs.
        most: Units, the one included that stands for the rest.
        sent: What each says, times its weights: this comes first, and the weight where they send the same.
    """
    if len(weight) <= most:
        return np.arange(len(weight))
    order = np.lexsort((-weight, np.zeros(len(weight)) if sent is None else -sent))
    return np.sort(order[: max(most - 1, 1)])


def _unrolled(model: RNN, cache: Cache, most: int) -> Network:
    """The memory after every bit, the same units each time; the next bit comes in below them."""
    W_hh, W_xh, w_hy = (model.parameters[name] for name in ("W_hh", "W_xh", "w_hy"))
    bits = len(cache["x"])
    weight = np.abs(W_hh).sum(axis=0) + np.abs(W_hh).sum(axis=1) + np.abs(W_xh[0]) + np.abs(w_hy)
    units = _heaviest(weight, most - 1, weight * np.abs(cache["h"][:bits, 0]).sum(axis=0))
    rest = model.hidden - len(units)
    blame_before = np.concatenate([(cache["ds"][0] @ W_hh.T)[None], cache["dh"][:bits]])[:, 0]
    layers = []
    for t in range(bits + 1):
        says, blame = cache["h"][t - 1, 0][units], blame_before[t][units]
        signs = [""] * len(units)
        if t < bits:
            says = np.append(says, cache["x"][t, 0])
            blame = np.append(blame, W_xh[0] @ cache["ds"][t, 0])
            signs.append("x ")
        name = f"bit {t}" if t else "start"
        forward = (
            f"Bit {t} is in the memory: each unit hears all of them, and the bit."
            if t
            else "The memory is empty, and the first bit waits below it."
        )
        back = f"Back to {name}: the error of what came after, through the same wires."
        layers.append(_layer(name, says, blame, signs, rest, forward, back))
    layers.append(_layer("answer", cache["a"][-1], cache["dz"][-1]))
    hears = np.concatenate([W_hh[np.ix_(units, units)], W_xh[:, units]])
    between = [np.hstack([hears, np.zeros((len(hears), 1))])] * (bits - 1)
    weights = [*between, hears, w_hy[units][:, None]]
    return replace(_network(layers, weights), signs="x: the next bit.")


OF_A_CELL = {
    "before": (
        "What the cells showed before comes in, and the next bit, x.",
        "Back to what the cells showed before, through the wires of all gates.",
    ),
    "gates": (
        "Forward to the gates i, f and o, and to g, which could be written. c is what the cell held.",
        "Back to the gates: the error of the cell, times what each was multiplied by.",
    ),
    "cell": (
        "c ← f·c + i·g: the cell keeps some of what it held, and some is written.",
        "Back to the cell: from what it shows, and along c from the bits that came later.",
    ),
    "shows": (
        "o·tanh(c): the cell shows some of what it holds.",
        "Back to what the cell shows, from the answer and from the next bit.",
    ),
    "answer": ("The answer, as far as the row has been read.", ""),
}
"""What is said of the layers of an LSTM, forward and back."""


def _cells(model: LSTM, cache: Cache, t: int, most: int, most_cells: int) -> Network:
    """At one bit, the cells that send most on: four gates each, then the cell, then what it shows."""
    H = model.hidden
    W_hh, W_xh, w_hy = (model.parameters[name] for name in ("W_hh", "W_xh", "w_hy"))
    weight = np.abs(W_hh).sum(axis=1) + np.abs(w_hy)
    # Of all bits: the same cells are drawn at each.
    sent = weight * np.abs(cache["h"][: len(cache["x"]), 0]).sum(axis=0)
    heard, cells = _heaviest(weight, most - 1, sent), np.sort(np.lexsort((-weight, -sent))[:most_cells])
    i, f, o, g, c, tanh_c, h = (cache[name][t, 0] for name in ("i", "f", "o", "g", "c", "tanh_c", "h"))
    before, shown_before = cache["c"][t - 1, 0], cache["h"][t - 1, 0]
    dc, dh, ds = (cache[name][t, 0] for name in ("dc", "dh", "ds"))
    into, none, one = np.concatenate([W_hh[heard], W_xh]), np.zeros(H), np.ones(H)

    # Every cell has its block of units. Gates in the order in which their weights lie.
    says = {
        "gates": np.stack([before, i, f, o, g]),
        "cell": np.stack([c, o]),
        "shows": h[None],
    }
    blame = {
        "gates": np.stack([dc * f, dc * g, dc * before, dh * tanh_c, dc * i]),
        "cell": np.stack([dc, dh * tanh_c]),
        "shows": dh[None],
    }
    signs = {"gates": "cifog", "cell": "co", "shows": ""}
    to_cell = np.stack(
        [np.stack(pair) for pair in ((f, none), (g, none), (before, none), (none, one), (i, none))]
    )
    to_shows = np.stack([o * (1 - tanh_c * tanh_c), tanh_c])[:, None]
    layers = [
        _layer(
            "before",
            np.append(shown_before[heard], cache["x"][t, 0]),
            np.append((W_hh @ ds)[heard], W_xh[0] @ ds),
            [""] * len(heard) + ["x "],
            H - len(heard),
            *OF_A_CELL["before"],
        )
    ]
    for name, values in says.items():
        of_cells = values[:, cells].T.ravel(), blame[name][:, cells].T.ravel()
        signs_of_cells = [f"{sign} " for _ in cells for sign in signs[name]]
        layers.append(_layer(name, *of_cells, signs_of_cells, H - len(cells), *OF_A_CELL[name]))
    layers.append(_layer("answer", cache["a"][t], cache["dz"][t], (), 0, *OF_A_CELL["answer"]))
    weights = (
        np.hstack([np.column_stack([np.zeros(len(into)), into[:, cell::H]]) for cell in cells]),
        _blocks([to_cell[:, :, cell] for cell in cells]),
        _blocks([to_shows[:, :, cell] for cell in cells]),
        w_hy[cells][:, None],
    )
    place = f"bit {t + 1} of {len(cache['x'])}"
    network = _network(layers, weights, (1, 2), place)
    return replace(network, signs="c: cell, i f o g: its gates, x: the next bit.")


def _blocks(blocks: Sequence[FloatArray]) -> FloatArray:
    """Small matrices along the diagonal of a large one, of equal sizes."""
    down, across = blocks[0].shape
    whole = np.zeros((len(blocks) * down, len(blocks) * across))
    for at, block in enumerate(blocks):
        whole[at * down : (at + 1) * down, at * across : (at + 1) * across] = block
    return whole


def _head(model: Attention, cache: Cache) -> Network:
    """From the last place written: the tokens by their share of the look, the head, the ReLU layer.

    A wire to the head is what a token adds to it: its value, times its share. What goes past the ReLU layer
    comes to the answer as one number.
    """
    W_o, W1, W2, w_y = (model.parameters[name] for name in ("W_o", "W1", "W2", "w_y"))
    n = cache["x"].shape[1]
    last = {name: cache[name][0, -1] for name in ("p", "r", "u", "h", "dp", "dr", "du", "dh", "dz", "a")}
    past, error = last["u"] @ w_y, last["dz"]
    token = ["s" if number == START else str(number) for number in cache["token"][0].tolist()]
    layers = (
        _layer(
            "look",
            last["p"],
            last["dp"],
            [f"{sign}{'r' if at < n else 'w'} " for at, sign in enumerate(token)],
            forward="It looks at what was read (r) and written (w): each has a share of its look.",
            back="Back to the look: would more of it here make the loss larger?",
        ),
        _layer(
            "head",
            last["r"],
            last["dr"],
            forward="The head adds up what the tokens say, each times its share: these are the wires.",
        ),
        _layer("vector", last["u"], last["du"], forward="Its own token, and what the head has read."),
        _layer(
            "ReLU",
            np.append(last["h"], past),
            np.append(last["dh"], error),
            [""] * len(last["h"]) + ["+ "],
            forward="Forward to the ReLU layer; + is what goes past it.",
        ),
        _layer("answer", last["a"][None], error[None]),
    )
    weights = (
        last["p"][:, None] * cache["v"][0],
        W_o,
        np.hstack([W1, w_y[:, None]]),
        np.append(W2 @ w_y, 1)[:, None],
    )
    signs = "r: read, w: written, sw: start, +: past the ReLU."
    return replace(_network(layers, weights, (0,)), signs=signs)
