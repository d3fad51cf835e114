"""The names that equations and code share: what each is, and its shape."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.worked import name_at_layer


@dataclass(frozen=True)
class Symbol:
    """A name that equations and code share.

    name: as in the code. axes: what its axes count: rows, columns, hidden, steps, or a number.
    meaning: a sentence.
    """

    name: str
    axes: tuple[str, ...]
    meaning: str

    def shape(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """Its shape when the axes have these sizes. '4 hidden' is four times hidden, 'steps + 1' one more."""
        return tuple(_size(axis, sizes) for axis in self.axes)

    @property
    def described(self) -> str:
        """Name, shape and meaning, in a line."""
        shape = f"({', '.join(self.axes)}{',' if len(self.axes) == 1 else ''})" if self.axes else "a number"
        return f"{self.name}  {shape}  {self.meaning}"


def _size(axis: str, sizes: Mapping[str, int]) -> int:
    words = axis.split()
    if axis.isdecimal():
        return int(axis)
    if words[0].isdecimal():
        return int(words[0]) * sizes[words[1]]
    if len(words) == 3 and words[1] == "+":
        return sizes[words[0]] + int(words[2])
    return sizes[axis]


_NAME = re.compile(r"([A-Za-zκλ]+(?:_[a-z]+)?)([₀-₉]?)((?:[ˡ⁰ⁿ](?:⁻¹)?)?)(′?)")
_WORDS = re.compile(r", (?:a|the|and) .*")
"""What an equation says in words after its signs."""


def symbols_of(step: DerivationStep, symbols: Sequence[Symbol], layer: int = 1) -> list[Symbol]:
    """The symbols that a step speaks of: what it computes first, then in the order of its equation.

    An index of a bit or a column (hₜ₋₁, xⱼ) is left out, that of a layer is put in: aˡ⁻¹ is a0 where l is the
    first layer; a step back reads the layer above it.

    Args:
        step: A step of a derivation.
        symbols: All that the lesson knows, those of an update among them; θ in these is any parameter.
        layer: The hidden layer of a tower that the step is of.
    """
    known = {symbol.name: symbol for symbol in (*_at_layers(symbols, layer), *symbols)}
    known |= _after_the_step(step, known)
    layer += "⁻¹" in step.equation.split("=")[0]
    found = [step.value]
    for base, digit, level, prime in _NAME.findall(_WORDS.sub("", step.equation)):
        digit = unicodedata.normalize("NFKC", digit)
        if level == "ⁿ⁻¹":
            continue  # of the layer before the last, whichever that is
        if level:
            digit = {"ˡ": str(layer), "ˡ⁻¹": str(layer - 1), "⁰": "0"}.get(level, "")
        found.append(next((n for n in (base + digit + prime, base + digit) if n in known), base))
    return [known[name] for name in dict.fromkeys(found) if name in known]


def _at_layers(symbols: Sequence[Symbol], layer: int) -> Iterator[Symbol]:
    """The symbols of a first layer once more, for the layer that is looked at and those beside it."""
    for symbol in symbols:
        for number in (layer - 1, layer, layer + 1):
            name = name_at_layer(symbol.name, number)
            if number and name != symbol.name:
                yield replace(symbol, name=name)


def _after_the_step(step: DerivationStep, known: Mapping[str, Symbol]) -> dict[str, Symbol]:
    """What a step makes of a parameter, or of its gradient, where the lesson has no word of its own."""
    parameter = known.get(step.value.removeprefix("d").rstrip("′″").partition(" ")[0])
    if step.value in known or parameter is None:
        return {}
    any_parameter = known.get("θ′" if step.value[-1] in "′″" else "dθ+λθ")
    if any_parameter is None:
        return {}
    meaning = any_parameter.meaning.format(name=parameter.name)
    return {step.value: replace(parameter, name=step.value, meaning=meaning)}
