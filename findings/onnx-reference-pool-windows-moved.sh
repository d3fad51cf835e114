#!/usr/bin/env bash
# onnx ReferenceEvaluator: MaxPool at stride 1 reads its pads in pairs, AveragePool with ceil_mode moves all windows
#
# Versions: onnx 1.23.2 (its ReferenceEvaluator), onnxruntime 1.32.0, Python 3.11.
#
# Guess: the windows of the reference evaluator's pooling start where the operator's text says; only the last one, which
# hangs over the border, may be in dispute.
#
# Seen, each compared with onnxruntime:
# - MaxPool, a 3x4 picture, window 2x2, the default stride of 1, pads [1, 1, 0, 0] (one row above, one column to the left): the
#   result is 4x3 in place of 3x4. The four numbers are read in pairs: one row above and one below, no column. pads [0, 1, 0, 1]
#   (a column on each side) add a row below and a column to the right. With strides [2, 2] the same pads are right.
# - AveragePool, a 6x7 picture, window 2x3, strides 3, ceil_mode 1, no pads: the third window of a row covers one column, two are
#   missing. The evaluator puts one of these two at the left end: every window of the row starts one column too early, the
#   first is the average of 1, 2, 8, 9 (5) in place of 1, 2, 3, 8, 9, 10 (5.5). LpPool does the same. MaxPool doesn't.
#
# Expected: onnxruntime's values; pads are all begins, then all ends, and ceil_mode adds only at the end. With
# equal pads on all sides, and one missing column, which is put at the right end, nothing is to be seen.
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


def both(op, shape, **attributes):
    """onnxruntime's and the reference evaluator's pooling of 1, 2, 3, ... in a picture of this shape."""
    x = np.arange(1, shape[0] * shape[1] + 1, dtype=np.float32).reshape(1, 1, *shape)
    node = helper.make_node(op, ["x"], ["y"], **attributes)
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "g", [given], [result])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    model = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    onnx.checker.check_model(model)
    right = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0][0, 0]
    got = ReferenceEvaluator(model).run(None, {"x": x})[0][0, 0]
    print(op, attributes, "\n  onnxruntime:", right.tolist(), "\n  reference:  ", got.tolist())
    return right.tolist(), got.tolist()


right, got = both("MaxPool", (3, 4), kernel_shape=[2, 2], pads=[1, 1, 0, 0])
assert right == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
assert got == [[2, 3, 4], [6, 7, 8], [10, 11, 12], [10, 11, 12]]
right, got = both("MaxPool", (3, 4), kernel_shape=[2, 2], pads=[0, 1, 0, 1])
assert right == [[5, 6, 7, 8, 8], [9, 10, 11, 12, 12]]
assert got == [[6, 7, 8, 8], [10, 11, 12, 12], [10, 11, 12, 12]]
for pads in ([1, 1, 0, 0], [0, 1, 0, 1]):
    right, got = both("MaxPool", (3, 4), kernel_shape=[2, 2], strides=[2, 2], pads=pads)
    assert right == got

options = {"kernel_shape": [2, 3], "strides": [3, 3], "ceil_mode": 1}
right, got = both("AveragePool", (6, 7), **options)
assert right == [[5.5, 8.5, 10.5], [26.5, 29.5, 31.5]]
assert got == [[5, 7.5, 9.5], [26, 28.5, 30.5]]
right, got = both("LpPool", (6, 7), p=1, **options)
assert right == [[33, 51, 21], [159, 177, 63]]
assert got[0][1] == 45
right, got = both("MaxPool", (6, 7), **options)
assert right == got
print("still so")
PY
