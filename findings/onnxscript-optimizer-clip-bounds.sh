#!/usr/bin/env bash
# onnxscript's optimizer: a Relu after Clip comes out negative, and of two Clips the wrong bound wins
#
# Versions: onnxscript 0.7.2, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: Clip and Relu, or two Clips, become one Clip only where that gives the same values.
#
# Seen: Clip to [-3, -1], then Relu, is 0 everywhere. It becomes one Clip from 0 (the greater lower bound) to -1; ONNX lets the
# upper bound win where the two cross, so that everything is -1: a Relu's result, and negative. Clip to at most 1, then
# to at least 2, is 2 everywhere and becomes 1. In the other order, at least 2, then at most 1, it happens to be right. Ranges that
# overlap are right. No warning.
#
# Expected: the two nodes left alone, or the bounds of the second one put last. Such a pair is met where bounds are computed: a
# quantised range that lies below zero, a schedule's floor above its ceiling.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check onnxscript==0.7.2 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxscript import optimizer

print("onnxscript", version("onnxscript"), "onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
X = np.array([-5, -2, 0, 1.5, 5], np.float32)


def run(model):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": X})[0].tolist()


def both(*steps):
    """The values before and after optimizing; a step is None for Relu or the two bounds of a Clip, None for no bound."""
    nodes, constants, name = [], [], "x"
    for place, step in enumerate(steps):
        result = "y" if step is steps[-1] else f"h{place}"
        bounds = [f"{side}{place}" if bound is not None else "" for side, bound in zip("lu", step or ())]
        constants += [numpy_helper.from_array(np.float32(bound), name) for name, bound in zip(bounds, step or ()) if name]
        nodes.append(helper.make_node("Clip" if step else "Relu", [name, *bounds], [result]))
        name = result
    given, found = (helper.make_tensor_value_info(name, TensorProto.FLOAT, X.shape) for name in "xy")
    graph = helper.make_graph(nodes, "g", [given], [found], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    optimized = optimizer.optimize(model)
    before, after = run(model), run(optimized)
    print([node.op_type for node in nodes], steps, before, "->", [node.op_type for node in optimized.graph.node], after)
    return before, after


assert both((-3, -1), None) == ([0] * 5, [-1] * 5)
assert both((None, 1), (2, None)) == ([2] * 5, [1] * 5)
for steps in (((2, None), (None, 1)), ((-3, 1), None), ((-1, 3), (0, 2))):
    before, after = both(*steps)
    assert before == after
print("still so")
PY
