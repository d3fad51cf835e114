"""A model of ours as a Python script for another framework: it holds the weights and says where they go."""

from __future__ import annotations

import base64
import io
import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from toystory.export.frameworks import equinox, flax, keras, pytorch
from toystory.models.attention import Attention
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.recurrent import RecurrentModel
from toystory.models.rnn import RNN
from toystory.models.softmax_mlp import SoftmaxMLP

FRAMEWORKS: dict[str, ModuleType] = {"pytorch": pytorch, "keras": keras, "flax": flax, "equinox": equinox}
"""Modules with a NAME, IMPORTS, and a template for each kind of model."""

SCRIPT = '''\
"""{title} in {framework}, with the very weights: it answers as ours does.

    python {script} {example}

prints {prints}. `arrays()` gives our arrays as they are; the comments say
where each goes and why.
"""

from __future__ import annotations

import base64
import io
import sys

{imports}

SETTINGS = {settings}


def arrays() -> dict[str, np.ndarray]:
    """Our arrays by their names: rows come first, so a layer computes `x W + b`."""
    with np.load(io.BytesIO(base64.b85decode("".join(WEIGHTS.split())))) as file:
        return dict(file)


{code}


WEIGHTS = r"""
{weights}
"""

{main}'''
MAIN = """\
if __name__ == "__main__":
    for row in sys.argv[1:] or [{example!r}]:
        (probability,) = predict_proba(np.array([[int(bit) for bit in row]]))
        print(f"{{row}} {{probability:.6f}}")
"""
MAIN_OF_TABLE = """\
if __name__ == "__main__":
    for row in sys.argv[1:] or [{example!r}]:
        (shares,) = predict_proba(np.array([[float(number) for number in row.split(",")]]))
        names = SETTINGS["settings"]["class_names"] or range(len(shares))
        print(row, *(f"{{name}} {{share:.6f}}" for name, share in zip(names, shares)))
"""


def script(model: Model, framework: str, path: Path) -> str:
    """The text of a script that holds `model`.

    Args:
        model: Any of ours.
        framework: One of FRAMEWORKS.
        path: Where it will stand, for its own text.
    """
    target = FRAMEWORKS[framework]
    code = fill_template(getattr(target, template_kind(model)), model, target.ACTIVATIONS).strip("\n")
    imports = target.IMPORTS.strip("\n").replace("«DTYPE»", model.dtype.name)
    settings = {"class": type(model).__name__, "settings": _plain(model)}
    table = isinstance(model, SoftmaxMLP)
    main = (MAIN_OF_TABLE if table else MAIN).format(example=_example(model))
    return SCRIPT.format(
        title=f"A {type(model).__name__} of {model.size:,} numbers",
        framework=target.NAME,
        script=path.name,
        example=_example(model),
        prints="the probability of every class" if table else "the probability that a row's label is 1",
        main=main,
        imports=imports,
        settings=repr(settings),
        code=code,
        weights=_weights(model),
    )


def fill_template(code: str, model: Model, activations: Mapping[str, str]) -> str:
    """A template with what this model needs in place of its «NAMES».

    Args:
        code: The template.
        model: Any of ours.
        activations: How the framework calls the activations of hidden units.
    """
    pairs, activation = _layers(model)
    factor = "log(n + t + 1) / np.log(50)" if getattr(model, "scale_scores", True) else ""
    for name, text in {
        "PAIRS": pairs,
        "ACTIVATION": activations[activation],
        "SIGNED": _signed(model),
        "FACTOR": f"np.{factor}" if factor else "1.0",
        "JNP_FACTOR": f"jnp.{factor}" if factor else "1.0",
        "PLACES": "n" if getattr(model, "thinks_aloud", True) else "1",
    }.items():
        code = code.replace(f"«{name}»", text)
    return code


def template_kind(model: Model) -> str:
    """The name of the template."""
    if isinstance(model, SoftmaxMLP):
        return "TABLE"
    if isinstance(model, RecurrentModel):
        return "RNN" if isinstance(model, RNN) else "LSTM"
    return "ATTENTION" if isinstance(model, Attention) else "DENSE"


def _layers(model: Model) -> tuple[str, str]:
    """How a script names the weights and biases of the layers, first to last; and the hidden activation."""
    names = list(model.parameters)
    if isinstance(model, SoftmaxMLP):
        return f'[(ours[f"W{{l}}"], ours[f"b{{l}}"]) for l in range(1, {model.layers + 1})]', "relu"
    if isinstance(model, MLP):
        activation = str(model.settings["activation"])
        return f'[(ours[f"W{{l}}"], ours[f"b{{l}}"]) for l in range(1, {model.layers + 1})]', activation
    if names == ["w", "b"]:
        return '[(ours["w"][:, None], ours["b"])]', "tanh"
    return '[(ours["W1"], ours["b1"]), (ours["w2"][:, None], ours["b2"])]', "tanh"


def _signed(model: Model) -> str:
    """How the bits are read."""
    signed = getattr(model, "signed", False)
    return "2 * x - 1  # bits are read as −1 and +1" if signed else "x  # bits are read as 0 and 1"


def _plain(model: Model) -> dict[str, object]:
    """The model's settings as plain values."""
    settings = {
        name: value.item() if hasattr(value, "item") else value for name, value in model.settings.items()
    }
    if isinstance(model, SoftmaxMLP):  # of one that has seen no rows yet, too
        settings |= {"means": tuple(model.means.tolist()), "spreads": tuple(model.spreads.tolist())}
    return settings


def _example(model: Model) -> str:
    """A row that the model can read."""
    if isinstance(model, SoftmaxMLP):
        return ",".join(f"{mean:.4g}" for mean in model.means)
    first = next(iter(model.parameters.values()))
    free = isinstance(model, RecurrentModel | Attention)
    columns = 5 if free else len(first)
    return "".join("10110"[column % 5] for column in range(columns))


def _weights(model: Model) -> str:
    """The arrays as text, in lines."""
    file = io.BytesIO()
    arrays: dict[str, Any] = {name: np.ascontiguousarray(p) for name, p in model.parameters.items()}
    np.savez(file, **arrays)
    return "\n".join(textwrap.wrap(base64.b85encode(file.getvalue()).decode("ascii"), 108))
