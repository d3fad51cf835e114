"""The bottom line: the keys that can be pressed now, for the mouse too."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

KEY, WORD = "bold $footer-key-foreground", "$footer-description-foreground"
UNDER_MOUSE = " on $block-hover-background"


@dataclass(frozen=True)
class FooterKey:
    """key: to press. shown, word: how that is said. enabled: whether it does something now."""

    key: str
    shown: str
    word: str
    enabled: bool
    tooltip: str

    @property
    def width(self) -> int:
        return cell_len(self.shown) + cell_len(self.word) + 3


class Footer(Widget):
    """One widget: Textual's own is one for each key, and makes them all anew whenever the focus moves."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Footer {
        dock: bottom;
        height: 1;
        color: $foreground;
        pointer: pointer;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[tuple[int, FooterKey]] | None = None
        """Each with the column that it begins in; None: to be asked for."""
        self._under_mouse: FooterKey | None = None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if self.app.app_focus:
            self._keys = None
            self.refresh()

    def on_resize(self) -> None:
        self._keys = None

    @property
    def keys(self) -> list[tuple[int, FooterKey]]:
        """What can be pressed now, a key for each action, as many as there is room for.

        Each with the column that it begins in.
        """
        if self._keys is None:
            by_action: dict[str, FooterKey] = {}
            for active in self.screen.active_bindings.values():
                if active.binding.show:
                    by_action.setdefault(active.binding.action, self._key(active))
            self._keys, x = [], 0
            for offer in by_action.values():
                if x + offer.width - 1 > self.size.width:
                    break
                self._keys.append((x, offer))
                x += offer.width
        return self._keys

    def _key(self, active: ActiveBinding) -> FooterKey:
        binding = active.binding
        shown = self.app.get_key_display(binding)
        told = active.tooltip or binding.description
        return FooterKey(binding.key, shown, binding.description, active.enabled, told)

    def render(self) -> RenderResult:
        parts: list[tuple[str, str]] = []
        for _, offer in self.keys:
            more = "" if offer.enabled else " dim"
            more += UNDER_MOUSE if offer == self._under_mouse else ""
            parts += [(f" {offer.shown} ", KEY + more), (f"{offer.word} ", WORD + more)]
        return Content.assemble(*parts)

    def _at(self, event: events.MouseEvent) -> FooterKey | None:
        offset = event.get_content_offset(self)
        if offset is None:
            return None
        found = (offer for start, offer in self.keys if start <= offset.x < start + offer.width)
        return next(found, None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        offer = self._at(event)
        if offer is None:
            return
        if offer.enabled:
            self.app.simulate_key(offer.key)
        else:
            self.app.bell()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._point_at(self._at(event))

    def on_leave(self) -> None:
        self._point_at(None)

    def _point_at(self, offer: FooterKey | None) -> None:
        if offer != self._under_mouse:
            self._under_mouse = offer
            self.tooltip = offer.tooltip if offer else None
            self.refresh()
