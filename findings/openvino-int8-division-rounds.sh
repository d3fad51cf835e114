#!/usr/bin/env bash
# openvino: dividing int8 or uint8 rounds to the nearest number if the input's size is left open, and cuts off if it is fixed
#
# Versions: openvino 2026.4.1 (CPU), onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: integer division drops the fraction (the operator's text: "truncating division (rounding toward zero)"), in every
# integer type, whether the model fixes the input's size or not.
#
# Seen: 7/2, -7/2, 5/3, 1/2, 9/4 give 3, -3, 1, 0, 2 in int16, int32 and int64, and in int8 with a fixed size. In int8 with an open
# size (a batch, say) 4, -4, 2, 0, 2, and uint8 likewise: rounded to the nearest, halves to even. Mod is right in all of these,
# so that a = (a / b) * b + a % b no longer holds.
#
# Expected: 3, -3, 1, 0, 2, and the same numbers from a model with an open batch size as from one with a fixed size.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openvino==2026.4.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
import numpy as np
import onnx
import onnxruntime
import openvino
from onnx import helper

print("openvino", openvino.__version__, "onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)


def both(op, dtype, numbers, divisors, size=None):
    """onnxruntime's and openvino's result; the size of the input is open unless given."""
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    a, b, y = (helper.make_tensor_value_info(name, kind, [size]) for name in "aby")
    graph = helper.make_graph([helper.make_node(op, ["a", "b"], ["y"])], "g", [a, b], [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    file, given = model.SerializeToString(), {"a": np.array(numbers, dtype), "b": np.array(divisors, dtype)}
    right = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, given)[0].tolist()
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(file, b""), "CPU")
    got = compiled(given)[compiled.outputs[0]].tolist()
    print(f"{op} {dtype.__name__}, size {size or 'open'}: onnxruntime {right}, openvino {got}")
    return right, got


NUMBERS, DIVISORS, CUT = [7, -7, 5, 1, 9], [2, 2, 3, 2, 4], [3, -3, 1, 0, 2]
for dtype in (np.int16, np.int32, np.int64):
    assert both("Div", dtype, NUMBERS, DIVISORS) == (CUT, CUT)
assert both("Div", np.int8, NUMBERS, DIVISORS, size=5) == (CUT, CUT)
assert both("Div", np.int8, NUMBERS, DIVISORS) == (CUT, [4, -4, 2, 0, 2])
assert both("Div", np.uint8, [7, 5, 3, 1, 9], DIVISORS) == ([3, 2, 1, 0, 2], [4, 2, 1, 0, 2])
right, got = both("Mod", np.int8, NUMBERS, DIVISORS)
assert right == got
print("still so")
PY
