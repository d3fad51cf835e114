"""Which whole model a file is: by what it offers, whatever it is called; else one sentence says why not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from toystory.base.errors import BadRequest
from toystory.cli.commands.check import _asked
from toystory.course.exercises.class_model import MODEL
from toystory.course.exercises.exercise import Exercise
from toystory.grading.failures import Source
from toystory.grading.lookup import named_exercise
from toystory.grading.recognise import recognise, whole_models

WHOLE = whole_models()
BY_KEY = {exercise.key: exercise for exercise in WHOLE}


def unlabelled(exercise: Exercise) -> str:
    """The solution without the docstring that names the exercise."""
    return exercise.solution.split('"""', 2)[2]


def as_class(exercise: Exercise) -> str:
    """The solution as one class, which calls the functions by other names."""
    functions = [node for node in ast.parse(exercise.solution).body if isinstance(node, ast.FunctionDef)]
    arguments = {node.name: [each.arg for each in node.args.args] for node in functions}
    first = ", ".join(arguments["first_weights"])
    lines = ["", "class Net:", f"    def __init__(self, {first}):"]
    lines.append(f"        self.parameters = _first_weights({first})")
    for name in (*MODEL[1:], *(("write",) if "write" in arguments else ())):
        rest = ", ".join(arguments[name][1:])
        lines.append(f"    def {name}(self, {rest}):")
        if name == "train":
            lines.append(f"        self.parameters = _train(self.parameters, {rest})")
        else:
            lines.append(f"        return _{name}(self.parameters, {rest})")
    text = unlabelled(exercise)
    for name in (*MODEL, "write"):
        text = text.replace(f"def {name}(", f"def _{name}(").replace(f" {name}(", f" _{name}(")
        text = text.replace(f"({name}(", f"(_{name}(")
    return text + "\n".join(lines) + "\n"


@pytest.mark.parametrize("exercise", WHOLE, ids=[each.key for each in WHOLE])
def test_a_file_is_known_by_what_it_does(exercise: Exercise) -> None:
    assert recognise(Source("my_net.py", unlabelled(exercise))) == exercise
    assert recognise(Source("my_net.py", as_class(exercise))) == exercise


@pytest.mark.parametrize(
    ("text", "fault"),
    [("def train(:\n", "bad2.py is not Python, in line 1: "), (" \n", "bad2.py is empty")],
)
def test_what_is_no_code_is_told_where_nothing_says_the_exercise(
    text: str, fault: str, tmp_path: Path
) -> None:
    file = tmp_path / "bad2.py"
    file.write_text(text)
    with pytest.raises(BadRequest) as told:
        _asked([str(file)], None)
    assert str(told.value).startswith(fault)
    assert named_exercise(("ann", "bad2.py"), text).told == str(told.value)


def test_check_asks_where_neither_name_nor_docstring_says(tmp_path: Path) -> None:
    exercise = BY_KEY["regression/whole_model"]
    file = tmp_path / "my_loss.py"  # there is an exercise called loss
    file.write_text(unlabelled(exercise))
    (asked,) = _asked([str(file)], None)
    assert (asked.exercise, asked.told) == (
        exercise,
        "by what it offers it is judged as regression/whole_model",
    )
    assert _asked([str(file)], None, "gate/loss")[0].exercise.key == "gate/loss"
    file.write_text(exercise.solution)
    assert (
        _asked([str(file)], None)[0].told
        == "its label says regression/whole_model: it is judged as gate/loss"
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("def gradients(", "def slopes_of(", "and loss and train, but no gradients"),
        ("def train(p, x, y, seed)", "def train(p)", "train 1 argument, which no whole model does (regr"),
        ("import numpy as np", "import numpi as np", "my_net.py imports what is not there"),
        ("def train(", "def train(:", "my_net.py is not Python, in line"),
    ],
)  # fmt: skip
def test_else_one_sentence_says_why_not(old: str, new: str, sentence: str) -> None:
    text = unlabelled(BY_KEY["regression/whole_model"])
    assert text.count(old) == 1
    with pytest.raises(BadRequest) as error:
        recognise(Source("my_net.py", text.replace(old, new)))
    assert str(error.value).startswith("which model is my_net.py?")
    assert sentence in str(error.value)


def test_a_memory_of_neither_size_is_not_guessed() -> None:
    text = unlabelled(BY_KEY["rnn/whole_model"])
    text = text.replace('"b_y": np.zeros(1)', '"b_y": np.zeros(1), "more": np.zeros((hidden, hidden))')
    with pytest.raises(BadRequest, match="--as rnn/whole_model or --as lstm/whole_model"):
        recognise(Source("my_net.py", text))
