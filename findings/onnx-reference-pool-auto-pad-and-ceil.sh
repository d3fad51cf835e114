#!/usr/bin/env bash
# onnx ReferenceEvaluator: pooling at the border: MaxPool SAME_LOWER takes wrong windows, LpPool counts missing cells
#
# Versions: onnx 1.23.2 (its ReferenceEvaluator), onnxruntime 1.32.0, Python 3.11.
#
# Guess: reference evaluator and onnxruntime agree on the pooling operators' border rules.
#
# Seen: (1) MaxPool, six numbers 0..5, window 3, stride 2, auto_pad SAME_LOWER: the one padding cell belongs
# at the beginning, so the windows are [0 1], [1 2 3], [3 4 5] and the maxima 1, 3, 5 (onnxruntime). The
# reference evaluator gives 2, 4, 5, which is the answer for SAME_UPPER. (2) LpPool with p=1 and ceil_mode=1,
# three ones, window 2, stride 2: the last window holds a single one, its norm is 1 (onnxruntime). The reference
# evaluator gives 2: it takes the average over the cells that are there and multiplies by the full window.
#
# Expected: 1 3 5, and 2 1. Both shapes are right, so only a comparison of values at the border shows it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

print("onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)


def outputs(op, values, opset, **attributes):
    x = np.array(values, np.float32).reshape(1, 1, -1)
    info = [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)]
    out = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "n"])]
    graph = helper.make_graph([helper.make_node(op, ["x"], ["y"], **attributes)], "g", info, out)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    both = ReferenceEvaluator(model).run(None, {"x": x})[0], session.run(None, {"x": x})[0]
    return [y.ravel().tolist() for y in both]


window = {"kernel_shape": [3], "strides": [2]}
ref, ort = outputs("MaxPool", range(6), 12, auto_pad="SAME_LOWER", **window)
print("MaxPool SAME_LOWER: reference", ref, "onnxruntime", ort)
assert ref == [2, 4, 5] and ort == [1, 3, 5]
ref, ort = outputs("MaxPool", range(6), 12, auto_pad="SAME_UPPER", **window)
assert ref == ort == [2, 4, 5]
ref, ort = outputs("LpPool", [1, 1, 1], 18, kernel_shape=[2], strides=[2], p=1, ceil_mode=1)
print("LpPool ceil_mode:   reference", ref, "onnxruntime", ort)
assert ref == [2, 2] and ort == [2, 1]
print("still so")
PY
