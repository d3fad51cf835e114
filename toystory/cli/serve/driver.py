"""What stands between the app and a browser."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, BinaryIO, Literal, TextIO

from textual.drivers.web_driver import WebDriver
from textual.events import DeliveryComplete, Key
from textual.message import Message
from textual.messages import ExitApp

from toystory.training.share import SHARE


class ServedDriver(WebDriver):
    """Textual's driver for the web, but the app ends when nobody is left to talk to.

    The server may be killed without a word.
    """

    def start_application_mode(self) -> None:
        # Textual's begins as if the page had not the focus, and is not told of one that it had before: then
        # nothing can be typed into a field, and all is drawn twice.
        call_later = self._app.call_later
        self._app.call_later = lambda *_: True  # type: ignore[method-assign]
        super().start_application_mode()
        self._app.call_later = call_later  # type: ignore[method-assign]
        SHARE.changed = lambda trains: self._app.call_later(
            self.write_meta, {"type": "training", "trains": trains}
        )

    def on_meta(self, packet_type: str, payload: dict[str, Any]) -> None:
        """Also a new share of the processors."""
        if packet_type == "share":
            SHARE.fraction, SHARE.tick = payload["fraction"], payload["tick"]
        else:
            super().on_meta(packet_type, payload)

    def process_message(self, message: Message) -> None:
        if isinstance(message, Key):
            SHARE.wait_for_key()
        super().process_message(message)

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(ExitApp())

    def deliver_binary(
        self,
        binary: BinaryIO | TextIO,
        *,
        delivery_key: str,
        save_path: Path,
        open_method: Literal["browser", "download"] = "download",
        encoding: str | None = None,
        mime_type: str | None = None,
        name: str | None = None,
    ) -> None:
        """Send the whole file: the page offers it as a download, whatever proxies lie in between."""
        with binary:
            binary.seek(0)
            content = binary.read()
        data = content.encode(encoding or "utf-8") if isinstance(content, str) else content
        self.write_meta(
            {
                "type": "download",
                "name": save_path.name,
                "kind": mime_type or "application/octet-stream",
                "data": base64.b64encode(data).decode(),
            }
        )
        self._app.post_message(DeliveryComplete(key=delivery_key, path=None, name=name))
