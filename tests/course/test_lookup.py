"""Which experiment the learner means."""

from __future__ import annotations

import pytest

from toystory.course import catalogue
from toystory.training.run import Study

MLP = catalogue.load("mlp")
RNN = catalogue.load("rnn")


@pytest.mark.parametrize("number", range(1, len(MLP.studies) + 1))
def test_by_number(number: int) -> None:
    assert MLP.find_study(str(number)) == MLP.studies[number - 1]


@pytest.mark.parametrize("study", MLP.studies + RNN.studies, ids=lambda study: study.name)
def test_by_name_however_it_is_written(study: Study) -> None:
    lesson = MLP if study in MLP.studies else RNN
    for written in (
        study.name,
        study.name.upper(),
        study.name.replace(" ", "-"),
        study.name.replace(",", ""),
    ):
        assert lesson.find_study(written) == study


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("learning", "learning by heart"),
        ("dia", "the dial"),
        ("±1", "±1 first weights"),
        ("Gauss", "Gaussian first weights"),
        ("100,000", "the tower, 100,000 rows"),
        ("tower 10000", "the tower, 10,000 rows"),
    ],
)
def test_by_a_part_that_fits_only_one(part: str, name: str) -> None:
    assert MLP.find_study(part).name == name


def test_a_part_of_a_number_is_not_taken_for_a_name() -> None:
    number = "00"
    assert any(number in study.name for study in RNN.studies)
    with pytest.raises(ValueError, match=f"no experiment called '{number}'"):
        RNN.find_study(number)


def test_a_part_that_fits_several_names_them() -> None:
    with pytest.raises(ValueError, match="'tower' fits more than one experiment of lesson mlp") as caught:
        MLP.find_study("tower")
    assert str(caught.value).count("the tower, ") == 4


def test_a_slip_names_the_nearest_and_all() -> None:
    with pytest.raises(ValueError, match=r"did you mean 'learning by heart'\? it has 1 'the tower") as caught:
        MLP.find_study("lerning by hart")
    for number, study in enumerate(MLP.studies, start=1):
        assert f"{number} {study.name!r}" in str(caught.value)


@pytest.mark.parametrize("wanted", ["", "  ", ",", "?", "0", "-1", "99", "²", "9" * 5000])
def test_what_is_no_name_is_refused(wanted: str) -> None:
    with pytest.raises(ValueError, match="no experiment called"):
        MLP.find_study(wanted)
