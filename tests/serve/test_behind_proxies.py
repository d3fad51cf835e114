"""In a browser, behind what schools have: nginx with a path and TLS, JupyterLab with jupyter-server-proxy."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("textual_serve", reason="needs the extra serve")
pytest.importorskip("pyte", reason="needs the extra test")
pytest.importorskip("PIL.Image", reason="needs Pillow")

from tests.support.chromium import PROGRAM, Chromium, train_lstm
from tests.support.served import PATIENCE, Served, until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
HAS_JUPYTER = find_spec("jupyterlab") is not None and bool(
    entry_points(group="jupyter_serverproxy_servers", name="toystory")
)
TOKEN = "a-token-for-this-test"
CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port}{ssl};
    {certificate}
    location {path} {{
      proxy_pass {upstream};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      {headers}
    }}
  }}
}}
"""
SAYS_HOST = "proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason="needs Chromium")]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for process in running:
        process.terminate()
        process.wait()


async def start_nginx(
    running: list[subprocess.Popen[bytes]],
    folder: Path,
    upstream: str,
    path: str,
    headers: str,
    tls: bool = False,
) -> str:
    """Its address."""
    assert NGINX is not None
    port, certificate = free_port(), ""
    if tls:
        files: list[str | Path] = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
        subprocess.run([*made, *files], check=True, capture_output=True)
        certificate = f"ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;"
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            port=port,
            ssl=" ssl" if tls else "",
            certificate=certificate,
            path=path,
            upstream=upstream,
            headers=headers,
        )
    )
    running.append(subprocess.Popen([NGINX, "-p", folder, "-c", configuration, "-e", folder / "error.log"]))

    def listens() -> bool:
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", port)) == 0

    await until(listens)
    return f"http{'s' if tls else ''}://127.0.0.1:{port}"


@pytest.mark.skipif(NGINX is None, reason="needs nginx")
@pytest.mark.parametrize(
    ("arguments", "keeps", "says", "tls", "prefix"),
    [
        ((), True, False, False, "/toys/"),
        (("--proxy", "127.0.0.1"), False, True, True, "/toys/"),
        (("--proxy", "127.0.0.1"), False, False, True, "/"),
        (("--root-path", "/toys", "--proxy", "127.0.0.1"), False, True, True, "/toys/"),
    ],
    ids=["path, keeps Host", "path, TLS, says Host", "TLS, says nothing", "passes the path on"],
)
async def test_nginx(
    nginx: list[subprocess.Popen[bytes]],
    tmp_path: Path,
    arguments: tuple[str, ...],
    keeps: bool,
    says: bool,
    tls: bool,
    prefix: str,
) -> None:
    served = Served(*arguments)
    try:
        headers = ("proxy_set_header Host $http_host;" if keeps else "") + (SAYS_HOST if says else "")
        upstream = f"http://{served.host}" + ("" if "--root-path" in arguments else "/")
        address = await start_nginx(nginx, tmp_path, upstream, prefix, headers, tls)
        async with Chromium(tmp_path / "profile", "--ignore-certificate-errors") as browser:
            await train_lstm(browser, address + prefix)
            assert [asked for asked in browser.asked if prefix not in asked] == []
    finally:
        served.end()


@pytest.mark.skipif(NGINX is None, reason="needs nginx")
async def test_nginx_that_nobody_has_named_is_told_what_to_do(
    nginx: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    served = Served()
    try:
        address = await start_nginx(nginx, tmp_path, f"http://{served.host}/", "/toys/", "")
        async with Chromium(tmp_path / "profile") as browser:
            await browser.open(f"{address}/toys/")
            async with asyncio.timeout(PATIENCE):
                while "--proxy" not in str(
                    await browser.evaluate("document.getElementById('more')?.textContent")
                ):
                    await asyncio.sleep(0.1)
    finally:
        served.end()


@pytest.mark.skipif(not HAS_JUPYTER, reason="needs JupyterLab and toystory installed with the extra jupyter")
async def test_jupyterlab_has_a_tile_and_trains(home: Path, tmp_path: Path) -> None:
    port = free_port()
    options = [f"--ServerApp.port={port}", f"--IdentityProvider.token={TOKEN}", "--ServerApp.ip=127.0.0.1"]
    jupyter = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *options],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=(tmp_path / "log").open("w"),
    )
    address = f"http://127.0.0.1:{port}"
    tile = "document.querySelector('.jp-LauncherCard[title*=toystory], .jp-LauncherCard[title*=Toystory]')"
    try:
        await until(lambda: "is running at" in (tmp_path / "log").read_text())
        async with Chromium(tmp_path / "profile") as browser:
            await browser.open(f"{address}/lab?token={TOKEN}")
            async with asyncio.timeout(3 * PATIENCE):
                while not await browser.evaluate(f"Boolean({tile})"):
                    await asyncio.sleep(0.3)
            await train_lstm(browser, f"{address}/toystory/")
        await until((home / "record.sqlite3").exists)  # the user's own
        assert not (home / "visitors").exists()
    finally:
        jupyter.terminate()
        jupyter.wait()
