"""The keys of the app, taken from its bindings: a new screen is pressed without being listed anywhere."""

from __future__ import annotations

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import REPLACED_KEYS, key_to_character

from toystory.tui.keymap import all_bindings

TYPED = ("enter", "escape", "backspace", "delete", "home", "end", "tab", "ctrl+a", "ctrl+z", "ctrl+p")
"""What fields and lists of Textual's own bind."""
QUITTING = ("q", "ctrl+q")
KEYS = tuple(
    dict.fromkeys(
        key.strip()
        for keys in (*(binding.key for binding in all_bindings()), *TYPED)
        for key in keys.split(",")
    )
)
"""By Textual's names, each once."""
SEQUENCES = {
    keys[0]: text for text, keys in reversed(tuple(ANSI_SEQUENCES_KEYS.items())) if isinstance(keys, tuple)
}


def typed(key: str) -> bytes:
    """What a terminal sends for a key of this name."""
    return (SEQUENCES.get(key) or character(key) or "").encode()


def character(key: str) -> str | None:
    """What a key of this name writes; None where it writes nothing."""
    return key_to_character(REPLACED_KEYS.get(key, key)) if key not in SEQUENCES or key == "space" else None
