"""Our models as scikit-learn's classifiers: for its pipelines, searches and scores. Needs scikit-learn.

>>> from toystory.sklearn import BitClassifier
>>> from sklearn.model_selection import cross_val_score
>>> x = [[0, 0], [0, 1], [1, 0], [1, 1]] * 25
>>> y = [0, 1, 1, 0] * 25
>>> print(cross_val_score(BitClassifier("TwoLayerNet", hidden=(8,), random_state=0), x, y).min())
1.0
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("toystory.sklearn needs scikit-learn: pip install scikit-learn") from error
from sklearn.utils import Tags, check_random_state, column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from toystory.models import MODELS, Model

LARGEST_SEED = 2**31 - 1


class BitClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One of our models, told what to learn in scikit-learn's way.

    Args:
        model: Its name: LogisticRegression, TwoLayerNet, MLP, RNN, LSTM, Attention.
        hidden: Hidden units; several for an MLP, none for LogisticRegression, one for every other.
        options: Further arguments of the model's constructor, such as `{"signed": False}`.
        updates: Updates to make.
        batch: Rows an update; None for all of them.
        optimizer: adam, momentum or gradient descent.
        learning_rate: How far an update goes.
        clip: The longest gradient let through; None for any.
        binarize: Numbers above it count as 1, others as 0; None where all are bits already, and an error
            otherwise.
        random_state: For first weights and the order of the rows.

    Attributes:
        classes_: The two labels, sorted.
        model_: The trained model of ours. It reads rows of other lengths too, if it reads bit by bit.
        n_iter_: Updates made.
        loss_curve_: (updates made, loss) pairs.
    """

    def __init__(
        self,
        model: str = "MLP",
        *,
        hidden: tuple[int, ...] = (16,),
        options: dict[str, Any] | None = None,
        updates: int = 1000,
        batch: int | None = 256,
        optimizer: str = "adam",
        learning_rate: float = 0.01,
        clip: float | None = None,
        binarize: float | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.model = model
        self.hidden = hidden
        self.options = options
        self.updates = updates
        self.batch = batch
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.clip = clip
        self.binarize = binarize
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn rows with two kinds of labels.

        Args:
            X: (rows, columns), bits.
            y: Labels, (rows,).

        Raises:
            ValueError: They do not fit together, are no bits, or there are not two labels.
        """
        x, y = validate_data(self, X, y, ensure_min_samples=2, multi_output=True)
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if type_of_target(y, input_name="y") == "multiclass":
            raise ValueError("Only binary classification is supported. The type of the target is multiclass.")
        if len(self.classes_) < 2:
            raise ValueError("y holds only one class: expected two")
        rows = self._bits(x)
        seed = check_random_state(self.random_state).randint(LARGEST_SEED)
        self.model_ = self._untrained(rows.shape[1], seed)
        self.model_.fit(
            rows,
            labels,
            updates=self.updates,
            batch=self.batch,
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            clip=self.clip,
            seed=seed,
        )
        self.n_iter_, self.loss_curve_ = self.updates, self.model_.loss_curve_
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """The probabilities of both classes for each row: (rows, 2)."""
        check_is_fitted(self)
        rows = self._bits(validate_data(self, X, reset=False))
        second = self.model_.predict_proba(rows).astype(np.float64)
        return np.column_stack([1 - second, second])

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The likelier class of each row: (rows,)."""
        second = self.predict_proba(X)[:, 1] > 0.5
        return np.asarray(self.classes_[second.astype(int)])

    def __sklearn_tags__(self) -> Tags:
        """Two classes, and no more."""
        tags: Tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def _bits(self, X: NDArray[Any]) -> NDArray[np.uint8]:
        if self.binarize is not None:
            return (self.binarize < X).astype(np.uint8)
        if not np.isin(X, (0, 1)).all():
            raise ValueError(
                "X must hold bits, zeros and ones only: binarize=0.5 makes them of other numbers"
            )
        return np.asarray(X).astype(np.uint8)

    def _untrained(self, columns: int, seed: int) -> Model:
        """The model with its first weights. Raises ValueError."""
        if self.model not in MODELS:
            raise ValueError(f"model is {self.model!r}: expected one of {', '.join(MODELS)}")
        hidden, options = tuple(self.hidden), {**(self.options or {}), "seed": seed}
        make: Any = MODELS[self.model]
        if self.model == "MLP":
            return make((columns, *hidden, 1), **options)  # type: ignore[no-any-return]
        if self.model == "LogisticRegression":
            return make(columns, **options)  # type: ignore[no-any-return]
        if len(hidden) != 1:
            raise ValueError(f"{self.model} has one hidden layer: give one number of hidden units")
        if self.model in ("RNN", "LSTM", "Attention"):
            return make(hidden=hidden[0], **options)  # type: ignore[no-any-return]
        return make(columns, hidden[0], **options)  # type: ignore[no-any-return]
