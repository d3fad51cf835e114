"""A derivation as it is written: what each step says in Markdown, how its numbers are put in in Python.

Such a file has for every step a heading, a block of three lines, and what is said about it, and at its end a
line for every symbol with its axes:

    ## the sum

        equation: z = w₁x₁ + w₂x₂ + b
        code: models/logistic_regression.py: z = x @ w + b
        value: z

    Each bit that is on adds its weight, and the bias is always added.

    - x (rows, columns): the bits of a row, 0 or 1
    - L: the loss: the mean cross-entropy

A step's equation is in Unicode, its code a line of a model as it stands there, its value the name of what
that line computes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from pathlib import Path

from toystory.base.errors import BadProse
from toystory.course.derivation.steps import DerivationStep, source_file
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.worked import WorkedOut
from toystory.course.text.derivation_words import SYMBOL
from toystory.course.text.files import read_text

_STEP = re.compile(
    r"## (?P<title>.+)\n\n"
    r"    equation: (?P<equation>.+)\n"
    r"    code: (?P<file>models/(?:parts/)?(?P<module>\w+)\.py): (?P<source>.+)\n"
    r"    value: (?P<value>.+)\n\n"
    r"(?P<sentence>(?:(?![#-] ).+\n)+)"
)


def read_derivation(
    file: Path, worked: Mapping[str, WorkedOut]
) -> tuple[tuple[DerivationStep, ...], tuple[Symbol, ...]]:
    """The steps and the symbols of a derivation.md.

    Args:
        file: The Markdown.
        worked: For the title of every step, what puts its numbers in.

    Returns:
        The steps in the order of the file, and the symbols.

    Raises:
        BadProse: A step is not built as it should be or stands there twice, its code is in no such file,
            some text belongs to no step and no symbol, or one of the two has a step that the other lacks.
        OSError: The file can't be read.
    """
    text = read_text(file)
    found = {step["title"]: step.groupdict() for step in _STEP.finditer(text)}
    titles = Counter(re.findall(r"^## (.+)$", text, re.MULTILINE))
    for title, times in titles.items():
        if title not in found:
            raise BadProse(
                f"{file}: the step '{title}' needs three lines 'equation: …', 'code: models/….py: …' and "
                "'value: …', four spaces in, and below them a sentence"
            )
        if times > 1:
            raise BadProse(f"{file}: two steps are called '{title}'; give one of them another title")
        _check_file(file, title, found[title].pop("file"), found[title]["module"])
    _check_all_is_read(file, text)
    _check_both_have(file, found.keys(), worked.keys())
    steps = tuple(
        DerivationStep(**{**parts, "sentence": " ".join(parts["sentence"].split())}, worked=worked[title])
        for title, parts in found.items()
    )
    symbols = tuple(
        Symbol(name, tuple(axes.split(", ")) if axes else (), meaning)
        for name, axes, meaning in SYMBOL.findall(text)
    )
    return steps, symbols


def _check_both_have(file: Path, told: Set[str], worked: Set[str]) -> None:
    """Raises BadProse where the Markdown or the Python file has a step that the other lacks."""
    python = file.with_suffix(".py").name
    if missing := sorted(worked - told):
        raise BadProse(f"{file} has no heading '## {missing[0]}', which {python} has: give both one title")
    if missing := sorted(told - worked):
        raise BadProse(f"{file} has the step '{missing[0]}', which {python} lacks: give both one title")


def _check_file(file: Path, title: str, told: str, module: str) -> None:
    """Raises BadProse where the file that a step tells is not there."""
    try:
        right, _ = source_file(module)
    except LookupError as error:
        raise BadProse(f"{file}: the step '{title}' has its code in {told}, but {error.args[0]}") from error
    if told != right:
        raise BadProse(f"{file}: the step '{title}' has its code in {told}; that file is {right}: write this")


def _check_all_is_read(file: Path, text: str) -> None:
    """Raises BadProse where some text is neither a step nor a symbol."""
    title = ""
    for line in SYMBOL.sub("", _STEP.sub(r"## \g<title>\n", text)).splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ")
        elif line.startswith("- "):
            raise BadProse(
                f"{file}: '{line}' is no line of a symbol; write '- name (axes): meaning' or "
                "'- name: meaning', the name without spaces or brackets"
            )
        elif line.strip():
            below = f"below the step '{title}'" if title else "above the first step"
            raise BadProse(
                f"{file}: '{line}' {below} would be lost; a step has one paragraph, and nothing else "
                "but symbols stands there"
            )
