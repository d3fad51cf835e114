"""A network for real numbers in another framework answers as ours does, and comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.export.test_frameworks import run_script
from toystory.export.frameworks.export import export_model
from toystory.export.frameworks.read import read_model
from toystory.models import SoftmaxMLP

RNG = np.random.default_rng(0)
X, Y = RNG.normal((5, -2000, 1e9), (1, 300, 5e3), (60, 3)), RNG.integers(0, 4, 60)


def trained(*hidden: int, dtype: str = "float32") -> SoftmaxMLP:
    names: dict[str, Any] = {"class_names": list("abcd"), "column_names": list("uvw"), "label_name": "kind"}
    return SoftmaxMLP((3, *hidden, 4), dropout=0.2, dtype=dtype, **names).fit(X, Y, updates=50)


@pytest.mark.parametrize("form", ["pytorch", "keras", "flax", "equinox"])
def test_a_script_is_python_and_holds_the_standardisation(form: str) -> None:
    model = trained(8)
    text = export_model(model, form, Path("net.py"))
    assert isinstance(text, str)
    compile(text, "net.py", "exec")
    assert repr(model.means.tolist()[0]) in text
    assert "means" in str(export_model(SoftmaxMLP((2, 2)), form, Path("net.py")))


def test_safetensors_brings_it_back_with_its_columns_and_classes(tmp_path: Path) -> None:
    model = trained(8, 6)
    contents = export_model(model, "safetensors", tmp_path / "net.safetensors")
    assert isinstance(contents, bytes)
    (tmp_path / "net.safetensors").write_bytes(contents)
    back = read_model(tmp_path / "net.safetensors", None)
    assert back.settings == model.settings
    np.testing.assert_array_equal(back.predict_proba(X), model.predict_proba(X))


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("hidden", [(), (8, 6)])
@pytest.mark.parametrize("form", ["pytorch", "keras", "flax", "equinox"])
def test_a_script_answers_the_same(
    form: str, hidden: tuple[int, ...], dtype: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip({"pytorch": "torch"}.get(form, form))
    model = trained(*hidden, dtype=dtype)
    module = run_script(str(export_model(model, form, tmp_path / "net.py")), tmp_path)
    np.testing.assert_allclose(module.predict_proba(X), model.predict_proba(X), atol=1e-6)
    if form == "pytorch":
        import torch

        torch.save(module.Net().state_dict(), tmp_path / "net.pt")
        back = read_model(tmp_path / "net.pt", None)
        np.testing.assert_array_equal(back.predict_proba(X), model.predict_proba(X))


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_onnx_graph_answers_the_same_and_comes_back(dtype: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    model = trained(8, 6, dtype=dtype)
    contents = export_model(model, "onnx", tmp_path / "net.onnx")
    assert isinstance(contents, bytes)
    (tmp_path / "net.onnx").write_bytes(contents)
    (found,) = runtime.InferenceSession(contents).run(None, {"x": X})
    np.testing.assert_allclose(found, model.predict_proba(X), atol=1e-6)
    back = read_model(tmp_path / "net.onnx", None)
    np.testing.assert_array_equal(back.predict_proba(X), model.predict_proba(X))
