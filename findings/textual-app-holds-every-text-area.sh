#!/usr/bin/env bash
# Textual: an app holds every TextArea that was ever shown, with its text, until its theme changes
#
# Versions: textual 8.2.8, Python 3.11.
#
# Guess: a widget that was removed, or whose screen was left, is garbage; twenty screens opened and left one after another
# leave none of their widgets in memory.
#
# Seen: of a Static, an Input or an OptionList on each of the twenty none is left after a full collection; of a TextArea all
# twenty are. It watches the theme of the app, and the list of those who watch loses who is gone only when what is watched
# changes: after one change of the theme none is left. (That watching outlives a widget is told upstream, Textualize/textual
# 6666; that one of the library's own widgets does it in every app that opens an editor is not.)
#
# Expected: removal ends the watching, as it ends a widget's timers and messages.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check textual==8.2.8

venv/bin/python - <<'PY'
import asyncio
import gc
import weakref
from importlib.metadata import version

from textual.app import App
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static, TextArea

print("textual", version("textual"))
TIMES = 20


async def alive(make, change_theme=False):
    """How many of the widgets there are still after all their screens were left."""
    app = App()
    widgets = []
    async with app.run_test() as pilot:
        for _ in range(TIMES):
            screen, widget = Screen(), make()
            await app.push_screen(screen)
            await screen.mount(widget)
            await pilot.pause()
            widgets.append(weakref.ref(widget))
            del screen, widget
            await app.pop_screen()
            await pilot.pause()
        if change_theme:
            app.theme = "textual-light"
            await pilot.pause()
        await app.push_screen(Screen())
        await pilot.pause()
        gc.collect()
        return sum(widget() is not None for widget in widgets)


for make in (Static, Input, OptionList, TextArea):
    kept = asyncio.run(alive(make))
    print(f"{make.__name__:10} left of {TIMES}: {kept}")
    assert kept == TIMES if make is TextArea else kept <= 1
kept = asyncio.run(alive(TextArea, change_theme=True))
print("TextArea   left once the theme has changed:", kept)
assert kept <= 1
print("still so")
PY
