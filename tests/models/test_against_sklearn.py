"""SoftmaxMLP held to scikit-learn's MLPClassifier on its sets: same rows, layers, optimiser and updates.

`pytest -m slow -s tests/models/test_against_sklearn.py` prints the figures. Needs scikit-learn.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from toystory.models import SoftmaxMLP

datasets = pytest.importorskip("sklearn.datasets")

SEEDS, HIDDEN, BATCH, RATE, UPDATES, ALPHA = 10, 32, 32, 0.003, 1500, 1e-4
SETS = {
    "iris": lambda: datasets.load_iris(return_X_y=True),
    "wine": lambda: datasets.load_wine(return_X_y=True),
    "breast cancer": lambda: datasets.load_breast_cancer(return_X_y=True),
    "digits": lambda: datasets.load_digits(return_X_y=True),
    "moons": lambda: datasets.make_moons(500, noise=0.25, random_state=0),
}


def theirs(x: Any, y: Any, seed: int) -> Any:
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    epochs = -(-UPDATES // -(-len(x) // BATCH))
    network = MLPClassifier(
        (HIDDEN,), alpha=ALPHA, batch_size=BATCH, learning_rate_init=RATE, max_iter=epochs, random_state=seed,
        tol=0.0, n_iter_no_change=epochs,
    )  # fmt: skip
    return make_pipeline(StandardScaler(), network).fit(x, y)


def ours(x: Any, y: Any, seed: int) -> SoftmaxMLP:
    # Theirs divides the pull of weight decay by the rows of a batch.
    model = SoftmaxMLP((x.shape[1], HIDDEN, int(y.max()) + 1), weight_decay=ALPHA / BATCH, seed=seed)
    return model.fit(x, y, updates=UPDATES, batch=BATCH, learning_rate=RATE, seed=seed)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", SETS)
def test_as_good_as_theirs_within_its_spread(name: str) -> None:
    from sklearn.model_selection import train_test_split

    x, y = SETS[name]()
    accuracies: dict[str, list[float]] = {"ours": [], "theirs": []}
    seconds = dict.fromkeys(accuracies, 0.0)
    for seed in range(SEEDS):
        learn, test, y_learn, y_test = train_test_split(x, y, test_size=0.25, stratify=y, random_state=seed)
        for who, make in (("ours", ours), ("theirs", theirs)):
            started = time.perf_counter()
            model = make(learn, y_learn, seed)
            seconds[who] += time.perf_counter() - started
            accuracies[who].append(float(model.score(test, y_test)))
    for who, found in accuracies.items():
        print(
            f"{name}, {who}: {np.mean(found):.4f} ± {np.std(found):.4f} "
            f"({min(found):.4f} to {max(found):.4f}), {seconds[who] / SEEDS:.2f} s a fit"
        )
    mean, spread = np.mean(accuracies["theirs"]), np.std(accuracies["theirs"])
    assert abs(np.mean(accuracies["ours"]) - mean) <= max(spread, 1 / len(y_test))
