"""Models for tests."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from toystory.models import Model

AnyModel = TypeVar("AnyModel", bound=Model)


def shaken(model: AnyModel, by: float = 0.4) -> AnyModel:
    """The model with every parameter moved: zeros hide mistakes, and a ReLU has no slope at its kink."""
    rng = np.random.default_rng(5)
    for parameter in model.parameters.values():
        parameter += by * rng.standard_normal(parameter.shape)
    return model
