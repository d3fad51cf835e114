"""Exercises of the lesson on gates: every file beside this one is one."""
