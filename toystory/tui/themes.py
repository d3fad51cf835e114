"""A dark and a light theme: calm paper, one accent, and amber for the lamp."""

from __future__ import annotations

import os

from rich.terminal_theme import TerminalTheme
from textual.theme import Theme

DARK = Theme(
    name="toystory-dark",
    dark=True,
    primary="#7ab7ff",
    secondary="#9aa5b8",
    accent="#7ab7ff",
    warning="#f5b24c",
    error="#ff7b72",
    success="#7fd18b",
    foreground="#d9dee7",
    background="#15181e",
    surface="#1b1f27",
    panel="#1f242d",
    variables={"footer-key-foreground": "#7ab7ff", "footer-description-foreground": "#b4bcca"},
)
LIGHT = Theme(
    name="toystory-light",
    dark=False,
    primary="#0b5cad",
    secondary="#5b6675",
    accent="#0b5cad",
    warning="#9a5200",
    error="#b3261e",
    success="#1a7035",
    foreground="#15181e",
    background="#fbfaf7",
    surface="#f3f2ee",
    panel="#eceae4",
    variables={"footer-key-foreground": "#0b5cad", "footer-description-foreground": "#4a5260"},
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


# What the sixteen colours of a derivation panel and its like become in the app: the background,
# the foreground, and black, red, green, yellow, blue, magenta, cyan, white; then the bright ones.
DARK_ANSI = TerminalTheme(
    (21, 24, 30),
    (217, 222, 231),
    [
        (21, 24, 30),
        (255, 123, 114),
        (127, 209, 139),
        (245, 178, 76),
        (122, 183, 255),
        (199, 164, 255),
        (132, 208, 214),
        (217, 222, 231),
    ],
    [
        (139, 148, 162),
        (255, 123, 114),
        (127, 209, 139),
        (245, 178, 76),
        (122, 183, 255),
        (199, 164, 255),
        (132, 208, 214),
        (255, 255, 255),
    ],
)
LIGHT_ANSI = TerminalTheme(
    (251, 250, 247),
    (35, 39, 46),
    [
        (35, 39, 46),
        (179, 38, 30),
        (26, 112, 53),
        (154, 82, 0),
        (11, 92, 173),
        (119, 56, 160),
        (0, 107, 117),
        (91, 102, 117),
    ],
    [
        (91, 102, 117),
        (179, 38, 30),
        (26, 112, 53),
        (154, 82, 0),
        (11, 92, 173),
        (119, 56, 160),
        (0, 107, 117),
        (35, 39, 46),
    ],
)


def fitting_theme() -> str:
    """The name of the theme that suits the terminal, where it says so (COLORFGBG); else the dark one."""
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in ("7", "15") else DARK.name
