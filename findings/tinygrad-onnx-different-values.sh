#!/usr/bin/env bash
# tinygrad's OnnxRunner: QuantizeLinear rounds halves up, ReduceLogSumExp overflows, MaxPool's indices start anew in each channel
#
# Versions: tinygrad 0.14.0 (on its Python backend, which needs no compiler), onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: an operator that is implemented follows the standard; QuantizeLinear "rounds to the nearest even", and Round does so.
#
# Seen, each compared with onnxruntime, no warning:
# - QuantizeLinear to uint8, scale 1, zero point 10: [0.5, 1.5, 2.5, -1.5] becomes [11, 12, 13, 9] in place of [10, 12, 12, 8]:
#   halves go up. To int8 it rounds to even, so the same numbers are quantised in two ways.
# - ReduceLogSumExp of [1000, 1000] is inf in place of 1000.69, of [-200, -200] -inf in place of -199.31: the exponentials are
#   summed as they are, without taking the maximum out first, which is what the operator is there for.
# - MaxPool's second output, Indices, counts from each channel's own start: [[1, 3], [1, 3]] in place of [[1, 3], [5, 7]],
#   which are places in the whole flattened tensor.
#
# Expected: the standard's values.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tinygrad==0.14.0 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

DEV=PYTHON CACHELEVEL=0 venv/bin/python - <<'PY'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tinygrad import Tensor
from tinygrad.nn.onnx import OnnxRunner

print("tinygrad 0.14.0, onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)


def both(op, x, outputs, constants=(), **attributes):
    x = np.array(x, np.float32)
    names = [f"c{k}" for k in range(len(constants))]
    graph = helper.make_graph(
        [helper.make_node(op, ["x", *names], outputs, **attributes)],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_empty_tensor_value_info(name) for name in outputs],
        [numpy_helper.from_array(c, n) for c, n in zip(constants, names)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    model = onnx.shape_inference.infer_shapes(model)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    right = session.run(outputs[-1:], {"x": x})[0].tolist()
    onnx.save(model, "model.onnx")
    got = OnnxRunner("model.onnx")({"x": Tensor(x)})[outputs[-1]].numpy().tolist()
    print(op, "onnxruntime", right, "tinygrad", got)
    return right, got


halves = [0.5, 1.5, 2.5, -1.5]
one = np.float32(1).reshape(())
assert both("Round", halves, ["y"]) == ([0, 2, 2, -2], [0, 2, 2, -2])
scale = [np.array(one), np.array(10, np.uint8)]
assert both("QuantizeLinear", halves, ["y"], scale) == ([10, 12, 12, 8], [11, 12, 13, 9])
scale = [np.array(one), np.array(10, np.int8)]
assert both("QuantizeLinear", halves, ["y"], scale) == ([10, 12, 12, 8], [10, 12, 12, 8])

right, got = both("ReduceLogSumExp", [1000, 1000], ["y"], keepdims=0)
assert abs(right - 1000.6931) < 1e-3 and got == np.inf
right, got = both("ReduceLogSumExp", [-200, -200], ["y"], keepdims=0)
assert abs(right + 199.3069) < 1e-3 and got == -np.inf

right, got = both("MaxPool", np.arange(8).reshape(1, 2, 2, 2), ["v", "i"], kernel_shape=[1, 2])
assert right == [[[[1], [3]], [[5], [7]]]] and got == [[[[1], [3]], [[1], [3]]]]
print("still so")
PY
