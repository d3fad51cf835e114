"""Python's search for garbage: not while the app loads, and later not among what was loaded for good."""

from __future__ import annotations

import gc


def collect_later() -> None:
    """Look for no garbage while the program loads and paints for the first time: what is made then stays."""
    gc.disable()


def collect_again() -> None:
    """After `collect_later`: from now on only what is made anew is looked through. All of that at once takes
    a tenth of a second in an open lesson, in which no key is answered: a tenth as often will do."""
    if not gc.isenabled():
        gc.freeze()
        youngest, younger, all_of_it = gc.get_threshold()
        gc.set_threshold(youngest, younger, 10 * all_of_it)
        gc.enable()
