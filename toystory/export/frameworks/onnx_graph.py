"""A model of ours as an ONNX graph, and back. Needs the package onnx.

Inputs: `x`, the bits, (rows, columns), as real numbers, and for a model that reads bit by bit `lengths`
(rows,), int32: the bits of each row that count. Output: `probability` (rows,). A recurrent model is written
in float32, whatever ours computes in: onnxruntime 1.32 has no LSTM in float64. A model of real numbers reads
`x` in float64, as it was measured, and gives `probabilities` (rows, classes).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from toystory.export.frameworks.layout import GATES, reordered
from toystory.models.attention import FARTHEST, START, Attention
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.parts.arrays import FloatArray, Parameters
from toystory.models.recurrent import RecurrentModel
from toystory.models.rnn import RNN
from toystory.models.softmax_mlp import SoftmaxMLP

OPSET, IR_VERSION = 17, 8
"""Old enough for every runtime of the last years."""
ACTIVATION_NODES = {"tanh": "Tanh", "relu": "Relu", "sigmoid": "Sigmoid"}


class _Graph:
    """Nodes in their order, and the constants that they read."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.nodes: list[Any] = []
        self.constants: dict[str, FloatArray] = {}

    def add(self, operation: str, *inputs: str, outputs: Iterable[str] = (), **attributes: Any) -> str:
        """One node; the name of its first output."""
        from onnx import helper

        names = list(outputs) or [f"{self.prefix}{operation.lower()}_{len(self.nodes)}"]
        self.nodes.append(helper.make_node(operation, inputs, names, **attributes))
        return names[0]

    def constant(self, name: str, values: Any) -> str:
        """An array under this name."""
        self.constants[name] = np.asarray(values, order="C")
        return name


def to_onnx(model: Model) -> bytes:
    """The file's bytes.

    Raises:
        ModuleNotFoundError: onnx is not installed.
    """
    from onnx import TensorProto, helper

    single = model.dtype == np.float32 or isinstance(model, RecurrentModel)
    real = TensorProto.FLOAT if single else TensorProto.DOUBLE
    inputs = [helper.make_tensor_value_info("x", real, ["rows", "columns"])]
    graph = _Graph()
    if isinstance(model, SoftmaxMLP):
        return _table(graph, model)
    if isinstance(model, RecurrentModel):
        inputs.append(helper.make_tensor_value_info("lengths", TensorProto.INT32, ["rows"]))
        z = _recurrent(graph, model)
    elif isinstance(model, Attention):
        z = _attention(graph, model, real)
    else:
        z = _dense(graph, model)
    graph.add("Sigmoid", z, outputs=["probability"])
    constants = {name: _narrow(v) if single else v for name, v in graph.constants.items()}
    outputs = [helper.make_tensor_value_info("probability", real, ["rows"])]
    return _file(graph, model, inputs, outputs, constants)


def _table(graph: _Graph, model: SoftmaxMLP) -> bytes:
    """Columns are standardised in float64, for a float32 may hold too little of a large one."""
    from onnx import TensorProto, helper

    real = TensorProto.FLOAT if model.dtype == np.float32 else TensorProto.DOUBLE
    centred = graph.add("Sub", "x", graph.constant("means", model.means))
    a = graph.add("Cast", graph.add("Div", centred, graph.constant("spreads", model.spreads)), to=real)
    for l in range(1, model.layers + 1):
        W, b = (graph.constant(f"{name}{l}", model.parameters[f"{name}{l}"]) for name in "Wb")
        z = graph.add("Add", graph.add("MatMul", a, W), b)
        a = graph.add("Relu", z) if l < model.layers else z
    graph.add("Softmax", a, outputs=["probabilities"], axis=1)
    inputs = [helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["rows", "columns"])]
    outputs = [helper.make_tensor_value_info("probabilities", real, ["rows", "classes"])]
    return _file(graph, model, inputs, outputs, graph.constants)


def _file(
    graph: _Graph, model: Model, inputs: list[Any], outputs: list[Any], constants: dict[str, FloatArray]
) -> bytes:
    """The whole file, checked."""
    import onnx
    from onnx import helper, numpy_helper

    tensors = [numpy_helper.from_array(values, name) for name, values in constants.items()]
    made = helper.make_graph(graph.nodes, type(model).__name__, inputs, outputs, tensors)
    file = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    description = {"class": type(model).__name__, "settings": model.settings}
    helper.set_model_props(file, {"toystory": json.dumps(description)})
    onnx.checker.check_model(file, full_check=True)
    written: bytes = file.SerializeToString()
    return written


def _narrow(values: FloatArray) -> FloatArray:
    """Real numbers in float32."""
    return values.astype(np.float32) if values.dtype == np.float64 else values


def from_onnx(contents: bytes) -> tuple[dict[str, Any] | None, Parameters]:
    """What such a file holds: class and settings, None where another program wrote it; and our arrays.

    Raises:
        ModuleNotFoundError: onnx is not installed.
        ValueError: It is no ONNX file, or not of the shape that `to_onnx` writes.
    """
    import onnx
    from onnx import numpy_helper

    try:
        file = onnx.load_model_from_string(contents)
    except Exception as error:  # whatever the parser raises at a foreign file
        raise ValueError("it is no ONNX file") from error
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in file.graph.initializer}
    cells = [node for node in file.graph.node if node.op_type in ("LSTM", "RNN")]
    if cells:
        arrays = _from_cell(cells[0], arrays)
    said = {entry.key: entry.value for entry in file.metadata_props}.get("toystory")
    return json.loads(said) if said else None, arrays


def _dense(graph: _Graph, model: Model) -> str:
    names = list(model.parameters)
    a = _signed(graph, "x", model)
    activation = ACTIVATION_NODES[str(model.settings["activation"])] if isinstance(model, MLP) else "Tanh"
    for number, (W, b) in enumerate(zip(names[::2], names[1::2], strict=True), start=1):
        product = graph.add("MatMul", a, graph.constant(W, model.parameters[W]))
        z = graph.add("Add", product, graph.constant(b, model.parameters[b]))
        a = graph.add(activation, z) if number < len(names) // 2 else z
    return graph.add("Squeeze", a, _axes(graph, 1)) if isinstance(model, MLP) else a


def _recurrent(graph: _Graph, model: RecurrentModel) -> str:
    """W, R and B have a direction in front; `layout=1`, rows before steps, is refused by onnxruntime."""
    p, kind = model.parameters, "RNN" if isinstance(model, RNN) else "LSTM"
    W, R, b = (p[name] if kind == "RNN" else _gates(p[name]) for name in ("W_xh", "W_hh", "b_h"))
    in_time = graph.add("Transpose", _signed(graph, "x", model), perm=[1, 0])
    given = graph.add("Unsqueeze", in_time, _axes(graph, 2))
    cell = (
        graph.constant("W", W.T[None]),
        graph.constant("R", R.T[None]),
        graph.constant("B", np.concatenate([b, np.zeros_like(b)])[None]),  # the memory's own bias is zero
    )
    graph.add(kind, given, *cell, "lengths", outputs=["h", "h_end"], hidden_size=model.hidden)
    h = graph.add("Squeeze", "h_end", _axes(graph, 0))
    return graph.add(
        "Add",
        graph.add("MatMul", h, graph.constant("w_hy", p["w_hy"])),
        graph.constant("b_y", p["b_y"]),
    )


def _gates(columns: FloatArray) -> FloatArray:
    return reordered(columns, GATES["ours"], GATES["onnx"])


def _from_cell(node: Any, arrays: Parameters) -> Parameters:
    """Our arrays out of those of an RNN or LSTM node."""
    try:
        W, R, B = (arrays[name][0] for name in node.input[1:4])
        w_hy, b_y = arrays["w_hy"], arrays["b_y"]
    except (KeyError, ValueError) as error:
        raise ValueError("its recurrent layer is not of the shape that this program writes") from error
    ours = {"W_hh": R.T, "W_xh": W.T, "b_h": B[: len(B) // 2] + B[len(B) // 2 :]}
    if node.op_type == "LSTM":
        ours = {name: reordered(columns, GATES["onnx"], GATES["ours"]) for name, columns in ours.items()}
    return {**ours, "w_hy": w_hy, "b_y": b_y}


def _attention(graph: _Graph, model: Attention, real: int) -> str:
    """A Loop that writes one bit after the other; what it has written so far is carried along."""
    from onnx import TensorProto, helper

    whole = TensorProto.INT64
    for name, values in model.parameters.items():
        graph.constant(name, values)
    for name, number in {"zero": 0, "one": 1, "start": START, "far": FARTHEST, "near": -FARTHEST}.items():
        graph.constant(name, np.int64(number))
    graph.add("Cast", "x", to=whole, outputs=["read"])
    shape = graph.add("Shape", "read")
    rows = graph.add("Gather", shape, graph.constant("first", np.array([0])))
    graph.add("Gather", shape, "one", outputs=["n"])
    column = graph.add("Concat", rows, graph.constant("a_column", np.array([1])), axis=0)
    written = graph.add("Expand", "start", column)
    logits = graph.add("Expand", graph.constant("no_logit", np.zeros(1, model.dtype)), rows)
    _axes(graph, 1), _axes(graph, 2)
    body = _Graph("bit_")
    z = _next_logits(body, graph, model, real)
    bits = body.add("Unsqueeze", body.add("Cast", body.add("Greater", z, "real_zero"), to=whole), "axis_1")
    graph.constant("real_zero", np.zeros((), model.dtype))
    body.add("Concat", "written", bits, axis=1, outputs=["written_next"])
    body.add("Identity", z, outputs=["logits_next"])
    body.add("Identity", "go_on", outputs=["go_on_next"])
    value = helper.make_tensor_value_info
    loop = helper.make_graph(
        body.nodes,
        "one_bit",
        [
            value("t", whole, []),
            value("go_on", TensorProto.BOOL, []),
            value("written", whole, ["rows", "so_far"]),
            value("logits", real, ["rows"]),
        ],
        [
            value("go_on_next", TensorProto.BOOL, []),
            value("written_next", whole, ["rows", "and_one"]),
            value("logits_next", real, ["rows"]),
        ],
    )
    times = "n" if model.thinks_aloud else "one"
    graph.add("Loop", times, "", written, logits, outputs=["all_written", "last_logits"], body=loop)
    return "last_logits"


def _next_logits(body: _Graph, graph: _Graph, model: Attention, real: int) -> str:
    """The logits of the bit to be written at t + 1, as in models/attention.py."""
    add = body.add
    after_n, after_t = add("Add", "n", "one"), add("Add", "t", "one")
    kinds = [add("Gather", "E_kind", which) for which in ("zero", "one")]
    tokens = [
        add("Add", add("Gather", "E_bit", token), kind)
        for token, kind in zip(("read", "written"), kinds, strict=True)
    ]
    e = add("Concat", *tokens, axis=1)
    place = add("Concat", add("Range", "one", after_n, "one"), add("Range", "zero", after_t, "one"), axis=0)
    distance = add("Add", add("Clip", add("Sub", place, "t"), "near", "far"), "far")
    e_w = add("Gather", e, graph.constant("last", np.int64(-1)), axis=1)
    query = add("Unsqueeze", add("MatMul", e_w, "W_q"), "axis_2")
    scores = add("Squeeze", add("MatMul", add("MatMul", e, "W_k"), query), "axis_2")
    root = graph.constant("one_over_root", np.asarray(model.width**-0.5, model.dtype))
    s = add("Add", add("Mul", scores, root), add("Gather", "b_d", distance))
    if model.scale_scores:
        tokens_there = add("Cast", add("Add", "n", after_t), to=real)
        log_50 = graph.constant("one_over_log_50", np.asarray(1 / np.log(50), model.dtype))
        s = add("Mul", s, add("Mul", add("Log", tokens_there), log_50))
    attention = add("Unsqueeze", add("Softmax", s, axis=1), "axis_1")
    r = add("Squeeze", add("MatMul", attention, add("MatMul", e, "W_v")), "axis_1")
    u = add("Add", e_w, add("MatMul", r, "W_o"))
    h = add("Relu", add("Add", add("MatMul", u, "W1"), "b1"))
    o = add("Add", u, add("Add", add("MatMul", h, "W2"), "b2"))
    return add("Add", add("MatMul", o, "w_y"), "b_y")


def _signed(graph: _Graph, x: str, model: Model) -> str:
    """The bits as the model reads them."""
    if not getattr(model, "signed", False):
        return x
    two, one = (graph.constant(name, np.asarray(n, model.dtype)) for name, n in (("twice", 2), ("less", 1)))
    return graph.add("Sub", graph.add("Mul", x, two), one)


def _axes(graph: _Graph, axis: int) -> str:
    return graph.constant(f"axis_{axis}", np.array([axis]))
