"""Exercises of the lesson on the load test: every file beside this one is one."""
