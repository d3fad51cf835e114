"""`toystory keys`: the keys of the app by the names that keys.toml knows them by."""

from __future__ import annotations

import argparse

from toystory.base.errors import BadRequest
from toystory.base.paths import keymap_file
from toystory.cli.messages import print_json
from toystory.tui.keymap import BadKeymap, named_bindings, read_keymap


def answer(args: argparse.Namespace) -> int:
    """Print every key: its name, the key, and what it does; 0. Raises BadRequest where keys.toml is wrong."""
    try:
        own = read_keymap(keymap_file())
    except BadKeymap as error:
        raise BadRequest(str(error)) from error
    keys = {
        name: {"keys": own.get(name, binding.key), "does": binding.tooltip or binding.description}
        for name, binding in sorted(named_bindings().items())
    }
    if args.json:
        print_json(keys)
        return 0
    names, widest = (max(map(len, column)) for column in (keys, (entry["keys"] for entry in keys.values())))
    for name, entry in keys.items():
        print(f"{name:{names}}  {entry['keys']:{widest}}  {entry['does']}")
    print(f'\nTo change one, write a line such as train.start = "f9" into {keymap_file()}')
    return 0
