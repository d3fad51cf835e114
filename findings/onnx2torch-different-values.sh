#!/usr/bin/env bash
# onnx2torch: CumSum, NonZero and ConvTranspose are converted without complaint to modules that compute something else
#
# Versions: onnx2torch 1.5.15, torch 2.14.1, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: what the converter does not know it refuses (it does so for LSTM, GRU and many others, and for unusual
# attributes); so a converted node gives onnxruntime's values.
#
# Seen, each compared with onnxruntime, no warning:
# - CumSum without attributes: [1, 2, 3] gives [6, 5, 3] in place of [1, 3, 6]: summed from the end, as if reverse were 1.
# - NonZero: the result is transposed: shape (n, rank) in place of ONNX' (rank, n).
# - ConvTranspose with output_shape=[8, 8]: the attribute is ignored, the result is 9x9.
#
# Expected: the operator's meaning or NotImplementedError (or a warning, as Resize gives for the modes that torch lacks).
# CumSum turns attention masks into positions; for a square NonZero result not even the shape shows the mistake.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check onnx2torch==1.5.15 torch==2.14.1 torchvision==0.29.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
import warnings

import numpy as np
import onnx
import onnx2torch
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

print("onnx2torch 1.5.15, torch", torch.__version__, "onnx", onnx.__version__)


def both(op, x, constants, shape, dtype=TensorProto.FLOAT, **attributes):
    x = np.array(x, np.float32)
    names = [f"c{k}" if c is not None else "" for k, c in enumerate(constants)]
    graph = helper.make_graph(
        [helper.make_node(op, ["x", *names], ["y"], name="node", **attributes)],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", dtype, shape)],
        [numpy_helper.from_array(np.array(c), n) for c, n in zip(constants, names) if c is not None],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    right = session.run(None, {"x": x})[0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        module = onnx2torch.convert(model).eval()
    got = module(torch.from_numpy(x)).detach().numpy()
    print(op, attributes, "onnxruntime", right.shape, right.ravel()[:6], "onnx2torch", got.shape, got.ravel()[:6])
    return right, got


right, got = both("CumSum", [1, 2, 3], [np.int64(0)], [3], exclusive=1)
assert right.tolist() == [0, 1, 3] and got.tolist() == [5, 3, 0]
right, got = both("CumSum", [1, 2, 3], [np.int64(0)], [3])
assert right.tolist() == [1, 3, 6] and got.tolist() == [6, 5, 3]

right, got = both("NonZero", [[0, 1], [1, 0]], [], [2, "n"], TensorProto.INT64)
assert right.tolist() == [[0, 1], [1, 0]] and got.tolist() == [[0, 1], [1, 0]]
right, got = both("NonZero", [0, 5, 7], [], [1, "n"], TensorProto.INT64)
assert right.shape == (1, 2) and got.shape == (2, 1)

kernel = np.ones((1, 1, 3, 3), np.float32)
right, got = both("ConvTranspose", np.ones((1, 1, 4, 4)), [kernel], [1, 1, 8, 8], strides=[2, 2], output_shape=[8, 8])
assert right.shape == (1, 1, 8, 8) and got.shape == (1, 1, 9, 9)
print("still so")
PY
