"""What is shown is what trains: a fast form is taken for the source that it was held to, and for no other."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from toystory.models import MODELS
from toystory.models.fast.held_to import HELD_TO
from toystory.models.fast_form import fingerprint_of, notice, registered_classes

PACKAGE = Path(__file__).parents[2] / "toystory"

TRAIN = """
import json, sys
from dataclasses import replace
from toystory.training.experiment import Experiment
from toystory.training.loop import Training

base = Experiment(name="", model="MLP", columns=6, rows=40, updates=3, learning_rate=0.1, dtype="float64")
found = {}
for model in sys.argv[1].split():
    labels = "every step" if model == "Attention" else "end"
    hidden = () if model == "LogisticRegression" else (4,)
    training = Training(replace(base, model=model, hidden=hidden, labels=labels))
    found[model] = [[progress.loss for progress in training], training.notice]
print(json.dumps(found))
"""

EDITS = {
    "LogisticRegression": ("logistic_regression.py", "z = x @ w + b", "z = 1.1 * (x @ w + b)"),
    "TwoLayerNet": ("two_layer.py", "h = np.tanh(z1)", "h = 1.1 * np.tanh(z1)"),
    "MLP": ("mlp.py", 'gradients[f"b{l}"] = column_sums(dz)', 'gradients[f"b{l}"] = 0 * column_sums(dz)'),
    "RNN": ("rnn.py", "h[t] = np.tanh(s[t])", "h[t] = 1.1 * np.tanh(s[t])"),
    "LSTM": ("lstm.py", "f[t] = sigmoid(s_f[t])", "f[t] = sigmoid(s_f[t] + 1)"),
    "Attention": ("attention.py", "z = ", "z = 1.1 * "),
}


def copied(folder: Path) -> Path:
    """The parts of the package that train, to be edited."""
    for room in ("base", "models", "training"):
        shutil.copytree(
            PACKAGE / room, folder / "toystory" / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(PACKAGE / "__init__.py", folder / "toystory")
    return folder / "toystory" / "models"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def trained(folder: Path, models: str) -> dict[str, tuple[list[float], str]]:
    """The losses of a short training of each model there, and what is said of it."""
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, models], cwd=folder, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    found: dict[str, tuple[list[float], str]] = json.loads(done.stdout)
    return found


def test_every_form_was_held_to_the_source_as_it_is() -> None:
    now = {kind.__name__: fingerprint_of(kind) for kind in registered_classes()}
    assert now == HELD_TO, "run tools/hold_fast_forms.py, which compares the two and writes this down"


def test_nothing_is_said_while_nothing_was_changed() -> None:
    assert {notice(kind) for kind in MODELS.values()} == {""}


def test_a_line_of_a_model_that_is_changed_is_what_trains(tmp_path: Path) -> None:
    every = " ".join(EDITS)
    models = copied(tmp_path)
    before = trained(tmp_path, every)
    assert not any(said for _, said in before.values())
    for file, old, new in EDITS.values():
        edit(models / file, old, new)
    after = trained(tmp_path, every)
    for name, (file, _, _) in EDITS.items():
        assert after[name][0] != pytest.approx(before[name][0], rel=1e-6), name
        assert after[name][1].startswith(f"models/{file}, or what it calls, has been changed")


@pytest.mark.parametrize(
    ("file", "old", "new", "moved"),
    [
        ("parts/loss.py", "np.maximum(z, 0) - y * z", "np.maximum(z, 0) - 0.9 * y * z", set(EDITS)),
        ("parts/activations.py", "np.maximum(z, 0)", "np.maximum(z, 0.1 * z)", {"MLP", "Attention"}),
    ],
)
def test_so_is_a_line_of_what_it_calls(
    tmp_path: Path, file: str, old: str, new: str, moved: set[str]
) -> None:
    every = " ".join(EDITS)
    models = copied(tmp_path)
    before = trained(tmp_path, every)
    edit(models / file, old, new)
    after = trained(tmp_path, every)
    assert {name for name in EDITS if after[name][0] != before[name][0]} == moved
    assert {name for name in EDITS if after[name][1]} == moved


def test_words_may_be_mended(tmp_path: Path) -> None:
    models = copied(tmp_path)
    before = trained(tmp_path, "LSTM")
    edit(models / "lstm.py", '"""A long short-term memory', '"""Another word. A long short-term memory')
    edit(
        models / "lstm.py",
        "        for t in range(steps):",
        "        # A comment.\n\n        for t in range(steps):",
    )
    assert trained(tmp_path, "LSTM") == before
