"""A trained model written to a file, from the app."""

from __future__ import annotations

import tempfile
from io import BytesIO
from itertools import count
from pathlib import Path

from textual.app import App

from toystory.base.errors import BadRequest
from toystory.base.files import write_new
from toystory.base.model_forms import MODEL_SUFFIXES
from toystory.base.paths import home
from toystory.base.served import is_served
from toystory.export.frameworks.export import export_model
from toystory.models.model import Model

OURS = "npz"


def contents_of(model: Model, form: str, name: str) -> tuple[str, str | bytes]:
    """The file's name and what stands in it.

    Args:
        model: Trained, or not.
        form: "npz" for ours, or one of `MODEL_SUFFIXES`.
        name: The first part of the file's name.

    Raises:
        BadRequest: The package that writes it is not installed.
    """
    if form == OURS:
        with tempfile.TemporaryDirectory(prefix="toystory-") as folder:
            model.save(path := Path(folder) / f"{name}.npz")
            return path.name, path.read_bytes()
    path = Path(f"{name}{MODEL_SUFFIXES[form]}")
    return path.name, export_model(model, form, path)


def take_along(app: App[object], model: Model, form: str, name: str) -> None:
    """Write it where the learner finds it, or offer it as a download in a browser; and tell.

    Args:
        app: Tells.
        model: Trained, or not.
        form: As for `contents_of`.
        name: Goes into the file's name.
    """
    try:
        if is_served():  # the learner's computer is another one
            name, contents = contents_of(model, form, name)
            as_bytes = contents.encode() if isinstance(contents, str) else contents
            app.deliver_binary(BytesIO(as_bytes), save_filename=name)
            app.notify("offered as a download", timeout=4)
        else:
            app.notify(f"saved as {save_model(model, form, name)}", timeout=8, markup=False)
    except BadRequest as error:
        app.notify(str(error), severity="warning", timeout=10, markup=False)
    except OSError as error:
        app.notify(f"can't save it: {error.strerror or error}", severity="warning", markup=False)


def save_model(model: Model, form: str, lesson: str) -> Path:
    """Write it under the next free name in the learner's folder of models.

    Args:
        model: Trained, or not.
        form: As for `contents_of`.
        lesson: Goes into the name.

    Returns:
        The path.

    Raises:
        BadRequest: The package that writes it is not installed.
        OSError: It can't be written.
    """
    folder = home() / "models"
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        name, contents = contents_of(model, form, f"{lesson}-{number}")
        try:
            write_new(folder / name, contents)
        except FileExistsError:
            continue
        return folder / name
    raise AssertionError("there is always a next number")
