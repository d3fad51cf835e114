#!/usr/bin/env bash
# torch.onnx.export: scatter_reduce with "mean" becomes plain overwriting
#
# Versions: torch 2.13.0 (dynamo exporter), onnxscript 0.7.2, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: "mean" has no counterpart in ONNX' ScatterElements, so the export of torch.scatter_reduce(..., "mean") fails
# or makes it from a sum and a count. "sum", "prod", "amax" and "amin" have one.
#
# Seen: the export reports success and writes ScatterElements with reduction "none": where several values meet, the last
# one stays. For 1 and 3 meeting at one place, torch gives 2, the exported model 3. With include_self=True the
# old value (5) is left out too: 3 for the right answer 3 is luck, 4 for 4.5 and 2 for 3.5 are wrong.
# The other four reductions are right, with include_self and without.
#
# Expected: the mean or an error. This is the pooling step of graph networks and of segment means: the model runs on
# and takes one neighbour for the average of all.
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

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
print("torch", torch.__version__, "onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
start = torch.full((2, 2), 5.0)
index = torch.tensor([[0, 0], [0, 1]])
values = torch.tensor([[1.0, 2], [3, 4]])


class Scatter(torch.nn.Module):
    def __init__(self, reduce, include_self):
        super().__init__()
        self.reduce, self.include_self = reduce, include_self

    def forward(self, start, index, values):
        return start.scatter_reduce(0, index, values, self.reduce, include_self=self.include_self)


def both(reduce, include_self):
    module, inputs = Scatter(reduce, include_self).eval(), (start, index, values)
    model = torch.onnx.export(module, inputs, dynamo=True, verbose=False).model_proto
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [i.name for i in session.get_inputs()]
    return module(*inputs).numpy(), session.run(None, {n: x.numpy() for n, x in zip(names, inputs)})[0]


for reduce in ("sum", "prod", "amax", "amin"):
    for include_self in (True, False):
        right, got = both(reduce, include_self)
        assert np.allclose(right, got), reduce
right, got = both("mean", False)
print("mean, include_self=False: torch", right.tolist(), "exported", got.tolist())
assert right.tolist() == [[2, 2], [5, 4]] and got.tolist() == [[3, 2], [5, 4]]
right, got = both("mean", True)
print("mean, include_self=True:  torch", right.tolist(), "exported", got.tolist())
assert right.tolist() == [[3, 3.5], [5, 4.5]] and got.tolist() == [[3, 2], [5, 4]]
print("still so")
PY
