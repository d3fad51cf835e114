"""Exercises of the lesson on attention: every file beside this one is one."""
