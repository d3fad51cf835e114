"""Counting ones: what units and answers make of a count, and why a network of counters can tell parity.

First weights of one size make every unit a counter: it adds up on how many bits the row agrees with its
signs, and nothing else of the row. What each counter says is a plain bend; the answer, against the number of
ones, has to be a zigzag with a turn at every bit.

How bends become a zigzag: flipping one bit moves every counter by one agreement. Parity is odd agreements or
even, turned round once for every minus sign that the counter has; so those with an odd number of minus signs
must vote against the others. In a network that has learnt parity nearly all of them do (`Counting.votes`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.finite import drawable
from toystory.course.analysis.layers import (
    FeedForward,
    activation_name,
    checked_layer,
    first_model,
    hidden_layers,
    incoming,
)
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.parts.activations import ACTIVATIONS
from toystory.models.parts.arrays import Bits, FloatArray

PATTERNS_PER_COUNT = 8


@dataclass(frozen=True)
class Counting:
    """Every unit of the first hidden layer as a function of how many bits agree with its signs.

    signs: −1 or 1, (columns, units). counts: 0…columns, (columns + 1,). activation: mean over random rows
    with that many agreements, (columns + 1, units). spread: their standard deviation, of the same shape; 0
    where the unit minds the count alone. evenness: the cosine between a unit's weights and its signs,
    (units,): 1 where every bit weighs the same, NaN for a unit without weights.
    votes: 1 or −1 for each unit, (units,): whether the output wants more of it or less, turned round once
    for every minus sign among its signs. 0 where the output ignores it, or reads another layer. Counters
    that work together at parity all have the same vote.
    """

    signs: FloatArray
    counts: FloatArray
    activation: FloatArray
    spread: FloatArray
    evenness: FloatArray
    votes: FloatArray


@dataclass(frozen=True)
class AnswersByCount:
    """The answers of a network against the number of ones.

    counts: 0…columns, (columns + 1,), and their parity as `labels`. mean, lowest, highest: of the
    probabilities for random rows with that many ones, and share answered `right`; all (columns + 1,).
    """

    counts: FloatArray
    labels: Bits
    mean: FloatArray
    lowest: FloatArray
    highest: FloatArray
    right: FloatArray


def count_agreements(
    model: FeedForward, signs: FloatArray | None = None, patterns: int = PATTERNS_PER_COUNT
) -> Counting:
    """Measure every unit of the first hidden layer on rows of which 0, 1, … all bits agree with its signs.

    A bit agrees where it is 1 at a plus or 0 at a minus.

    Args:
        model: Any network with a hidden layer.
        signs: −1 and 1, (columns, units); unless given, those of the model's first weights, which its
            settings tell.
        patterns: Random rows for each count.

    Returns:
        What each unit makes of each count.

    Raises:
        ValueError: The model has no hidden layer.
    """
    checked_layer(model, None)
    W, b = incoming(model, 1)
    if signs is None:
        signs = np.where(incoming(first_model(model), 1)[0] < 0, -1, 1)
    signs = signs.astype(W.dtype)
    columns, units = W.shape
    agreeing = 2 * rows_by_count(columns, patterns).astype(W.dtype) - 1
    f, _ = ACTIVATIONS[activation_name(model)]
    with np.errstate(all="ignore"):
        towards = W * signs
        sums = agreeing @ towards
        if not (isinstance(model, MLP) and model.signed):  # a bit is then (1 ± 1) / 2
            sums = (sums + W.sum(axis=0)) / 2
        activity = f(sums + b).reshape(columns + 1, patterns, units)
        mean, spread = activity.mean(axis=1), activity.std(axis=1)
        lengths = np.linalg.norm(W.astype(np.float64), axis=0)
        evenness = towards.sum(axis=0, dtype=np.float64) / (lengths * np.sqrt(columns))
        votes = np.sign(_read_by_the_output(model, units)) * signs.prod(axis=0)
    counts = np.arange(columns + 1.0)
    return Counting(signs, counts, *map(drawable, (mean, spread, evenness, votes)))


def answers_by_count(model: Model, columns: int, patterns: int = PATTERNS_PER_COUNT) -> AnswersByCount:
    """Ask any model about random rows with no, one, … only ones.

    Args:
        model: A model that reads `columns` bits.
        columns: Bits in a row.
        patterns: Random rows for each count.

    Raises:
        ValueError: The model was made for another width.
    """
    with np.errstate(all="ignore"):
        answers = model.predict_proba(rows_by_count(columns, patterns)).reshape(columns + 1, patterns)
    labels = (np.arange(columns + 1) % 2).astype(np.uint8)
    return AnswersByCount(
        counts=np.arange(columns + 1.0),
        labels=labels,
        mean=answers.mean(axis=1),
        lowest=answers.min(axis=1),
        highest=answers.max(axis=1),
        right=(((answers > 0.5) == labels[:, None]) & ~np.isnan(answers)).mean(axis=1),
    )


def rows_by_count(columns: int, patterns: int) -> Bits:
    """Random rows with no one, then as many with one, … with ones only: always the same ones.

    Plain random rows would hardly ever have few ones or many.

    Args:
        columns: Bits in a row.
        patterns: Rows for each count.

    Returns:
        Bits, ((columns + 1) × patterns, columns).
    """
    rng = np.random.default_rng(0)
    places = rng.random(((columns + 1) * patterns, columns)).argsort(axis=1)
    ones = np.repeat(np.arange(columns + 1), patterns)
    return (places < ones[:, None]).astype(np.uint8)


def _read_by_the_output(model: FeedForward, units: int) -> FloatArray:
    """The output's weight on each unit of the first layer, (units,); 0 where a layer lies between them."""
    if hidden_layers(model) > 1:
        return np.zeros(units, model.dtype)
    return incoming(model, 2)[0][:, 0]
