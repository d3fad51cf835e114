"""Exercises of the lesson on automatic differentiation: every file beside this one is one."""
