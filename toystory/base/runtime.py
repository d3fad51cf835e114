"""Tuning of the Python runtime: the garbage collector, and the memory that glibc's malloc keeps at hand."""

from __future__ import annotations

import gc
import sys
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
KEPT_BYTES = 128 * 1024 * 1024
LARGE_BYTES = 32 * 1024 * 1024


def pause_garbage_collection() -> None:
    """Look for no garbage while the program loads and paints for the first time: what is made then stays."""
    gc.disable()


def resume_garbage_collection() -> None:
    """After `pause_garbage_collection`: from now on only what is made anew is looked through.

    All of that at once takes a tenth of a second in an open lesson, in which no key is answered: a tenth as
    often will do.
    """
    if not gc.isenabled():
        gc.freeze()
        youngest, younger, all_of_it = gc.get_threshold()
        gc.set_threshold(youngest, younger, 10 * all_of_it)
        gc.enable()


def collect_garbage() -> None:
    """Free what nobody holds any more, and give it back to the system: for when much has been let go at once.

    What was loaded with the program is not looked through.
    """
    gc.collect()
    if (trim := _of_glibc("malloc_trim")) is not None:
        trim(0)


def keep_freed_memory() -> None:
    """Have glibc keep freed memory for the next array; does nothing where there is no glibc.

    In a thread glibc hands it back to the system after almost every update and asks for it again: that was
    measured to cost the LSTM's training a quarter of its speed.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, LARGE_BYTES)


def _of_glibc(name: str) -> Any:
    """A function of glibc, or None where there is none."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    return getattr(ctypes.CDLL(None), name, None)
