"""Who may ask: the names that the server answers to, the proxies that it believes, and its own page."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from toystory.base.errors import BadRequest
from toystory.base.files import write_new

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
KEY_FILE = "serve-key"
KEY_BYTES = 32

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def is_local(host: str) -> bool:
    """Whether only this computer can reach a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def networks(text: str) -> tuple[Network, ...]:
    """The addresses of `--proxy`, such as 127.0.0.1 or 10.0.0.0/8, with commas between them.

    Raises:
        BadRequest: one of them is none.
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(part, strict=False))
        except ValueError:
            raise BadRequest(
                f"--proxy {part}: expected an address or a network, such as 127.0.0.1 or 10.0.0.0/8"
            ) from None
    return tuple(found)


@dataclass(frozen=True)
class Access:
    """The rules.

    Attributes:
        host: Where the server listens; empty for a socket in the file system, which its owner alone can open.
        proxies: Those whose X-Forwarded-… headers are believed.
        names: Host names that are answered to besides this computer's own.
        key: What the server signs with.
    """

    host: str
    proxies: tuple[Network, ...] = ()
    names: tuple[str, ...] = ()
    key: bytes = field(default_factory=lambda: secrets.token_bytes(KEY_BYTES), repr=False)

    def is_trusted(self, request: web.Request) -> bool:
        """Whether it comes from a proxy that is believed."""
        return not self.host or _among(_peer(request), self.proxies)

    def asked_host(self, request: web.Request) -> str:
        """The host, perhaps with its port, that the browser has asked for."""
        forwarded = _forwarded(request, "Host") if self.is_trusted(request) else ""
        return forwarded or request.host

    def is_secure(self, request: web.Request) -> bool:
        """Whether the browser came by https."""
        forwarded = _forwarded(request, "Proto") if self.is_trusted(request) else ""
        return (forwarded or request.scheme) == "https"

    def visitor_address(self, request: web.Request) -> str:
        """Where the browser is: the last address that no proxy of ours has."""
        hops = [_peer(request)]
        if self.is_trusted(request):
            hops = [*(part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")), *hops]
        for hop in reversed(hops):
            if hop and not _among(hop, self.proxies):
                return hop
        return hops[-1] or "this computer"

    def check_host(self, request: web.Request) -> None:
        """Refuse other names: a page from elsewhere that has its own name lead here gets nothing.

        Raises:
            web.HTTPForbidden: the server does not answer to the name that was asked for.
        """
        asked = self.asked_host(request)
        name = (urlsplit(f"//{asked}").hostname or "").lower()
        if name in (*LOCAL_NAMES, *self.names):
            return
        if not self.names and self.is_trusted(request):
            return  # the proxy has chosen what it passes on
        if not is_local(self.host) and not self.is_trusted(request) and _is_own(name):
            return
        raise web.HTTPForbidden(
            text=f"toystory does not answer to the name {name or 'that was asked for'!r}.\n"
            f"Whoever runs it can have it answer: 'toystory serve --allow-host {name or 'NAME'}', "
            "or '--proxy ADDRESS' with the address of the proxy in between.\n"
        )

    def check_page(self, request: web.Request, shown: str, identity: str) -> None:
        """Let in what our own page sends, and nothing that another site's page does.

        The page shows what only a reader of the page can know. Where the browser says which site it is on,
        that must be this one; a proxy that keeps from us what was asked for makes that unknowable.

        Args:
            request: The request.
            shown: What the page shows.
            identity: Of whom the page was made for.

        Raises:
            web.HTTPForbidden: it comes from elsewhere.
        """
        self.check_host(request)
        if not hmac.compare_digest(shown.encode(), self.sign("page", identity).encode()):
            raise web.HTTPForbidden(text="Open toystory from its own page, with cookies allowed.\n")
        knows_host = not self.is_trusted(request) or _forwarded(request, "Host")
        origin = request.headers.get("Origin", "")
        if knows_host and _without_usual_port(origin) != _without_usual_port(
            f"{urlsplit(origin).scheme}://{self.asked_host(request)}"
        ):
            raise web.HTTPForbidden(
                text=f"Open toystory from its own page: this one is at {origin or 'an unknown place'}, and "
                f"{self.asked_host(request)} was asked for.\n"
                "Where a proxy stands in between, whoever runs toystory names it: "
                "'toystory serve --proxy ADDRESS'.\n"
            )

    def sign(self, what: str, text: str) -> str:
        """What nobody without the key can make."""
        return hmac.new(self.key, f"{what}:{text}".encode(), hashlib.sha256).hexdigest()[:32]


def read_key(folder: Path) -> bytes:
    """What the server signs with, made at the first call: a server that is started again knows its visitors.

    Raises:
        OSError: it can be neither read nor written.
    """
    file = folder / KEY_FILE
    try:
        write_new(file, secrets.token_hex(KEY_BYTES))
        file.chmod(0o600)
    except FileExistsError:
        pass
    return file.read_bytes()


def _peer(request: web.Request) -> str:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return str(peer[0]) if isinstance(peer, tuple) else ""


def _among(address: str, allowed: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in allowed)


def _forwarded(request: web.Request, what: str) -> str:
    """The value that the nearest proxy has added."""
    return request.headers.get(f"X-Forwarded-{what}", "").rpartition(",")[2].strip()


def _without_usual_port(origin: str) -> str:
    scheme = origin.partition(":")[0]
    return origin.lower().removesuffix({"http": ":80", "https": ":443"}.get(scheme, ":none"))


def _is_own(name: str) -> bool:
    """Whether it is an address in numbers, which no other site can have lead here, or our own name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        own = socket.gethostname().lower()
        return name in (own, f"{own}.local", own.partition(".")[0], socket.getfqdn().lower())
    return True
