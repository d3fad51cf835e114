"""Exercises of the lesson on memory: every file beside this one is one."""
