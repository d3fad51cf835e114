"""The words of the course: each is there once, and is found by whatever it is called."""

from __future__ import annotations

import doctest
import json

import numpy as np
import pytest

from toystory.cli.main import main
from toystory.course.text.glossary import find_word, glossary, page_of


def test_every_word_stands_there_once_with_a_meaning() -> None:
    words = [word.word for word in glossary()]
    assert len(words) == len(set(words)) > 50
    assert words == sorted(words)
    for word in glossary():
        assert word.meaning.endswith("."), word.word
        assert 20 < len(word.meaning) < 320, word.word


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("logit", "logit"),
        ("Logit", "logit"),
        ("∘", "symbols"),
        ("‖·‖", "norm"),
        ("δ", "delta"),
        ("epochs", "epoch"),
    ],
)
def test_a_word_is_found_by_any_of_its_names(asked: str, found: str) -> None:
    word = find_word(asked)
    assert word is not None
    assert word.word == found


@pytest.mark.parametrize("asked", ["", "   ", "zebra crossing"])
def test_what_is_not_there_is_not_made_up(asked: str) -> None:
    assert find_word(asked) is None


WORDS = (
    "logit, cross-entropy, seed, epoch, batch, tanh, learning rate, tie, momentum, clipping, orthogonal, "
    "he weights, chain rule, backpropagation, overfitting, saturated, control"
)


@pytest.mark.parametrize("word", WORDS.split(", "))
def test_the_words_that_the_lessons_use_are_explained(word: str) -> None:
    assert find_word(word) is not None


def test_the_command_line_tells_one_word_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "logit"]) == 0
    one = capsys.readouterr().out
    assert one.startswith("logit, z: ")
    assert main(["words", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["words"]) == len(glossary())
    with pytest.raises(SystemExit) as end:
        main(["words", "zebra crossing"])
    assert end.value.code == 2
    assert "no word of the course" in capsys.readouterr().err


def test_numpy_has_a_page_and_what_it_says_is_so(capsys: pytest.CaptureFixture[str]) -> None:
    word = find_word("numpy")
    assert word is not None
    page = page_of(word)
    examples = doctest.DocTestParser().get_doctest(page, {"np": np}, "page", None, 0)
    assert len(examples.examples) > 15
    assert not doctest.DocTestRunner(verbose=False).run(examples).failed
    assert len(page.splitlines()) < 90, "a short page"
    for trap in ("`.T`", "np.outer", "axis", "`@`", "keepdims"):
        assert trap in page
    assert main(["words", "numpy"]) == 0
    assert page in capsys.readouterr().out
