"""Whole models: correct ones in three styles pass, and each planted mistake gets its own sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.grading.test_recognise import BY_KEY, WHOLE, as_class
from tests.lessons.test_exercises import verdict_here
from tests.support.other_cuts import OTHERS
from toystory.course.exercises.exercise import Exercise, Mistake
from toystory.course.exercises.whole_model import untrained
from toystory.grading.failures import Source
from toystory.grading.recognise import recognise
from toystory.grading.verdict import check

PLANTED = [(exercise, mistake) for exercise in WHOLE for mistake in exercise.mistakes]
SENTENCES = {
    "regression/whole_model": {
        "the mean is a sum": "loss(p, x, y), the mean cross-entropy of your own probabilities,",
        "the gradient is not divided by the rows": "all of it is 5 times what it should be",
        "uphill": "it does not learn: of the eight rows",
        "the error has the wrong sign": "all of it is -1 times what it should be",
        "the bias is forgotten": 'gradients(p, x, y)["b"][0] is not how your loss moves with b[0]',
        "no bias at all": "loss(p, x, y), the mean cross-entropy of your own probabilities,",
        "answers are rounded": "probabilities(p, x)[0] is no probability",
        "a logit is no probability": "probabilities(p, x)[2] is no probability",
        "too few updates": "it does not learn: of the eight rows",
        "the parameters are not returned": "train(p, …, 0) should return the parameters",
        "a list for the weights": 'first_weights(3, 0)["w"] should be an array',
        "whole numbers": 'first_weights(3, 0)["w"] should hold floats',
        "the squared error": "loss(p, x, y), the mean cross-entropy of your own probabilities,",
    },
    "two-layer/whole_model": {
        "the sum over units, not over rows": 'gradients(p, x, y)["b1"] should be an array of shape (4,)',
        "back through tanh without its slope": 'gradients(p, x, y)["b1"][0] is not how your loss moves',
        "tanh's slope without the square": 'gradients(p, x, y)["b1"][0] is not how your loss moves',
        "all weights start at zero": "it does not learn: of the four rows",
        "the seed is not used": "gives the same weights for another seed",
        "another start at every call": "first_weights(2, 4, 0), asked a second time,",
        "the output's weights get the error alone": 'gradients(p, x, y)["w2"][0] is not how your loss moves',
        "the gradient is not divided by the rows": "all of it is 5 times what it should be",
        "uphill": "it does not learn: of the four rows",
        "no hidden layer is heard": 'gradients(p, x, y)["w2"][0] is not how your loss moves',
        "no bend": 'gradients(p, x, y)["b1"][0] is not how your loss moves',
        "too few updates": "it does not learn: of the four rows",
        "one gradient is left out": "gradients(p, x, y) has no key 'b1'",
    },
    "mlp/whole_model": {
        "all weights are 0": "all first weights are 0",
        "the slope of ReLU is its answer": 'gradients(p, x, y)["b2"][5] is not how your loss moves',
        "back through ReLU without its slope": 'gradients(p, x, y)["b2"][0] is not how your loss moves',
        "the sum over units": 'gradients(p, x, y)["b1"] should be an array of shape (32,)',
        "not divided by the rows": "all of it is 6 times what it should be",
        "the weights are not transposed": 'gradients(p, x, y)["b2"][5] is not how your loss moves',
        "the output has a ReLU too": "it does not learn: of all 256 rows",
        "the seed is not used": "gives the same weights for another seed",
        "uphill": "it does not learn: of all 256 rows",
        "labels are the sums": "it does not learn: of all 256 rows",
        "too few updates": "it does not learn: of all 256 rows",
        "a logit is returned": "probabilities(p, x)[0] is no probability",
        "a bias is forgotten": 'gradients(p, x, y)["b3"][0] is not how your loss moves',
    },
    "rnn/whole_model": {
        "the slope of tanh belongs to the step before": 'gradients(p, x, y)["b_h"][0] is not how',
        "the weights are not transposed": 'gradients(p, x, y)["b_h"][0] is not how',
        "the gradient of the memory's weights reads the memory after": '["W_hh"][0, 0] is not how',
        "replaced, not added": 'gradients(p, x, y)["W_hh"][0, 0] is not how',
        "only the last step": 'gradients(p, x, y)["b_h"][0] is not how',
        "multiplied by the weights twice": 'gradients(p, x, y)["b_h"][0] is not how',
        "divided by the rows at every step": "with b_h[0]: all of it is 0.25",
        "a memory that begins anew at every bit": 'gradients(p, x, y)["b_h"][0] is not how',
        "the first bit is not read": "gradients raised IndexError",
        "the answer after the first bit": 'gradients(p, x, y)["w_hy"][0] is not how',
        "the seed is not used": "gives the same weights for another seed",
        "the error is not divided by the rows": "all of it is 4 times what it should be",
    },
    "lstm/whole_model": {
        "the cell's road has no forget gate": 'gradients(p, x, y)["b_h"][0] is not how',
        "dc is begun anew at every step": 'gradients(p, x, y)["b_h"][0] is not how',
        "the output gate does not count": 'gradients(p, x, y)["b_h"][0] is not how',
        "the forget gate reads the cell after": 'gradients(p, x, y)["b_h"][3] is not how',
        "the slope of a sigmoid is left out": 'gradients(p, x, y)["b_h"][0] is not how',
        "the candidate's slope without the square": 'gradients(p, x, y)["b_h"][9] is not how',
        "two gates change places": 'gradients(p, x, y)["b_h"][0] is not how',
        "the weights are not transposed": 'gradients(p, x, y)["b_h"][0] is not how',
        "replaced, not added": 'gradients(p, x, y)["W_hh"][0, 2] is not how',
        "the cell shows itself without tanh": 'gradients(p, x, y)["b_h"][0] is not how',
        "only the last step": 'gradients(p, x, y)["b_h"][0] is not how',
        "the seed is not used": "gives the same weights for another seed",
        "the error is not divided by the rows": "all of it is 4 times what it should be",
    },
    "attention/whole_model": {
        "the scale is forgotten on the way back": 'gradients(p, x, y)["W_q"][0, 0]',
        "a place sees the bit that it is to write": "a place must not see the bit that it is to write",
        "softmax along the wrong axis": "a place must not see the bit that it is to write",
        "softmax's way back without the sum": 'gradients(p, x, y)["b_d"][0] is not how',
        "not divided by the written bits": "all of it is 12 times what it should be",
        "divided by the rows alone": "all of it is 3 times what it should be",
        "the residual is forgotten on the way back": 'gradients(p, x, y)["E_kind"][1, 0]',
        "back through ReLU without its slope": 'gradients(p, x, y)["b1"][0] is not how your loss moves',
        "what the values were is not handed on": 'gradients(p, x, y)["E_kind"][0, 0]',
        "the seed is not used": "gives the same weights for another seed",
        "the distances get no gradient": 'gradients(p, x, y)["b_d"][0] is not how your loss moves',
        "the loss of the last bit alone": "loss(p, x, y), the mean cross-entropy of your own probabilities,",
        "a second token of the same bit replaces the first": 'gradients(p, x, y)["E_bit"][0, 0]',
        "it does not read what it wrote": "write(p, x) is not what your probabilities say",
        "a logit is no probability": "is no probability",
        "too few updates": "it does not learn: of 100 fresh rows of 50 bits",
    },
    "autograd/whole_model": {
        "what was there is replaced, by each wire": "a.grad, after d.backward(), should be",
        "a second way back replaces the first": "a.grad, after 2 times d.backward(), should be",
        "the slopes of a product change places": "a.grad, after c.backward(), should be -0.5 and is 1.5",
        "tanh's slope at the input": "a.grad, after c.backward(), should be 0.180707",
        "exp's slope is its input": "a.grad, after c.backward(), should be 4.48169 and is 1.5",
        "log's slope is its result": "a.grad, after c.backward(), should be 0.666667",
        "from the start to the end": "a.grad, after c.backward(), should be 1 and is 0",
        "every way is walked": "a.grad, after d.backward(), should be",
        "gradients do not begin at 0": "a.grad, after c.backward(), should be 1 and is 2",
        "derived by hand": "never asks backward() of a Value",
        "the loss is a sum": "loss(p, x, y), the mean cross-entropy of your own probabilities,",
        "the label the wrong way round": "loss(p, x, y), the mean cross-entropy of your own probabilities,",
        "the seed is not used": "gives the same weights for another seed",
        "a gradient of numbers, not an array": "should be an array of shape (2, 4) and has shape (8,)",
        "uphill": "train raised OverflowError",
        "too few updates": "it does not learn: of the four rows",
    },
}


@pytest.mark.parametrize("exercise", WHOLE, ids=[each.key for each in WHOLE])
def test_a_class_passes_like_functions(exercise: Exercise) -> None:
    with untrained():
        for text in (exercise.solution, as_class(exercise)):
            wrong = verdict_here(exercise, text)
            assert wrong is None, wrong and wrong.sentence


@pytest.mark.parametrize("exercise", WHOLE, ids=[each.key for each in WHOLE])
def test_another_cut_passes_too(exercise: Exercise) -> None:
    with untrained():
        wrong = verdict_here(exercise, OTHERS[exercise.key])
    assert wrong is None, wrong and (wrong.sentence, wrong.given)
    assert recognise(Source("my_net.py", OTHERS[exercise.key])) == exercise


@pytest.mark.slow
@pytest.mark.parametrize("cut", [as_class, lambda exercise: OTHERS[exercise.key]], ids=["class", "other"])
@pytest.mark.parametrize("exercise", WHOLE, ids=[each.key for each in WHOLE])
def test_each_learns_as_the_solution_does(exercise: Exercise, cut: Callable[[Exercise], str]) -> None:
    verdict = check(exercise, Source("my_net.py", cut(exercise)))
    assert verdict.passed, verdict.text()


@pytest.mark.parametrize("exercise", WHOLE, ids=[each.key for each in WHOLE])
def test_what_is_asked_fits_beside_the_editor(exercise: Exercise) -> None:
    asked = [line for line in exercise.task.splitlines() if line.startswith("    ")]
    assert max(map(len, asked)) <= 4 + 49, "columns that the task has in a terminal of 120"


def test_a_dozen_mistakes_are_planted_in_each() -> None:
    for exercise in WHOLE:
        told = SENTENCES[exercise.key]
        assert len(told) >= 12
        assert set(told) == {mistake.about for mistake in exercise.mistakes}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise", "mistake"), PLANTED, ids=[f"{e.key}: {m.about}" for e, m in PLANTED])
def test_each_mistake_gets_the_sentence_that_is_about_it(exercise: Exercise, mistake: Mistake) -> None:
    wrong = verdict_here(exercise, mistake.made_in(exercise.solution))
    assert wrong is not None, f"the check of {exercise.key} lets it pass"
    assert SENTENCES[exercise.key][mistake.about] in wrong.sentence


def test_which_lengths_were_right_is_told() -> None:
    exercise = BY_KEY["lstm/whole_model"]
    mistakes = {mistake.about: mistake for mistake in exercise.mistakes}
    for about, within in (("replaced, not added", False), ("the output gate does not count", True)):
        wrong = verdict_here(exercise, mistakes[about].made_in(exercise.solution))
        assert wrong is not None
        told = "With rows of 1 bit all was right: look at what goes from step to step" in wrong.sentence
        assert told is not within


def test_what_is_right_already_is_told() -> None:
    exercise = BY_KEY["rnn/whole_model"]
    mistake = next(each for each in exercise.mistakes if each.about == "replaced, not added")
    wrong = verdict_here(exercise, mistake.made_in(exercise.solution))
    assert wrong is not None
    assert ". Right already: W_xh, b_h, w_hy, b_y" in wrong.sentence


def test_a_file_without_the_machine_is_told_so() -> None:
    exercise = BY_KEY["autograd/whole_model"]
    verdict = check(exercise, Source("my_net.py", exercise.solution.replace("class Value", "class Number")))
    assert verdict.sentence == "my_net.py has no class named Value"
