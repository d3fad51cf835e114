"""Exercises of the lesson on stacked layers: every file beside this one is one."""
