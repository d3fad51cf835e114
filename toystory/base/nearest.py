"""What was meant by a name that there is not: the nearest of those that there are."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, names: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The name that is most like a word.

    Args:
        word: As somebody typed it.
        names: Those that there are.
        cutoff: How alike they must be, from 0 to 1.

    Returns:
        The name; None where none is near.
    """
    import difflib  # few words are mistyped, and every command would wait for it

    return next(iter(difflib.get_close_matches(word, list(names), n=1, cutoff=cutoff)), None)
