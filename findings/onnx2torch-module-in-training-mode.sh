#!/usr/bin/env bash
# onnx2torch: an inference model comes back in training mode, with random Dropout and batch statistics
#
# Versions: onnx2torch 1.5.15, torch 2.14.1, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: convert() returns a module that computes what the file describes: in an ONNX inference model BatchNormalization uses
# the stored mean and variance and Dropout passes its input on. (The package's own example calls the result at
# once and compares it with onnxruntime.)
#
# Seen: the module is in training mode. Dropout zeroes and doubles entries at random; BatchNormalization normalises with the
# batch's own statistics, and each call overwrites a part of the stored ones, so the file's mean is lost for good: after one
# call even .eval() gives other values than onnxruntime. convert(...).eval() before the first call is right.
#
# Expected: eval mode, as the file has no training_mode attribute set, or a word about it in the example.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check onnx2torch==1.5.15 torch==2.14.1 torchvision==0.29.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
import numpy as np
import onnx
import onnx2torch
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

print("onnx2torch 1.5.15, torch", torch.__version__, "onnx", onnx.__version__)
x = np.array([[1.0, 2], [3, 6]], np.float32)


def model(op, constants):
    names = [f"c{k}" for k in range(len(constants))]
    info = [helper.make_tensor_value_info(n, TensorProto.FLOAT, x.shape) for n in ("x", "y")]
    initializers = [numpy_helper.from_array(np.array(c, np.float32), n) for c, n in zip(constants, names)]
    node = helper.make_node(op, ["x", *names], ["y"], name="node")
    graph = helper.make_graph([node], "g", info[:1], info[1:], initializers)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(made, full_check=True)
    return made


def right(made):
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


def values(module):
    return module(torch.from_numpy(x)).detach().numpy()


batch_norm = model("BatchNormalization", [[1, 1], [0, 0], [0, 0], [1, 1]])
module = onnx2torch.convert(batch_norm)
assert module.training
first = values(module)
print("BatchNormalization: onnxruntime", right(batch_norm).tolist(), "onnx2torch", first.tolist())
assert np.allclose(right(batch_norm), x, atol=1e-3) and np.allclose(first, [[-1, -1], [1, 1]], atol=1e-3)
late = values(module.eval())
print("eval() after that call:", late.tolist())
assert not np.allclose(late, x, atol=0.05)
assert np.allclose(values(onnx2torch.convert(batch_norm).eval()), x, atol=1e-3)

torch.manual_seed(0)
dropout = model("Dropout", [])
module = onnx2torch.convert(dropout)
outputs = np.stack([values(module) for _ in range(20)])
print("Dropout: factors seen", sorted(set((outputs / x).ravel().tolist())))
assert np.array_equal(right(dropout), x) and set((outputs / x).ravel().tolist()) == {0.0, 2.0}
print("still so")
PY
