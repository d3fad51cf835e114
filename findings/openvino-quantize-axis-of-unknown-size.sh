#!/usr/bin/env bash
# openvino: QuantizeLinear per channel goes along the last axis instead, as soon as the input's sizes are not fixed
#
# Versions: openvino 2026.4.1 (CPU), onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: one scale for each channel is applied to that channel, whether the model fixes the input's sizes or leaves them open.
#
# Seen: tens, and scales 1 and 2 along the attribute axis, in a 2x2 matrix (axis 0) and in a picture of two channels of 2x2
# (axis 1, the default). With fixed sizes the first channel becomes 10, the second 5. With open sizes every row is 10 5: the
# scales are laid along the last axis. No error, no warning: there are as many channels as columns. (A picture of two
# channels, four columns wide, is refused with a message about shapes.) DequantizeLinear is right either way.
#
# Expected: the channels' scales; the attribute says which axis is meant. Open sizes are what exporters write for a batch
# or for pictures of any size.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openvino==2026.4.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
import numpy as np
import onnx
import onnxruntime
import openvino
from onnx import TensorProto, helper, numpy_helper

print("openvino", openvino.__version__, "onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)


def both(op, shape, axis, fixed):
    """onnxruntime's and openvino's result for tens of this shape, and scales of 1 and 2 along the axis."""
    types = (TensorProto.FLOAT, TensorProto.UINT8) if op == "QuantizeLinear" else (TensorProto.UINT8, TensorProto.FLOAT)
    x = np.full(shape, 10, helper.tensor_dtype_to_np_dtype(types[0]))
    sizes = shape if fixed else [None] * len(shape)
    constants = [numpy_helper.from_array(np.array([1, 2], np.float32), "s"), numpy_helper.from_array(np.zeros(2, np.uint8), "z")]
    given, result = (helper.make_tensor_value_info(name, kind, sizes) for name, kind in zip("xy", types))
    graph = helper.make_graph([helper.make_node(op, ["x", "s", "z"], ["y"], axis=axis)], "g", [given], [result], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    file = model.SerializeToString()
    right = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0].tolist()
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(file, b""), "CPU")
    got = compiled({"x": x})[compiled.outputs[0]].tolist()
    print(f"{op}, axis {axis}, sizes {'fixed' if fixed else 'open'}: onnxruntime {right}, openvino {got}")
    return right, got


for shape, axis in (([2, 2], 0), ([1, 2, 2, 2], 1)):
    right, got = both("QuantizeLinear", shape, axis, fixed=True)
    assert right == got and np.unique(right).tolist() == [5, 10]
    right, got = both("QuantizeLinear", shape, axis, fixed=False)
    assert [np.unique(channel).tolist() for channel in np.array(right).reshape(2, -1)] == [[10], [5]]
    assert np.array(got).reshape(-1, 2).tolist() == [[10, 5]] * (np.size(got) // 2)
    right, got = both("DequantizeLinear", shape, axis, fixed=False)
    assert right == got
print("still so")
PY
