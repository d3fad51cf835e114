"""A model in another framework answers as ours does, and comes back. What needs the real packages is slow."""

from __future__ import annotations

import ast
import base64
import importlib.util
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from toystory.base.errors import BadRequest
from toystory.cli.main import main
from toystory.export.frameworks.export import export_model
from toystory.export.frameworks.layout import reordered
from toystory.export.frameworks.read import read_model
from toystory.export.frameworks.safetensors_file import from_safetensors, to_safetensors
from toystory.models import LSTM, MLP, RNN, LogisticRegression, Model, TwoLayerNet, load
from toystory.models.attention import Attention
from toystory.models.autograd import AutogradNet

MODELS: dict[str, Callable[[], Model]] = {
    "logistic regression": lambda: LogisticRegression(50),
    "two layers": lambda: TwoLayerNet(50, 10),
    "autograd": lambda: AutogradNet(50, 3),
    "MLP": lambda: MLP((50, 16, 8, 1)),
    "MLP of sigmoids that reads 0 and 1": lambda: MLP((50, 16, 1), activation="sigmoid", signed=False),
    "RNN": lambda: RNN(16),
    "RNN that reads 0 and 1": lambda: RNN(16, signed=False),
    "LSTM": lambda: LSTM(16),
    "LSTM in float64": lambda: LSTM(8, dtype=np.float64),
    "attention": Attention,
    "attention without the factor": lambda: Attention(scale_scores=False),
    "attention that answers at once": lambda: Attention(thinks_aloud=False),
}
SCRIPTS = ("pytorch", "keras", "flax", "equinox")
PACKAGES = {"pytorch": "torch", "keras": "keras", "flax": "flax", "equinox": "equinox"}
ROWS, COLUMNS = 200, 50


def trained(name: str) -> Model:
    """A model whose numbers are all different and nowhere zero, as after training."""
    model = MODELS[name]()
    rng = np.random.default_rng(7)
    for parameter in model.parameters.values():
        parameter += rng.normal(0, 0.1, parameter.shape)
    return model


def questions(model: Model) -> list[tuple[Any, ...]]:
    """What to ask: 200 rows in all, of 1 to 50 bits where a model takes any."""
    x = np.random.default_rng(3).integers(0, 2, (ROWS, COLUMNS))
    if isinstance(model, RNN | LSTM):
        return [(x,), (x, np.random.default_rng(4).integers(1, COLUMNS + 1, ROWS))]
    if isinstance(model, Attention):
        return [(x[first::4], n) for first, n in enumerate((1, 2, 13, COLUMNS))]
    return [(x,)]


def asked(answer: Callable[..., Any], question: tuple[Any, ...]) -> Any:
    x, *rest = question
    if rest and isinstance(rest[0], int):
        return answer(x[:, : rest[0]])
    return answer(x, *rest)


def run_script(text: str, folder: Path) -> ModuleType:
    """The script as a module."""
    path = folder / "exported.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["exported"] = module
    spec.loader.exec_module(module)
    return module


def same(found: Model, model: Model) -> None:
    assert type(found) is type(model)
    assert found.settings == model.settings
    for name, parameter in model.parameters.items():
        np.testing.assert_allclose(found.parameters[name], parameter, rtol=0, atol=1e-7)


def test_gates_change_places_in_whole_blocks() -> None:
    assert reordered(np.arange(8.0), "ifog", "ifgo").tolist() == [0, 1, 2, 3, 6, 7, 4, 5]
    columns = np.random.default_rng(0).normal(size=(3, 8))
    assert np.array_equal(reordered(reordered(columns, "ifog", "iofg"), "iofg", "ifog"), columns)


@pytest.mark.parametrize("framework", SCRIPTS)
@pytest.mark.parametrize("name", MODELS)
def test_a_script_is_python_and_holds_the_weights(name: str, framework: str) -> None:
    model = trained(name)
    text = str(export_model(model, framework, Path("exported.py")))
    tree = ast.parse(text)
    assert "«" not in text
    assert "exported.py" in (ast.get_docstring(tree) or "")
    (weights,) = (
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "WEIGHTS"
        if isinstance(node.value, ast.Constant)
    )
    given = np.load(io.BytesIO(base64.b85decode("".join(str(weights).split()))))
    for name, parameter in model.parameters.items():
        assert np.array_equal(given[name], parameter)


@pytest.mark.parametrize("name", MODELS)
def test_safetensors_there_and_back(name: str, tmp_path: Path) -> None:
    model = trained(name)
    path = tmp_path / "model.safetensors"
    path.write_bytes(to_safetensors(model))
    same(read_model(path), model)


def test_a_transposed_array_is_written_as_it_reads() -> None:
    model = LSTM(3)
    model.parameters["W_hh"] = np.asfortranarray(model.parameters["W_hh"])
    _, arrays = from_safetensors(to_safetensors(model))
    assert np.array_equal(arrays["W_hh"], model.parameters["W_hh"])


def test_a_file_that_says_no_settings_needs_a_model_like_it(tmp_path: Path) -> None:
    model = trained("RNN that reads 0 and 1")
    contents = to_safetensors(model)
    size = int.from_bytes(contents[:8], "little")
    header = json.loads(contents[8 : 8 + size])
    del header["__metadata__"]
    path = tmp_path / "model.safetensors"
    path.write_bytes(json.dumps(header).ljust(size).encode().join([contents[:8], contents[8 + size :]]))
    with pytest.raises(BadRequest, match="--like"):
        read_model(path)
    same(read_model(path, like=RNN(16, signed=False)), model)
    with pytest.raises(BadRequest, match="W_hh is missing or of another size"):
        read_model(path, like=RNN(4, signed=False))


@pytest.mark.parametrize("contents", [b"", b"no such file", b"\x02\0\0\0\0\0\0\0[]"])
def test_a_foreign_file_is_refused_in_a_sentence(contents: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(contents)
    with pytest.raises(BadRequest, match="safetensors"):
        read_model(path)


def test_the_command_line_goes_there_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    model = trained("LSTM")
    model.save("lstm.npz")
    assert main(["export", "lstm.npz", "--to", "safetensors"]) == 0
    assert main(["export", "lstm.npz", "--to", "pytorch"]) == 0
    assert main(["export", "--from", "lstm.safetensors", "--out", "back.npz"]) == 0
    assert capsys.readouterr().out.split() == ["lstm.safetensors", "lstm_pytorch.py", "back.npz"]
    same(load("back.npz"), model)
    if os.path.exists("/dev/null"):  # what is no file is written into, and nothing said of it
        assert main(["export", "--from", "lstm.safetensors", "--out", "/dev/null"]) == 0
        assert Path("/dev/null").is_char_device()
        assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lstm.npz"], "a model becomes pytorch, keras"),
        (["lstm.npz", "--to", "html"], "a model becomes pytorch, keras"),
        (["none.npz", "--to", "keras"], "there is no model none.npz"),
        (["--to", "keras"], "give the file that --save wrote"),
        (["bad.npz", "--to", "keras"], "holds no model"),
        (["--from", "lstm.npz"], "expected a file that ends in .pt"),
        (["--from", "x.onnx", "--to", "keras"], "give --out and nothing else"),
        (["gate", "--like", "lstm.npz"], "--like goes with --from"),
    ],
)
def test_a_bad_request_gets_one_sentence(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    LSTM(3).save("lstm.npz")
    Path("bad.npz").write_bytes(b"nothing")
    with pytest.raises(SystemExit, match="2"):
        main(["export", *words, *(["--out", "out.npz"] if words[0] == "--from" else [])])
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("framework", SCRIPTS)
@pytest.mark.parametrize("name", MODELS)
def test_a_script_answers_as_ours(
    name: str, framework: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip(PACKAGES[framework])
    model = trained(name)
    module = run_script(str(export_model(model, framework, tmp_path / "exported.py")), tmp_path)
    for question in questions(model):
        found, ours = asked(module.predict_proba, question), asked(model.predict_proba, question)
        np.testing.assert_allclose(found, ours, rtol=0, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_an_onnx_graph_answers_as_ours_and_comes_back(name: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    model = trained(name)
    path = tmp_path / "model.onnx"
    path.write_bytes(bytes(export_model(model, "onnx", path)))  # type: ignore[arg-type]
    session = runtime.InferenceSession(path)
    by_bits = isinstance(model, RNN | LSTM)

    def answer(x: Any, lengths: Any = None) -> Any:
        given = {"x": x.astype(np.float32 if by_bits else model.dtype)}
        if by_bits:
            ends = np.full(len(x), x.shape[1]) if lengths is None else lengths
            given["lengths"] = ends.astype(np.int32)
        return session.run(None, given)[0]

    for question in questions(model):
        ours = asked(model.predict_proba, question)
        np.testing.assert_allclose(asked(answer, question), ours, rtol=0, atol=1e-6)
    same(read_model(path), model)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_a_state_dict_comes_back(name: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    model = trained(name)
    module = run_script(str(export_model(model, "pytorch", tmp_path / "exported.py")), tmp_path)
    state = module.Net().state_dict()
    torch.save(state, tmp_path / "net.pt")
    same(read_model(tmp_path / "net.pt"), model)
    del state["_extra_state"]
    torch.save(state, tmp_path / "plain.pt")
    same(read_model(tmp_path / "plain.pt", like=MODELS[name]()), model)


@pytest.mark.slow
def test_safetensors_reads_ours() -> None:
    safetensors = pytest.importorskip("safetensors.numpy")
    model = trained("LSTM")
    model.parameters["W_hh"] = np.asfortranarray(model.parameters["W_hh"])
    for name, array in safetensors.load(to_safetensors(model)).items():
        assert np.array_equal(array, model.parameters[name])
