"""The learner's own keys: a file that says which key does what.

Every binding of the app has a name (`toystory keys` lists them); `keys.toml` in the learner's folder gives a
binding other keys: `train.start = "f9"`, or several with commas between them.
"""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from textual.app import App
from textual.binding import Binding, Keymap
from textual.dom import DOMNode
from textual.keys import Keys, key_to_character

from toystory.base.nearest import nearest

PACKAGE = "toystory.tui"
"""Where the classes with bindings are."""


class BadKeymap(ValueError):
    """What is wrong with the file, in a sentence."""


def all_bindings() -> list[Binding]:
    """Every binding that a class of the app has, those of the app itself first."""
    package = importlib.import_module(PACKAGE)
    for module in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
        importlib.import_module(module.name)
    classes = [cls for cls in _subclasses(DOMNode) if cls.__module__.startswith(f"{PACKAGE}.")]
    classes.sort(key=lambda cls: not issubclass(cls, App))  # the keys that hold everywhere come first
    bindings = [binding for cls in classes for binding in vars(cls).get("BINDINGS", ())]
    return [binding for binding in bindings if isinstance(binding, Binding)]


def named_bindings() -> dict[str, Binding]:
    """Every binding of the app that has a name, by its name."""
    return {binding.id: binding for binding in all_bindings() if binding.id}


def read_keymap(file: Path) -> Keymap:
    """The keys in `file` by the names of their bindings; none where there is no file. Raises BadKeymap."""
    try:
        entries = dict(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadKeymap(f"{file} can't be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadKeymap(
            f'{file} is not understood: {error}. Write lines like "train.start" = "f9"'
        ) from error
    known = named_bindings()
    keymap: dict[str, str] = {}
    for name, keys in entries.items():
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near}?" if near else "`toystory keys` lists them"
            raise BadKeymap(f"{file}: no key is called {name}: {hint}")
        if not isinstance(keys, str) or not all(map(_is_key, keys.split(","))):
            raise BadKeymap(f'{file}: {name} is {keys!r}: expected keys such as "f9" or "x,ctrl+x"')
        keymap[name] = keys
    return keymap


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """The entries under their whole names: to TOML, train.start is the start of a table called train."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _subclasses(cls: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)


def _is_key(text: str) -> bool:
    """Whether a keyboard can have such a key, x or f9 or ctrl+x or question_mark."""
    *modifiers, key = text.strip().split("+")
    named = key in {k.value for k in Keys} or key_to_character(key) is not None
    return named and set(modifiers) <= {"ctrl", "shift", "alt", "super", "hyper", "meta"}
