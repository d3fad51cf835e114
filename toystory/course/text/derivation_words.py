"""The words of a derivation, which are translated: derivation.de.md beside derivation.md.

A translation has a heading and a sentence for every step, and a line `- name: meaning` for every symbol, in
the order of the English file. What it is bound to are the English words: a change of equations or of code
makes no translation old.
"""

from __future__ import annotations

import re
from pathlib import Path

STEP = re.compile(r"^## (?P<title>.+)\n+(?P<sentence>(?:(?![#-] ).+\n)+)", re.MULTILINE)
SYMBOL = re.compile(r"^- (?P<name>[^\s:()]+)(?: \((?P<axes>.+?)\))?: (?P<meaning>.+)$", re.MULTILINE)
"""A line that tells what a name means; a translation can leave out its axes."""


def is_derivation(file: Path) -> bool:
    """Whether a file is a derivation, or the steps that all of them share."""
    return file.name in ("derivation.md", "update_steps.md")


def words_of(text: str) -> str:
    """The titles, sentences and symbols of a derivation.md: all but the lines that stand four spaces in."""
    return re.sub(r"^    .+\n(?:\n(?!    ))?", "", text, flags=re.MULTILINE)


def fits(english: str, translated: str) -> bool:
    """Whether a translation has as many steps, and the same symbols.

    Args:
        english: What `words_of` found.
        translated: The text of the translation.
    """
    names = [[found["name"] for found in SYMBOL.finditer(text)] for text in (english, translated)]
    return len(STEP.findall(english)) == len(STEP.findall(translated)) and names[0] == names[1]
