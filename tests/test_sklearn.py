"""Our models among scikit-learn's own: what a user of it expects of a classifier. Needs scikit-learn."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.exceptions import DataConversionWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from toystory.sklearn import BitClassifier

ROWS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 20)
XOR = ROWS.sum(axis=1) % 2
SMALL: dict[str, Any] = {"model": "TwoLayerNet", "hidden": (8,), "updates": 300, "random_state": 0}


def test_it_scores_in_cross_validation_search_and_pipeline() -> None:
    net = BitClassifier(**SMALL)
    assert cross_val_score(net, ROWS, XOR, cv=4).min() == 1
    search = GridSearchCV(net, {"updates": [0, 300]}, cv=2).fit(ROWS, XOR)
    assert search.best_params_ == {"updates": 300}
    pipeline = make_pipeline(FunctionTransformer(lambda x: (x > 0).astype(int)), net)
    assert pipeline.fit(2 * ROWS - 1, XOR).score(2 * ROWS - 1, XOR) == 1


def test_a_copy_has_the_same_settings_and_nothing_learnt() -> None:
    net = BitClassifier(**SMALL).fit(ROWS, XOR)
    copy = clone(net)
    assert copy.get_params() == net.get_params()
    assert not hasattr(copy, "model_")
    assert copy.set_params(updates=5).updates == 5
    again = clone(net).fit(ROWS, XOR)
    assert np.array_equal(again.predict_proba(ROWS), net.predict_proba(ROWS))


def test_labels_are_whatever_two_they_are() -> None:
    net = BitClassifier(**SMALL).fit(ROWS.tolist(), np.where(XOR == 1, "odd", "even"))
    assert net.classes_.tolist() == ["even", "odd"]
    assert net.predict([[0, 1], [1, 1]]).tolist() == ["odd", "even"]
    probabilities = net.predict_proba(ROWS)
    assert probabilities.shape == (len(ROWS), 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_labels_in_a_column_are_taken_with_a_warning() -> None:
    with pytest.warns(DataConversionWarning):
        net = BitClassifier(**SMALL).fit(ROWS, XOR[:, None])
    assert net.score(ROWS, XOR) == 1


def test_pandas_names_its_columns() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(ROWS, columns=["x1", "x2"])
    net = BitClassifier(**SMALL).fit(frame, pandas.Series(XOR))
    assert net.feature_names_in_.tolist() == ["x1", "x2"]
    assert net.score(frame, XOR) == 1


@pytest.mark.parametrize("model", ["LogisticRegression", "MLP", "RNN", "LSTM", "Attention", "AutogradNet"])
def test_every_model_learns_to_answer(model: str) -> None:
    hidden = () if model == "LogisticRegression" else (4,)
    net = BitClassifier(model, hidden=hidden, updates=3, random_state=1).fit(ROWS, XOR)
    assert set(net.predict(ROWS)) <= {0, 1}
    assert net.n_iter_ == net.loss_curve_[-1][0] == 3


@pytest.mark.parametrize(
    ("settings", "x", "said"),
    [
        ({}, ROWS + 0.5, "binarize=0.5 makes them"),
        ({"model": "GRU"}, ROWS, "expected one of LogisticRegression"),
        ({"model": "LSTM", "hidden": (4, 4)}, ROWS, "one number of hidden units"),
    ],
)
def test_what_it_cannot_learn_is_said(settings: dict[str, Any], x: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        BitClassifier(**{**SMALL, **settings}).fit(x, XOR)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["LogisticRegression", "MLP"])
def test_scikit_learns_own_checks(model: str) -> None:
    """All pass where numbers are made bits. Without, every check that feeds other numbers fails, and should:
    our models read bits, and rounding what somebody gives would hide a mistake of theirs."""
    hidden = () if model == "LogisticRegression" else (8,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bits = BitClassifier(model, hidden=hidden, updates=100, binarize=0.0, random_state=0)
        checks = check_estimator(bits, on_fail=None, on_skip=None)
        strict = check_estimator(clone(bits).set_params(binarize=None), on_fail=None, on_skip=None)
    assert [check["check_name"] for check in checks if check["status"] == "failed"] == []
    failed = [check for check in strict if check["status"] == "failed"]
    said = [f"{check['exception']} {check['exception'].__cause__}" for check in failed]
    assert [line for line in said if "must hold bits" not in line] == []
