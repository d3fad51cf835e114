"""The figures in the exercises' texts: every example is run, and a bug does what is told of it."""

from __future__ import annotations

import ast
import doctest
from typing import Any

import pytest
from markdown_it import MarkdownIt

from toystory.course.exercises.exercise import Exercise, all_exercises

EXERCISES = {exercise.key: exercise for exercise in all_exercises()}
WHOLE_MODEL = "whole_model"
"""The exercise from an empty file, judged by what it learns: it has no example to run."""
each = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))

TOLD = [
    (
        "gate/bug_hunt",
        "one ends at 0.875971",
        "answer(np.array([1.0, 0.0]), **train("
        "np.array([1.0, 0.0]), 1, np.array([0.04, 0.75]), np.array([0.0015]), 0.007, 3500))[0]",
    ),
    (
        "regression/bug_hunt",
        "the loss was 0.122942",
        "loss_and_gradients(*eight_rows(), *train(*eight_rows(), 0.07, 1000))[0]",
    ),
    (
        "regression/bug_hunt",
        "it stood at 10.853768",
        "loss_and_gradients(*eight_rows(), "
        "*train(np.tile(eight_rows()[0], (1250, 1)), np.tile(eight_rows()[1], 1250), 0.07, 1000))[0]",
    ),
    ("two-layer/bug_hunt", "and counted 4", "sum(solved(seed) for seed in range(10))"),
]
"""What a bug hunt says of the code as it stands: where, in which words, and how to see it."""


def docstring(text: str) -> str:
    found = ast.get_docstring(ast.parse(text), clean=False)
    assert found is not None
    return found


def names_of(text: str) -> dict[str, Any]:
    """What a learner's file defines."""
    names: dict[str, Any] = {"__name__": "learner"}
    exec(compile(text, "learner.py", "exec"), names)
    return names


def failures(text: str) -> str:
    """What doctest says of the examples in a file's docstring, run on its functions; empty if nothing."""
    examples = doctest.DocTestParser().get_doctest(docstring(text), names_of(text), "task", None, 0)
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    return "".join(said)


@each
def test_every_example_gives_what_it_says(exercise: Exercise) -> None:
    examples = doctest.DocTestParser().get_examples(docstring(exercise.solution))
    assert examples or exercise.name == WHOLE_MODEL
    assert failures(exercise.solution) == ""


@each
def test_the_untouched_file_does_not(exercise: Exercise) -> None:
    assert failures(exercise.start) or exercise.name == WHOLE_MODEL


@each
def test_an_example_is_code_in_markdown_too(exercise: Exercise) -> None:
    blocks = "".join(
        token.content for token in MarkdownIt().parse(exercise.task) if token.type in ("code_block", "fence")
    )
    for example in doctest.DocTestParser().get_examples(exercise.task):
        assert f">>> {example.source.splitlines()[0]}\n" in blocks


@pytest.mark.parametrize(("key", "words", "expression"), TOLD, ids=[words for _, words, _ in TOLD])
def test_a_bug_does_what_is_told_of_it(key: str, words: str, expression: str) -> None:
    exercise = EXERCISES[key]
    assert words in " ".join(exercise.task.split())
    figure = words.split()[-1]
    decimals = len(figure.partition(".")[2])
    as_it_stands, mended = (
        f"{float(eval(expression, names_of(text))):.{decimals}f}"
        for text in (exercise.start, exercise.solution)
    )
    assert as_it_stands == figure
    assert mended != figure


def test_a_wrong_figure_is_seen() -> None:
    solution = EXERCISES["gate/sigmoid"].solution
    assert "0.646799" in failures(solution.replace("0.646799", "0.646798"))


EXPLAINED = {
    "mlp/bug_hunt": ("example()", 0.1),
    "rnn/bug_hunt": ("example(steps=10)", 0.1),
    "lstm/bug_hunt": ("example(steps=10)", 0.5),
}
"""Bug hunts that say afterwards where the loss went in 300 updates at a rate, as it stood and mended."""


@pytest.mark.parametrize("key", EXPLAINED)
def test_the_explanation_says_where_the_loss_went(key: str) -> None:
    exercise = EXERCISES[key]
    example, rate = EXPLAINED[key]
    trained = f"loss(train(*{example}, updates=300, learning_rate={rate}), *{example}[1:])"
    stood, mended = names_of(exercise.start), names_of(exercise.solution)
    figures = [eval(f"loss(*{example})", stood), eval(trained, stood), eval(trained, mended)]
    for figure in figures:
        assert f"{figure:.3f}" in exercise.explanation
