"""The checks of a lesson's exercises, taken out of their files: without solutions."""

from __future__ import annotations

import ast
from functools import cache

from toystory.course.catalogue import chapter
from toystory.course.exercises.exercise import (
    CHECK_LINE,
    END_OF_GAP,
    GAP,
    Exercise,
    Wrong,
    learners_part,
)
from toystory.course.exercises.in_notebook import pack
from toystory.course.exercises.random_inputs import other_inputs

NOT_THE_CHECKS = ("BUG", "KIND", "MISTAKES", "ORDER", "ROWS_LAST", "SECONDS")
MODULE = "toystory.course.exercises.in_notebook"
DRAWS = 100


@cache
def source_of_check(exercise: Exercise) -> str:
    """Python that defines `check`, and what it needs beside imports of this project."""
    text = _file_of(exercise)
    line = text.partition(f"\n{CHECK_LINE}")[0].count("\n") + 1
    nodes = ast.parse(text).body
    kept = [node for node in nodes if _is_the_checks(node, line)]
    # What the learner is given, the check may use as well; of what is to be written it has a form of its own.
    used = {each.id for node in kept for each in ast.walk(node) if isinstance(each, ast.Name)}
    given = _given(exercise) & used
    kept = [node for node in nodes if node in kept or getattr(node, "name", "") in given]
    return "\n".join(ast.unparse(node) for node in kept) + "\n"


def _given(exercise: Exercise) -> set[str]:
    """The functions that stand in the learner's file as they are in the solution; none of a bug hunt."""
    if exercise.bug is not None or exercise.kind == "whole model":
        return set()
    begun, done = (
        {node.name: ast.unparse(node) for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
        for text in (exercise.start, exercise.solution)
    )
    return {name for name, source in begun.items() if done.get(name) == source}


def packed_check(exercise: Exercise) -> str:
    """The same, packed."""
    return pack(source_of_check(exercise))


def modules_of(exercise: Exercise) -> list[str]:
    """The modules of this project that the check imports."""
    return [
        node.module
        for node in ast.walk(ast.parse(source_of_check(exercise)))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("toystory")
    ]


def hidden_seed(exercise: Exercise) -> int | None:
    """A seed of other inputs that the solution passes; None where the check draws anew by itself."""
    if exercise.solved is None:
        return None
    for seed in range(1, DRAWS):
        try:
            with other_inputs(seed):
                exercise.check(exercise.solved)
        except Wrong:  # a draw that tells nothing: a ReLU right at its bend
            continue
        return seed
    return None


def solution_with_regions(exercise: Exercise, begin: str, end: str) -> str:
    """The solution, its parts to be written between two lines of one's own; of a bug hunt, as it is.

    Args:
        exercise: Whose.
        begin: Stands above each part, as far in as it.
        end: Stands below it.
    """
    if exercise.bug is not None:
        return exercise.solution
    # The markers go through as they are: they are comments.
    text = _file_of(exercise)
    for marker, other in ((END_OF_GAP, end), (GAP, begin)):
        text = text.replace(marker, other)
    return learners_part(text, exercise.key, chapter(exercise.lesson).folder)[0]


def _file_of(exercise: Exercise) -> str:
    folder = chapter(exercise.lesson).folder / "exercises"
    return (folder / f"{exercise.name}.py").read_text(encoding="utf-8-sig")


def _is_the_checks(node: ast.stmt, line: int) -> bool:
    """Whether a statement is the check's. line: where the check begins; above it is the learner's part."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return not any(isinstance(t, ast.Name) and t.id in NOT_THE_CHECKS for t in targets)
    return node.lineno > line and bool(names)
