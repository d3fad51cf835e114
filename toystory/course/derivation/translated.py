"""The words of a derivation in another language: derivation.de.md beside derivation.py.

Such a file has a heading and a sentence for every step, and a line `- name: meaning` for every symbol, in the
order of the Python file. What it is bound to is the same in English, which is read from the Python file as it
stands, without running it: a change of the code alone makes no translation old.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # steps need NumPy; to list what is translated does not
    from toystory.course.derivation.steps import DerivationStep
    from toystory.course.derivation.symbols import Symbol

_STEP = re.compile(r"^## (?P<title>.+)\n+(?P<sentence>(?:(?![#-] ).+\n)+)", re.MULTILINE)
_SYMBOL = re.compile(r"^- (?P<name>[^\s:]+): (?P<meaning>.+)$", re.MULTILINE)


def words_of(python: str) -> str:
    """The titles, sentences and meanings of a derivation.py, as the Markdown that is translated."""
    steps, symbols = [], []
    for call in _calls(ast.parse(python)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name == "DerivationStep":
            said = {word.arg: _text(word.value) for word in call.keywords}
            steps.append(f"## {said['title']}\n\n{said['sentence']}\n")
        elif name == "Symbol":
            symbols.append(f"- {_text(call.args[0])}: {_text(call.args[2])}")
    return "\n".join([*steps, *symbols]) + "\n"


def fits(english: str, translated: str) -> bool:
    """Whether a translation has as many steps, and the same symbols.

    Args:
        english: What `words_of` found.
        translated: The text of the translation.
    """
    names = [[found["name"] for found in _SYMBOL.finditer(text)] for text in (english, translated)]
    return len(_STEP.findall(english)) == len(_STEP.findall(translated)) and names[0] == names[1]


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
        for old, new in zip(_STEP.finditer(english), _STEP.finditer(translated), strict=True)
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
    meanings = {found["name"]: found["meaning"] for found in _SYMBOL.finditer(translated)}
    return tuple(replace(symbol, meaning=meanings.get(symbol.name, symbol.meaning)) for symbol in symbols)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call, in the order in which they stand."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return iter(sorted(calls, key=lambda call: call.lineno))


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)
