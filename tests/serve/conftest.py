"""A program that serves, and who visits it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.served import Served, until

if TYPE_CHECKING:  # comes with the extra serve
    import aiohttp


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(home=tmp_path_factory.mktemp("shared"))
    yield server
    server.end()


@pytest.fixture
async def shared(shared_server: Served) -> Served:
    """One for all tests that leave it as it was; the visitors of the test before have left."""
    await until(lambda: not shared_server.visitors())
    return shared_server


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    import aiohttp

    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session
