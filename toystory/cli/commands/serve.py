"""`toystory serve`: the app in a browser, for a class."""

from __future__ import annotations

import argparse
import asyncio
import errno
import socket
from importlib.util import find_spec

from toystory.base.errors import BadRequest, RunFailed
from toystory.cli.messages import print_sentences

IN_THE_OPEN = (
    "Whoever can reach this address can run Python on this computer, for the exercises are programs: "
    "use it in a network that you trust."
)


def answer(args: argparse.Namespace) -> int:
    """Serve until interrupted; 0.

    Raises:
        BadRequest: a package is missing, or the address is none.
        RunFailed: nobody can listen there.
    """
    host, port = args.host, args.port
    if find_spec("textual_serve") is None:
        raise BadRequest(
            "serve needs the package textual-serve: install toystory with its extra, toystory[serve]"
        )
    from toystory.cli.serve.server import Server, is_local

    def ready(address: str) -> None:
        print(f"toystory is open at {address}; Ctrl-C closes it.", flush=True)
        if not is_local(host):
            print_sentences([IN_THE_OPEN])

    try:
        asyncio.run(Server(host, port).serve(ready))
    except socket.gaierror as error:
        raise BadRequest(f"no address is called {host!r}: give --host an address of this computer") from error
    except OSError as error:
        raise RunFailed(_why_not(error, host, port)) from error
    return 0


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken: choose another with --port, or 0 for any that is free"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than you have: choose one from 1024 on with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this computer: leave --host out, or give one that is"
    return f"can't listen on {host}, port {port}: {error.strerror or error}"
