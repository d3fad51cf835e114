"""Exercises of the lesson on the whole table: every file beside this one is one."""
