#!/usr/bin/env bash
# onnx ReferenceEvaluator: MaxPool's second output (Indices) does not point at the maxima
#
# Versions: onnx 1.23.2 (its ReferenceEvaluator), onnxruntime 1.32.0, Python 3.11.
#
# Guess: Indices of the reference evaluator equal those of onnxruntime, at least for the plainest pooling
# (row major, no padding, one picture): x.flatten()[Indices] gives the pooled values back.
#
# Seen: on a 3x4 picture of rising numbers with a 2x2 window the maxima sit at 5, 6, 7, 9, 10, 11 and the
# values (first output) say so, but Indices is 4, 5, 6, 8, 9, 10: each one too low. With a second channel the
# indices start again at the channel instead of going on through the tensor (the operator's text: "the
# index values are the indices of the flatten 1-D tensor"), and with padding some are negative.
# 2x2 windows with stride 2 in one channel, the case of the standard's own test, come out right.
#
# Expected: indices that find the maxima, as in onnxruntime. MaxUnpool fed with them puts values into wrong
# places silently, and NumPy code that uses a negative index reads from the other end.
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


def outputs(x, **attributes):
    graph = helper.make_graph(
        [helper.make_node("MaxPool", ["x"], ["y", "i"], kernel_shape=[2, 2], **attributes)],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [
            helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "c", "h", "w"]),
            helper.make_tensor_value_info("i", TensorProto.INT64, ["n", "c", "h", "w"]),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (ref_y, ref_i), (ort_y, ort_i) = ReferenceEvaluator(model).run(None, {"x": x}), session.run(None, {"x": x})
    assert np.array_equal(ref_y, ort_y) and np.array_equal(x.ravel()[ort_i], ort_y)
    return ref_i.ravel().tolist(), ort_i.ravel().tolist()


ref, ort = outputs(np.arange(12, dtype=np.float32).reshape(1, 1, 3, 4))
print("3x4, one channel:  reference", ref, "onnxruntime", ort)
assert (ref, ort) == ([4, 5, 6, 8, 9, 10], [5, 6, 7, 9, 10, 11])

ref, ort = outputs(np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2))
print("2x2, two channels: reference", ref, "onnxruntime", ort)
assert ort == [3, 7] and ref[0] == ref[1]

ref, ort = outputs(np.arange(4, dtype=np.float32).reshape(1, 1, 2, 2), pads=[1, 1, 1, 1])
print("2x2, padded:       reference", ref, "onnxruntime", ort)
assert ort == [0, 1, 1, 2, 3, 3, 2, 3, 3] and min(ref) < 0

ref, ort = outputs(np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4), strides=[2, 2])
print("4x4, stride 2:     reference", ref, "onnxruntime", ort)
print("still so")
PY
