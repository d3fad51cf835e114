"""Fading: the same exercise with a line missing, a block missing, or all but the signatures.

All are made from the one solution. The line is the one of those to be written that computes most; the
block is what stands between the marks of the gap; and of a file whose functions were partly given the
signatures alone are left.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from toystory.course.exercises.exercise import Exercise, label_line
from toystory.course.exercises.on_paper import FUNCTION

LINE, BLOCK, SIGNATURES = 1, 2, 3
NAMES = {
    LINE: "one line is missing",
    BLOCK: "a block is missing",
    SIGNATURES: "only the signatures are there",
}
LEAST = 3
"""A solution of fewer lines has no step before the block: the line would be nearly all of it."""
_STEP = re.compile(r"^Step (\d): ", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """number: LINE, BLOCK or SIGNATURES. start: what the learner's file begins as."""

    number: int
    start: str

    @property
    def name(self) -> str:
        """What is missing, in words."""
        return NAMES[self.number]


def steps_of(exercise: Exercise) -> tuple[Step, ...]:
    """Those that this exercise has, from the one that asks for least; at least the block."""
    if exercise.bug is not None or exercise.kind == "whole model":
        return (Step(BLOCK, exercise.start),)
    line, signatures = _without_a_line(exercise), _signatures(exercise)
    steps = [Step(LINE, line)] if line else []
    steps.append(Step(BLOCK, exercise.start))
    return (*steps, *([Step(SIGNATURES, signatures)] if signatures else []))


def step_in(text: str) -> int:
    """Which step a learner's file was begun at."""
    found = _STEP.search(text)
    number = int(found[1]) if found else BLOCK
    return number if number in NAMES else BLOCK


def counts(text: str) -> bool:
    """Whether a file that passes has done the exercise: with a line alone missing it has not, yet."""
    return step_in(text) != LINE


def next_step(exercise: Exercise, text: str) -> Step | None:
    """The step after the one that a learner's file was begun at; None after the last.

    Args:
        exercise: Which one.
        text: The learner's file.
    """
    return next((step for step in steps_of(exercise) if step.number > step_in(text)), None)


def at_step(exercise: Exercise, number: int) -> Exercise | None:
    """The same exercise, begun at this step; None where it has none such.

    Args:
        exercise: Which one.
        number: LINE, BLOCK or SIGNATURES.
    """
    step = next((step for step in steps_of(exercise) if step.number == number), None)
    return None if step is None else replace(exercise, start=step.start)


def _without_a_line(exercise: Exercise) -> str:
    """The solution but for one line; empty where that would be nearly all of it."""
    lines = exercise.solution.splitlines()
    given = set(exercise.start.splitlines())
    written = [
        node
        for node in _simple_statements(exercise.solution)
        if node.lineno == node.end_lineno
        and lines[node.lineno - 1] not in given
        and [line.strip() for line in lines].count(lines[node.lineno - 1].strip()) == 1
    ]
    missing = [line for line in lines if line.strip() and line not in given]
    if len(missing) < LEAST or not written:
        return ""
    longest = max(written, key=lambda node: (not isinstance(node, ast.Return), _work(node)))
    old = lines[longest.lineno - 1]
    indent = old[: len(old) - len(old.lstrip())]
    lines[longest.lineno - 1] = f"{indent}...  # TODO: the line that is missing here"
    return _told(_with_questions("\n".join(lines) + "\n", exercise), exercise, LINE)


def _with_questions(text: str, exercise: Exercise) -> str:
    """What is answered on paper stays to be answered: the derivation comes before any line of code."""
    nodes, begun = (
        {node.name: node for node in ast.parse(each).body if isinstance(node, ast.FunctionDef)}
        for each in (text, exercise.start)
    )
    if FUNCTION not in nodes:
        return text
    done, asked = nodes[FUNCTION], begun[FUNCTION]
    lines, start = text.splitlines(), exercise.start.splitlines()
    last = (asked.end_lineno or asked.lineno) + 1  # with the TODO below the docstring
    lines[done.lineno - 1 : done.end_lineno] = start[asked.lineno - 1 : last]
    return "\n".join(lines) + "\n"


def _simple_statements(text: str) -> Iterator[ast.stmt]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return):
            yield node


def _work(node: ast.stmt) -> tuple[int, int]:
    """How much a line does: what it computes counts, what it only looks up does not; then its length."""
    parts = list(ast.walk(node))
    computed = sum(
        2 * isinstance(each, ast.BinOp | ast.Compare) + isinstance(each, ast.Call) for each in parts
    )
    return computed, len(ast.unparse(node))


def _signatures(exercise: Exercise) -> str:
    """The learner's file with no function done; empty where none was given, or where there are classes."""
    tree = ast.parse(exercise.solution)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    begun = {
        node.name: _body(node) for node in ast.parse(exercise.start).body if isinstance(node, ast.FunctionDef)
    }
    if any(isinstance(node, ast.ClassDef) for node in tree.body) or not any(begun.values()):
        return ""
    lines = exercise.solution.splitlines()
    for node in reversed(functions):
        if body := _body(node):
            last = node.end_lineno or node.lineno
            lines[body[0].lineno - 1 : last] = ["    # TODO: all of it.", "    ..."]
    return _told("\n".join(lines) + "\n", exercise, SIGNATURES)


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    """What a function does: its statements without the docstring."""
    documented = ast.get_docstring(function) is not None
    return function.body[documented:]


def _told(text: str, exercise: Exercise, number: int) -> str:
    """With a line in the docstring that tells which step it is."""
    label = label_line(exercise.key)
    return text.replace(label, f"{label}\nStep {number}: {NAMES[number]}.", 1)
