"""What is answered on paper: every wrong answer gets its own sentence, none tells the right one."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest

from tests.lessons.test_exercises import EXERCISES, verdict_here
from toystory.course.catalogue import NAMES
from toystory.course.exercises.exercise import Code, Exercise, Wrong
from toystory.course.exercises.on_paper import FUNCTION, Choice, Number, expect_on_paper

ASKED = [exercise for exercise in EXERCISES if f"def {FUNCTION}(" in exercise.solution]
QUESTIONS: dict[str, Number | Choice] = {
    "n": Number(0.5, "Look again."),
    "c": Choice("B", {"A": "Not that.", "C": "Nor that."}),
}


def answering(answers: Any) -> Code:
    return lambda function, /, *arguments: answers


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (None, "on_paper() returned nothing: begin on paper"),
        (3, "on_paper() should return a dict"),
        ({"c": "B"}, 'on_paper()["n"] is not answered yet'),
        ({"n": "half", "c": "B"}, 'on_paper()["n"] should be a number'),
        ({"n": 0.52, "c": "B"}, 'on_paper()["n"]: 0.52 is not it. Look again.'),
        ({"n": float("nan"), "c": "B"}, 'on_paper()["n"]: nan is not it.'),
        ({"n": 0.5, "c": ""}, 'on_paper()["c"] is not answered yet'),
        ({"n": 0.5, "c": 2}, 'on_paper()["c"] should be one of the letters A, B, C'),
        ({"n": 0.5, "c": "a"}, 'on_paper()["c"]: A is not it. Not that.'),
    ],
)
def test_a_wrong_answer_gets_its_own_sentence(answers: Any, sentence: str) -> None:
    with pytest.raises(Wrong) as wrong:
        expect_on_paper(answering(answers), QUESTIONS)
    assert sentence in wrong.value.sentence
    assert wrong.value.expected is None


def test_a_number_in_quotes_is_shown_in_them() -> None:
    with pytest.raises(Wrong) as wrong:
        expect_on_paper(answering({"n": "13", "c": "B"}), QUESTIONS)
    assert wrong.value.found == "'13'"


def test_two_digits_and_small_letters_are_enough() -> None:
    expect_on_paper(answering({"n": 0.505, "c": " b "}), QUESTIONS)


def test_every_chapter_asks_for_the_derivation() -> None:
    lessons = [exercise.lesson for exercise in ASKED]
    assert {lesson: lessons.count(lesson) for lesson in lessons} == {
        "gate": 2,
        "regression": 3,
        "two-layer": 4,
        "autograd": 1,
        "mlp": 4,
        "rnn": 4,
        "lstm": 2,
        "attention": 3,
        "comparison": 2,
    }


HANDED_OVER = {
    "gate/sigmoid": "the definition",
    "gate/loss": "the definition",
    "regression/loss_and_gradients": "the forward pass of chapter 1",
    "mlp/softmax_loss": "the definition",
    "lstm/coupled": "the forward pass, made up here",
    "attention/softmax": "the definition",
    "attention/head_back": "the forward pass of the exercise before",
    "rnn/by_hand": "the network that is to be set",
}
"""Tasks that print an equation, and which one: none is what is to be found."""


def test_no_task_prints_what_is_to_be_found() -> None:
    equation = re.compile(r"^ {4}[^\W\d][^>\n]*? (?:=|←|≈) ", re.MULTILINE)
    printed = {each.key for each in EXERCISES if equation.search(each.task) and each.bug is None}
    assert printed == set(HANDED_OVER)
    without = {
        each.lesson
        for each in EXERCISES
        if each.key not in HANDED_OVER and each.kind in ("heart", "extension")
    }
    assert without == set(NAMES), "one in every chapter hands over no formula at all"


@pytest.mark.parametrize("exercise", ASKED, ids=[each.key for each in ASKED])
def test_it_is_asked_in_the_task_and_its_answer_is_not_there(exercise: Exercise) -> None:
    module = import_module(f"toystory.lessons.{exercise.lesson.replace('-', '_')}.exercises.{exercise.name}")
    for name, question in module.QUESTIONS.items():
        assert f'"{name}"' in exercise.task
        if isinstance(question, Choice):
            assert f"  {question.right}  " in exercise.task
            assert all(f"  {letter}  " in exercise.task for letter in question.why)
            assert not any(f" {question.right} is right" in why for why in question.why.values())


@pytest.mark.parametrize("exercise", ASKED, ids=[each.key for each in ASKED])
def test_a_file_of_before_is_not_asked(exercise: Exercise) -> None:
    before = exercise.solution.replace(f"def {FUNCTION}(", "def _unused(")
    assert verdict_here(exercise, before) is None


@pytest.mark.parametrize("exercise", ASKED, ids=lambda e: e.key)
def test_what_is_asked_fits_beside_the_editor(exercise: Exercise) -> None:
    questions = [line for line in exercise.task.splitlines() if re.match(r' {4}"\w| {6,}[A-D]  ', line)]
    assert questions
    assert max(map(len, questions)) <= 4 + 49, "columns that the task has in a terminal of 120"
