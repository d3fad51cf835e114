"""Exercises: their files, and what their checks compare with."""
