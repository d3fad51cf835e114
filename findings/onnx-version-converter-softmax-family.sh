#!/usr/bin/env bash
# onnx.version_converter: Hardmax 12 to 13, and Softmax and LogSoftmax 13 to 12, change their values
#
# Versions: onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: opset 13 changed Softmax, LogSoftmax and Hardmax alike (one axis in place of everything from the axis on).
# convert_version knows of the change, so in both directions each of the three keeps its values or is refused.
#
# Seen: upwards Softmax and LogSoftmax get a Flatten and a Reshape and are right; Hardmax is passed through as it is, so for
# a (2, 3, 4) input with axis=1 the single 1 in a row of twelve becomes four. Downwards Softmax with axis=1 is
# passed through as it is, too, and its "columns" no longer sum to 1; LogSoftmax likewise. The output files pass
# the checker and load. (Downwards Hardmax is refused, as are others; that is fine.)
#
# Expected: Hardmax treated as its two sisters, and downwards a Transpose around the operator or the refusal. Going down is
# what one does for an old runtime on a device, where wrong probabilities are hard to trace.
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
from onnx import TensorProto, helper, version_converter

print("onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
x = np.random.default_rng(1).normal(size=(2, 3, 4)).astype(np.float32)


def before_and_after(op, opset, target):
    info = [helper.make_tensor_value_info(n, TensorProto.FLOAT, x.shape) for n in ("x", "y")]
    graph = helper.make_graph([helper.make_node(op, ["x"], ["y"], axis=1)], "g", info[:1], info[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=7)
    converted = version_converter.convert_version(model, target)
    values = []
    for m in (model, converted):
        onnx.checker.check_model(m, full_check=True)
        session = onnxruntime.InferenceSession(m.SerializeToString(), providers=["CPUExecutionProvider"])
        values.append(session.run(None, {"x": x})[0])
    return *values, [node.op_type for node in converted.graph.node]


for op in ("Softmax", "LogSoftmax"):
    before, after, nodes = before_and_after(op, 12, 13)
    print(op, "12 to 13:", nodes)
    assert np.allclose(before, after) and len(nodes) > 1
before, after, nodes = before_and_after("Hardmax", 12, 13)
print("Hardmax 12 to 13:", nodes, "ones in each row of twelve:", before.sum((1, 2)), "->", after.sum((1, 2)))
assert nodes == ["Hardmax"] and before.sum((1, 2)).tolist() == [1, 1] and after.sum((1, 2)).tolist() == [4, 4]
before, after, nodes = before_and_after("Softmax", 13, 12)
print("Softmax 13 to 12:", nodes, "sums along the axis:", before.sum(1)[0], "->", after.sum(1)[0])
assert nodes == ["Softmax"] and np.allclose(before.sum(1), 1) and np.allclose(after.sum((1, 2)), 1)
before, after, nodes = before_and_after("LogSoftmax", 13, 12)
assert nodes == ["LogSoftmax"] and not np.allclose(before, after)
print("still so")
PY
