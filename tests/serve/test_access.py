"""Whom the server answers: hosts, proxies that are believed, and its own page."""

from __future__ import annotations

import pytest

pytest.importorskip("textual_serve", reason="needs the extra serve")

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from toystory.base.errors import BadRequest
from toystory.cli.serve.access import Access, networks
from toystory.cli.serve.server import share


class From:
    """A transport whose other end is somewhere."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get_extra_info(self, name: str, otherwise: object = None) -> object:
        return (self._address, 50000) if name == "peername" and self._address else otherwise


def asked(peer: str = "127.0.0.1", **headers: str) -> web.Request:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return make_mocked_request("GET", "/", headers=given, transport=From(peer))


def answers(access: Access, request: web.Request) -> bool:
    try:
        access.check_host(request)
    except web.HTTPForbidden:
        return False
    return True


def lets_in(access: Access, request: web.Request) -> bool:
    try:
        access.check_page(request, access.sign("page", "ada"), "ada")
    except web.HTTPForbidden:
        return False
    return True


LOCAL, OPEN = Access("127.0.0.1"), Access("0.0.0.0")
PROXIED = Access("127.0.0.1", networks("127.0.0.1"))


@pytest.mark.parametrize(
    ("access", "host", "answered"),
    [
        (LOCAL, "127.0.0.1:8000", True),
        (LOCAL, "localhost", True),
        (LOCAL, "[::1]:8000", True),
        (LOCAL, "school.example", False),
        (LOCAL, "192.168.1.5", False),
        (OPEN, "192.168.1.5:8000", True),
        (OPEN, "elsewhere.example", False),
        (Access("0.0.0.0", names=("school.example",)), "School.example:8000", True),
        (Access("0.0.0.0", names=("school.example",)), "other.example", False),
    ],
)
def test_hosts(access: Access, host: str, answered: bool) -> None:
    assert answers(access, asked(Host=host)) == answered


def test_the_refusal_says_what_to_do() -> None:
    with pytest.raises(web.HTTPForbidden) as refused:
        LOCAL.check_host(asked(Host="school.example"))
    assert refused.value.text is not None
    assert "school.example" in refused.value.text
    assert "--allow-host school.example" in refused.value.text


def test_what_a_proxy_says_is_believed_of_those_that_were_named() -> None:
    through = {"Host": "127.0.0.1:8000", "X_Forwarded_Host": "school.example", "X_Forwarded_Proto": "https"}
    request = asked(**through, X_Forwarded_For="10.1.2.3, 192.168.7.7")
    assert PROXIED.asked_host(request) == "school.example"
    assert PROXIED.is_secure(request)
    assert PROXIED.visitor_address(request) == "192.168.7.7"
    assert LOCAL.asked_host(request) == "127.0.0.1:8000"
    assert not LOCAL.is_secure(request)
    assert LOCAL.visitor_address(request) == "127.0.0.1"


@pytest.mark.parametrize(
    ("access", "headers", "let_in"),
    [
        (LOCAL, {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"}, True),
        (LOCAL, {"Host": "127.0.0.1", "Origin": "http://127.0.0.1:80"}, True),
        (LOCAL, {"Host": "127.0.0.1:8000"}, False),
        (LOCAL, {"Host": "127.0.0.1:8000", "Origin": "https://school.example"}, False),
        # A proxy that does not keep Host, and says what it was.
        (
            PROXIED,
            {"Host": "127.0.0.1", "X_Forwarded_Host": "school.example", "Origin": "https://school.example"},
            True,
        ),
        (
            PROXIED,
            {"Host": "127.0.0.1", "X_Forwarded_Host": "school.example", "Origin": "https://evil.example"},
            False,
        ),
        # One that says nothing: what the page shows has to do.
        (PROXIED, {"Host": "127.0.0.1:8000", "Origin": "https://school.example"}, True),
        # Headers that nobody was asked to believe.
        (
            LOCAL,
            {"Host": "127.0.0.1", "X_Forwarded_Host": "evil.example", "Origin": "https://evil.example"},
            False,
        ),
    ],
)
def test_pages(access: Access, headers: dict[str, str], let_in: bool) -> None:
    assert lets_in(access, asked(**headers)) == let_in


def test_no_other_page_can_show_what_ours_shows() -> None:
    request = asked(Host="127.0.0.1:8000", Origin="http://127.0.0.1:8000")
    for shown in ("", "x", LOCAL.sign("page", "eve"), PROXIED.sign("page", "ada")):
        with pytest.raises(web.HTTPForbidden):
            LOCAL.check_page(request, shown, "ada")


def test_a_proxy_that_is_none_is_told() -> None:
    assert len(networks("127.0.0.1, 10.0.0.0/8")) == 2
    with pytest.raises(BadRequest, match="--proxy nowhere"):
        networks("nowhere")


def test_the_processors_are_divided_where_more_train_than_there_are() -> None:
    assert share(0, 2) == share(2, 2) == (1.0, 0.0)
    fraction, tick = share(40, 2)
    assert 40 * fraction <= 2
    assert share(20, 2)[0] == pytest.approx(2 * fraction)
    assert share(20, 2)[1] == pytest.approx(tick / 2)
