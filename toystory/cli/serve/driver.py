"""What stands between the app and a browser."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import BinaryIO, Literal, TextIO

from textual.drivers.web_driver import WebDriver
from textual.events import DeliveryComplete
from textual.messages import ExitApp


class ServedDriver(WebDriver):
    """Textual's driver for the web, but the app ends when nobody is left to talk to.

    The server may be killed without a word.
    """

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
