"""Exercises: the learner's files, the process that their code runs in, and the verdict. Light to import."""
