"""Exercises of the lesson on the hidden layer: every file beside this one is one."""
