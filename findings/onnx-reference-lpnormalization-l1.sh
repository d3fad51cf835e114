#!/usr/bin/env bash
# onnx ReferenceEvaluator: LpNormalization with p=1 divides by the sum, not by the sum of magnitudes
#
# Versions: onnx 1.23.2 (its ReferenceEvaluator), onnxruntime 1.32.0, Python 3.11.
#
# Guess: the L1 norm in the reference evaluator is sum(|x|), as everywhere.
#
# Seen: it computes (sum of x**p)**(1/p) without taking magnitudes. [3, -1] becomes [1.5, -0.5]
# (onnxruntime: [0.75, -0.25]); [-3, 1] changes its signs and becomes [1.5, -0.5] too; and [2, -2], whose
# sum is 0, is taken for a vector without length and becomes [0, 0].
#
# Expected: [0.75, -0.25], [-0.75, 0.25], [0.5, -0.5]. p=1 is one of the two values the operator allows.
# The tests of the standard use numbers without signs, so they do not show it; activations have signs.
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
x = np.array([[3, -1], [-3, 1], [2, -2]], np.float32)
info = [helper.make_tensor_value_info(n, TensorProto.FLOAT, x.shape) for n in ("x", "y")]
node = helper.make_node("LpNormalization", ["x"], ["y"], axis=1, p=1)
graph = helper.make_graph([node], "g", info[:1], info[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model, full_check=True)
ref = ReferenceEvaluator(model).run(None, {"x": x})[0]
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
ort = session.run(None, {"x": x})[0]
print("reference  ", ref.tolist())
print("onnxruntime", ort.tolist())
assert np.allclose(ort, [[0.75, -0.25], [-0.75, 0.25], [0.5, -0.5]])
assert np.allclose(ref, [[1.5, -0.5], [1.5, -0.5], [0, 0]])
print("still so")
PY
