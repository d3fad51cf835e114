#!/usr/bin/env bash
# onnx ReferenceEvaluator: LSTM, GRU and RNN run without sequence_lens, clip, input_forget and activations
#
# Versions: onnx 1.23.2 (its ReferenceEvaluator), onnxruntime 1.32.0, Python 3.11.
#
# Guess: the reference evaluator follows every input and attribute of the recurrent operators that the
# checker lets through, or refuses the model; so it agrees with onnxruntime on a batch with two lengths.
#
# Seen: it takes the input sequence_lens and then reads every sequence to the full length: Y holds values
# past the end (onnxruntime: zeros, as the operator's text asks) and Y_h is the state after the padding
# (onnxruntime: after the last real step). The attributes clip (all three), input_forget (LSTM) and
# activations (LSTM, GRU; RNN does read it) change nothing at all in the output. No error, no warning.
#
# Expected: what the operators' text says, or "not implemented". It matters because the reference
# evaluator is what one compares an exported model with: an exporter that forgets the lengths, or that pads
# with zeros, looks right, and a right one looks broken.
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
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

print("onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
STEPS, BATCH, INPUTS, HIDDEN = 4, 2, 3, 2
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
rng = np.random.default_rng(0)
x = rng.normal(size=(STEPS, BATCH, INPUTS)).astype(np.float32)


def outputs(op, lengths=None, **attributes):
    weights = np.random.default_rng(1)
    rows = GATES[op] * HIDDEN
    initializers = [
        numpy_helper.from_array(weights.normal(size=(1, rows, INPUTS)).astype(np.float32), "W"),
        numpy_helper.from_array(weights.normal(size=(1, rows, HIDDEN)).astype(np.float32), "R"),
    ]
    names = ["X", "W", "R"]
    if lengths is not None:
        initializers.append(numpy_helper.from_array(np.array(lengths, np.int32), "lengths"))
        names += ["", "lengths"]
    node = helper.make_node(op, names, ["Y", "Y_h"], hidden_size=HIDDEN, **attributes)
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, x.shape)],
        [
            helper.make_tensor_value_info("Y", TensorProto.FLOAT, [STEPS, 1, BATCH, HIDDEN]),
            helper.make_tensor_value_info("Y_h", TensorProto.FLOAT, [1, BATCH, HIDDEN]),
        ],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return ReferenceEvaluator(model).run(None, {"X": x}), session.run(None, {"X": x})


def same(a, b):
    return all(np.allclose(p, q, atol=1e-5) for p, q in zip(a, b))


for op in GATES:
    plain_ref, plain_ort = outputs(op)
    assert same(plain_ref, plain_ort), op
    ref, ort = outputs(op, lengths=[4, 2])
    print(op, "lengths 4 and 2, second sequence, Y_h: reference", ref[1][0, 1], "onnxruntime", ort[1][0, 1])
    assert np.all(ort[0][2:, 0, 1] == 0), "onnxruntime: zeros past the end"
    assert np.allclose(ort[1][0, 1], ort[0][1, 0, 1]), "onnxruntime: Y_h is the last real step"
    assert same(ref, plain_ref), "reference: as if there were no lengths"
    cases = [{"clip": 0.1}]
    if op == "LSTM":
        cases += [{"input_forget": 1}, {"activations": ["HardSigmoid", "Relu", "Tanh"]}]
    if op == "GRU":
        cases += [{"activations": ["HardSigmoid", "Relu"]}]
    for attributes in cases:
        ref, ort = outputs(op, **attributes)
        print(op, attributes, "changes onnxruntime:", not same(ort, plain_ort), "reference:", not same(ref, plain_ref))
        assert not same(ort, plain_ort) and same(ref, plain_ref)
print("still so")
PY
