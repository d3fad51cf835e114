"""A derivation in another language: the same steps and symbols in the words of derivation.de.md."""

from __future__ import annotations

from dataclasses import replace

from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.text.derivation_words import STEP, SYMBOL


def steps_in(
    derivation: tuple[DerivationStep, ...], english: str, translated: str
) -> tuple[DerivationStep, ...]:
    """The steps with the words of a translation; those that it does not have stay as they are.

    Args:
        derivation: In English.
        english: What `words_of` found.
        translated: The text of the translation.
    """
    words = {
        old["title"]: (new["title"], " ".join(new["sentence"].split()))
        for old, new in zip(STEP.finditer(english), STEP.finditer(translated), strict=True)
    }
    return tuple(
        replace(step, title=words[step.title][0], sentence=words[step.title][1])
        if step.title in words
        else step
        for step in derivation
    )


def symbols_in(symbols: tuple[Symbol, ...], translated: str) -> tuple[Symbol, ...]:
    """The symbols with the meanings of a translation.

    Args:
        symbols: In English.
        translated: The text of the translation.
    """
    meanings = {found["name"]: found["meaning"] for found in SYMBOL.finditer(translated)}
    return tuple(replace(symbol, meaning=meanings.get(symbol.name, symbol.meaning)) for symbol in symbols)
