#!/usr/bin/env bash
# torch.onnx.export: a fully masked attention row gives the average of the values, though the graph guards against it
#
# Versions: torch 2.13.0 (dynamo exporter), onnxscript 0.7.2, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: scaled_dot_product_attention with a boolean mask whose row has no True gives zeros in the exported model, as in
# torch; or NaN, as in older exports.
#
# Seen: torch gives [0, 0] for such a row. The exported graph does hold a guard (Softmax, IsNaN, Where: NaN becomes 0), but
# it writes "not allowed" as -3.4028235e38, the lowest finite float32, and not as minus infinity. The softmax of
# equal finite numbers is uniform and never NaN, so the guard never acts and the row becomes the mean of
# all values, [0.5, 0.5] here, those that are masked out included.
#
# Expected: zeros. Such rows are the padding of batches of unequal lengths; pooling over them afterwards
# mixes in what torch leaves out.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
import logging
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import numpy_helper

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
print("torch", torch.__version__, "onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)


class Attention(torch.nn.Module):
    def forward(self, x, mask):
        return F.scaled_dot_product_attention(x, x, x, attn_mask=mask)


x = torch.eye(2)[None, None]
mask = torch.tensor([[True, False], [False, False]])
module = Attention().eval()
model = torch.onnx.export(module, (x, mask), dynamo=True, verbose=False).model_proto
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
names = [i.name for i in session.get_inputs()]
got = session.run(None, {n: v.numpy() for n, v in zip(names, (x, mask))})[0][0, 0]
right = module(x, mask).numpy()[0, 0]
print("torch:   ", right.tolist())
print("exported:", got.tolist())
assert right.tolist() == [[1, 0], [0, 0]] and got.tolist() == [[1, 0], [0.5, 0.5]]

operators = [node.op_type for node in model.graph.node]
print(operators)
assert "IsNaN" in operators, "the guard is there"
lowest = [numpy_helper.to_array(i) for i in model.graph.initializer]
assert any(v.size == 1 and v.dtype == np.float32 and v.item() == np.finfo(np.float32).min for v in lowest)
print("still so")
PY
