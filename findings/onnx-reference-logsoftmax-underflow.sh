#!/usr/bin/env bash
# onnx ReferenceEvaluator: LogSoftmax and SoftmaxCrossEntropyLoss give infinity where the answer is -200
#
# Versions: onnx 1.23.2 (its ReferenceEvaluator), onnxruntime 1.32.0, Python 3.11.
#
# Guess: the reference evaluator computes LogSoftmax as x - logsumexp(x), the reason why the operator exists.
#
# Seen: it takes the logarithm of the softmax. For the scores [0, 200] in float32 the first entry is -inf
# (onnxruntime: -200) and the cross-entropy with class 0 as the target is inf (onnxruntime: 200).
# From a gap of about 104 on, float32 has no number left for the softmax. float64 only moves the edge.
#
# Expected: -200 and 200. One confidently wrong example makes the mean loss of the whole batch infinite in the
# reference, so a loss computed with it is no reference for the loss of a training runtime.
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
scores = np.array([[0, 200], [1, 2]], np.float32)
target = np.array([0, 1], np.int64)


def outputs(op, feed, shape):
    types = {"x": TensorProto.FLOAT, "t": TensorProto.INT64}
    graph = helper.make_graph(
        [helper.make_node(op, list(feed), ["y"])],
        "g",
        [helper.make_tensor_value_info(n, types[n], v.shape) for n, v in feed.items()],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return ReferenceEvaluator(model).run(None, feed)[0], session.run(None, feed)[0]


ref, ort = outputs("LogSoftmax", {"x": scores}, (2, 2))
print("LogSoftmax of [0, 200]: reference", ref[0], "onnxruntime", ort[0])
assert np.isneginf(ref[0, 0]) and ort[0, 0] == -200
assert np.allclose(ref[1], ort[1])

ref, ort = outputs("SoftmaxCrossEntropyLoss", {"x": scores, "t": target}, ())
print("mean cross-entropy of two examples: reference", ref, "onnxruntime", ort)
assert np.isposinf(ref) and abs(float(ort) - 100.1566) < 1e-3
print("still so")
PY
