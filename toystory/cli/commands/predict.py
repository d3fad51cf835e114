"""`toystory predict`: what a model that `train --data` saved says to the rows of a CSV file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from toystory.base import files
from toystory.base.errors import BadRequest
from toystory.cli.messages import print_json, print_sentences
from toystory.models.loading import load
from toystory.models.softmax_mlp import SoftmaxMLP
from toystory.render import numbers
from toystory.render.confusion_table import confusion_lines
from toystory.training.tabular.csv_reader import BadTable, Rows, read_rows
from toystory.training.tabular.training import confusion


def answer(args: argparse.Namespace) -> int:
    """Say the class of every row, and how many are right where the file has labels; 0.

    Raises:
        BadRequest: The file is no table, the model none that reads it, or the columns are others.
    """
    model = _load(args.model)
    try:
        rows = read_rows(args.file, model.column_names, model.label_name, model.class_names)
    except BadTable as error:
        raise BadRequest(str(error)) from error
    if rows.left_out and not args.json:
        print_sentences([f"left out, since the model does not know them: {', '.join(rows.left_out)}"])
    with np.errstate(over="ignore", invalid="ignore"):
        probabilities = model.predict_proba(rows.x).astype(np.float64)
    lost = np.flatnonzero(~np.isfinite(probabilities).all(axis=1))
    if len(lost):
        where = f"line {rows.lines[lost[0]]} of {args.file}"
        raise BadRequest(f"{where}: its numbers are too large for what the model learned from")
    answers = probabilities.argmax(axis=1).astype(np.uint8)
    if args.json:
        print_json(_as_json(model, rows, answers, probabilities))
        return 0
    for i, said in enumerate(answers.tolist()):
        right = rows.y is None or said == rows.y[i]
        wrong = "" if right or rows.y is None else f", but it is {model.class_names[rows.y[i]]}"
        print(
            f"line {rows.lines[i]}: {model.class_names[said]} ({100 * probabilities[i, said]:.1f} %){wrong}"
        )
    if rows.y is not None:
        accuracy = float(np.mean(answers == rows.y))
        print(f"\nright on {numbers.accuracy(accuracy)} of {_counted(len(answers))}; {model.label_name}:")
        table = confusion(rows.y, answers, len(model.class_names))
        print("\n".join(confusion_lines(table, model.class_names)))
    return 0


def _counted(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _load(path: Path) -> SoftmaxMLP:
    """The model. Raises BadRequest."""
    try:
        model = load(path)
    except FileNotFoundError:
        made = f"toystory train --data FILE.csv --label NAME --save {path}"
        raise BadRequest(f"there is no model {path}: `{made}` makes one") from None
    except OSError as error:
        raise BadRequest(f"can't read {path}: {files.reason(error)}") from error
    except ValueError as error:
        raise BadRequest(str(error)) from error
    if not isinstance(model, SoftmaxMLP):
        kind = type(model).__name__
        raise BadRequest(f"{path} holds a model of bits, {kind}: give one that `train --data` saved")
    if not (model.column_names and model.class_names and model.standardised):
        raise BadRequest(f"{path} does not tell its columns and classes: give one that `train --data` saved")
    return model


def _as_json(
    model: SoftmaxMLP, rows: Rows, answers: np.ndarray[Any, Any], probabilities: np.ndarray[Any, Any]
) -> dict[str, Any]:
    names = model.class_names
    told = [
        {"line": line, "answer": names[said], "probabilities": dict(zip(names, p, strict=True))}
        for line, said, p in zip(rows.lines, answers.tolist(), probabilities.tolist(), strict=True)
    ]
    if rows.y is None:
        return {"label": model.label_name, "classes": list(names), "rows": told}
    for row, right in zip(told, rows.y.tolist(), strict=True):
        row["label"] = names[right]
    return {
        "label": model.label_name,
        "classes": list(names),
        "rows": told,
        "accuracy": float(np.mean(answers == rows.y)),
        "confusion": confusion(rows.y, answers, len(names)).tolist(),
    }
