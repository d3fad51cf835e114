#!/usr/bin/env bash
# onnxoptimizer: two reshapes become one of another shape, and Pad before AveragePool changes what the edge is divided by
#
# Versions: onnxoptimizer 0.4.2, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: the default passes keep the values. (Reported for one case: Pad with 0 before MaxPool, where the pool's own padding
# counts as minus infinity.)
#
# Seen, each a valid model, all default passes, no warning:
# - 2x3x4 numbers, Reshape to [6, 4], then Reshape to [0, 2, -1], where 0 stands for "as it is", so 6: the result is 6x2x2. The
#   first Reshape is taken out as superfluous, and the 0 now means the input's first dimension, 2: the result is 2x2x6.
# - Pad by zeros, one on each side, then AveragePool that has padding of its own and doesn't count it (the default). Counted are
#   the Pad's zeros alone. After fusing, all padding is counted: at the corner 1 / 4 becomes 1 / 9.
#
# Expected: the same values, or the nodes left alone.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check onnxoptimizer==0.4.2 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
import onnx
import onnxoptimizer
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

print("onnxoptimizer", version("onnxoptimizer"), "onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)


def run(model, x):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


def both(nodes, x, shape, **constants):
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)
    values = [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "g", [given], [result], values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    optimized = onnxoptimizer.optimize(model)
    print([node.op_type for node in graph.node], "->", [node.op_type for node in optimized.graph.node])
    return run(model, x), run(optimized, x)


node = helper.make_node
numbers = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
reshapes = [node("Reshape", ["x", "first"], ["h"]), node("Reshape", ["h", "second"], ["y"])]
right, got = both(reshapes, numbers, ["a", "b", "c"], first=[6, 4], second=[0, 2, -1])
print("  ", right.shape, got.shape)
assert right.shape == (6, 2, 2) and got.shape == (2, 2, 6)

ones = np.ones((1, 1, 3, 3), np.float32)
pools = [node("Pad", ["x", "pads"], ["h"]), node("AveragePool", ["h"], ["y"], kernel_shape=[3, 3], pads=[1, 1, 1, 1])]
right, got = both(pools, ones, ["a", "b", "c", "d"], pads=[0, 0, 1, 1, 0, 0, 1, 1])
print("  ", right[0, 0].round(3).tolist(), "\n  ", got[0, 0].round(3).tolist())
assert np.isclose(right[0, 0, 0, 0], 1 / 4) and np.isclose(got[0, 0, 0, 0], 1 / 9)
assert np.allclose(right[0, 0, 1:-1, 1:-1], got[0, 0, 1:-1, 1:-1])
print("still so")
PY
