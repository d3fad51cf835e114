"""A lesson as a Jupyter notebook: the format nbformat 4.5, without outputs, the same bytes every time."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

from toystory.course.lesson import Lesson
from toystory.export.lesson import program, reading
from toystory.export.lesson.blocks import Block, Code, Folded, Formula, Picture, Prose
from toystory.export.lesson.markdown import folded, formula
from toystory.export.lesson.package import as_cell

Cell = dict[str, Any]

HOW = (
    "This notebook runs from top to bottom with NumPy and matplotlib alone. It is lesson {number} of "
    "*toystory*; `toystory {name}` opens it in the terminal."
)


def notebook(lesson: Lesson, solutions: bool = True) -> str:
    """The notebook's file.

    Args:
        lesson: What is exported.
        solutions: Whether those of the exercises go along.

    Raises:
        UnreadableEquation: An equation can't be set.
    """
    cells = [_cell(block) for block in _blocks(lesson, solutions)]
    contents = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(contents, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _blocks(lesson: Lesson, solutions: bool) -> Iterator[Block]:
    title, *rest = reading.story(lesson)
    yield title
    yield Prose("how", HOW.format(number=lesson.chapter.number, name=lesson.name))
    yield from program.parameters(lesson)
    yield from rest
    yield from reading.question(lesson)
    yield from reading.derivation(lesson)
    yield from program.code(lesson)
    yield from program.training(lesson)
    yield from program.claims()
    yield from reading.exercises(lesson, solutions, checks=True)
    yield from reading.recap(lesson)
    yield from reading.answer(lesson)
    if solutions:
        yield from reading.solutions(lesson)


def _cell(block: Block) -> Cell:
    match block:
        case Code():
            return _code(block)
        case Prose():
            return _markdown(block.key, block.markdown)
        case Formula():
            return _markdown(block.key, formula(block))
        case Folded():
            return _markdown(block.key, folded(block))
        case Picture():
            raise ValueError("a notebook draws its own pictures")


def _markdown(key: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": key, "metadata": {}, "source": _lines(text)}


def _code(block: Code) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": block.key,
        "metadata": _metadata(block),
        "outputs": [],
        "source": _lines(_silent(as_cell(block.source))),
    }


def _metadata(block: Code) -> dict[str, Any]:
    """What Jupyter and VS Code (`jupyter`), Colab (`cellView`) and papermill (`tags`) read."""
    if block.parameters:
        return {"tags": ["parameters"]}
    return {"cellView": "form", "jupyter": {"source_hidden": True}} if block.folded else {}


def _silent(source: str) -> str:
    """Without showing the value of a string in the last line: it describes what stands above it."""
    last = ast.parse(source).body[-1:]
    describes = last and isinstance(last[0], ast.Expr) and isinstance(last[0].value, ast.Constant)
    return source.rstrip() + (";" if describes else "")


def _lines(text: str) -> list[str]:
    return text.strip("\n").splitlines(keepends=True)
