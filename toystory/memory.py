"""Keeping memory at hand: training allocates and frees the same few arrays thousands of times a second."""

from __future__ import annotations

import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
KEPT_BYTES = 128 * 1024 * 1024
LARGE_BYTES = 32 * 1024 * 1024


def keep_freed_memory() -> None:
    """Have glibc keep freed memory for the next array; does nothing where there is no glibc.

    In a thread glibc hands it back to the system after almost every update and asks for it again: that was
    measured to cost the LSTM's training a quarter of its speed.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, LARGE_BYTES)
