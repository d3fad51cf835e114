#!/usr/bin/env bash
# onnx ReferenceEvaluator: Softmax, LogSoftmax and Hardmax of opset 11 are computed by the rules of opset 13
#
# Versions: onnx 1.23.2 (its ReferenceEvaluator), onnxruntime 1.32.0, Python 3.11.
#
# Guess: an evaluator that keeps an operator's versions apart computes Softmax of opset 11 by the text of
# version 11: the input is flattened to two dimensions at "axis", and each row is normalised as a whole.
#
# Seen: for a (2, 3, 4) input with axis=1 the reference evaluator normalises along that one axis
# (version 13's rule). Each of its "rows" of 12 sums to 4, not to 1; onnxruntime gives rows that sum to 1.
# Without the attribute it takes version 13's default axis (-1; in version 11 it is 1): rows sum to 3.
# LogSoftmax and Hardmax do the same.
#
# Expected: the values of onnxruntime. Older exporters and model zoos still hand out opset 9 to 12 files;
# checked with the reference evaluator, a correct runtime seems wrong, and a converter that forgot the old
# rule seems right.
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
x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)


def outputs(op, opset, **attributes):
    info = [helper.make_tensor_value_info(n, TensorProto.FLOAT, x.shape) for n in ("x", "y")]
    graph = helper.make_graph([helper.make_node(op, ["x"], ["y"], **attributes)], "g", info[:1], info[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=7)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return ReferenceEvaluator(model).run(None, {"x": x})[0], session.run(None, {"x": x})[0]


for attributes in ({"axis": 1}, {}):
    ref, ort = outputs("Softmax", 11, **attributes)
    print("opset 11", attributes, "row sums: reference", ref.reshape(2, -1).sum(1), "onnxruntime", ort.reshape(2, -1).sum(1))
    assert np.allclose(ort.reshape(2, -1).sum(1), 1)
    assert np.allclose(ref.reshape(2, -1).sum(1), 4 if attributes else 3)
for op in ("LogSoftmax", "Hardmax"):
    ref, ort = outputs(op, 11, axis=1)
    assert not np.allclose(ref, ort), op
    print(op, "opset 11: largest difference", np.abs(ref - ort).max())
for op in ("Softmax", "LogSoftmax", "Hardmax"):
    ref, ort = outputs(op, 13, axis=1)
    assert np.allclose(ref, ort, atol=1e-6), op
print("opset 13: all agree; still so")
PY
