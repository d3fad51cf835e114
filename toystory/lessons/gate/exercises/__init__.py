"""Exercises of the lesson on the first gate: every file beside this one is one."""
