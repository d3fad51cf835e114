"""How hard a text is to read: the grade of Flesch and Kincaid, by a count of our own."""

from __future__ import annotations

import re

WORD = re.compile(r"[A-Za-z']+")
VOWELS = re.compile(r"[aeiouy]+")
SENTENCE_ENDS = re.compile(r"[.!?]+[*_”)]*(?:\s|$)|\n\s*\n|\n(?=- )")


def syllables(word: str) -> int:
    """Groups of vowels; a silent e at the end, and an ed that is not spoken, count for nothing."""
    word = word.lower().replace("'", "")
    count = len(VOWELS.findall(word))
    silent = re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouyszxcgh]es$", word)
    return max(count - bool(silent), 1)


def grade(text: str) -> float:
    """0.39 words a sentence + 11.8 syllables a word − 15.59; what is code or mathematics is left out."""
    plain = re.sub(r"`[^`]*`|https?://\S+|\S*[=_⁻₀-₉·∘Σ←→\\]\S*", " ", text)
    words = [word for word in WORD.findall(plain) if len(word) > 1 or word in "aI"]
    if not words:
        return 0.0
    sentences = max(len(SENTENCE_ENDS.findall(plain.strip())), 1)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
