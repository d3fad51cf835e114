#!/usr/bin/env bash
# torch.onnx.export: log-sigmoid, logaddexp and the losses on logits overflow where torch does not
#
# Versions: torch 2.13.0 (dynamo exporter), onnxscript 0.7.2, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: functions that exist for their numerical stability are exported in a stable form, so their values agree at 100.
#
# Seen: at -100 F.logsigmoid is -100 in torch and -inf in the exported model (Log of Sigmoid).
# F.binary_cross_entropy_with_logits for the logits -100 and 200 with targets 0 and 1 (both right) is 0 in torch and inf
# exported; F.multilabel_soft_margin_loss gives nan; torch.logaddexp(100, 100) is 100.69 in torch and inf exported.
# At small numbers they agree.
#
# Expected: the same values; Softplus, or Max plus Log1p-like terms, would keep them. "with_logits" is chosen over a
# sigmoid layer for this very reason, and a right and confident answer turns the exported loss infinite.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
import logging
import math
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
print("torch", torch.__version__, "onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)


class Wrapped(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def both(function, x):
    module = Wrapped(function).eval()
    model = torch.onnx.export(module, (x,), dynamo=True, verbose=False).model_proto
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return module(x).numpy(), session.run(None, {session.get_inputs()[0].name: x.numpy()})[0]


CASES = {
    "logsigmoid": lambda x: F.logsigmoid(x)[:1, 0],
    "binary_cross_entropy_with_logits": lambda x: F.binary_cross_entropy_with_logits(x, (x > 0).float()),
    "multilabel_soft_margin_loss": lambda x: F.multilabel_soft_margin_loss(x, (x > 0).float()),
    "logaddexp": lambda x: torch.logaddexp(x.abs(), x.abs())[:1, 0],
}
SEEN = {
    "logsigmoid": (-100, -math.inf),
    "binary_cross_entropy_with_logits": (0, math.inf),
    "multilabel_soft_margin_loss": (0, math.nan),
    "logaddexp": (100 + math.log(2), math.inf),
}
for name, function in CASES.items():
    right, got = both(function, torch.tensor([[-1.0, 2.0]]))
    assert np.allclose(right, got, atol=1e-5), name
    right, got = both(function, torch.tensor([[-100.0, 200.0]]))
    print(f"{name}: torch {right.item():g}, exported {got.item():g}")
    assert np.isclose(right.item(), SEEN[name][0], atol=1e-4)
    assert np.isclose(got.item(), SEEN[name][1], equal_nan=True)
print("still so")
PY
