"""`toystory serve`: the app in a browser, for a class."""

from __future__ import annotations

import argparse
import asyncio
import errno
import socket
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from toystory.base.errors import BadRequest, RunFailed
from toystory.base.paths import home
from toystory.cli.messages import print_sentences

if TYPE_CHECKING:
    from toystory.cli.serve.server import Addresses, Options

IN_THE_OPEN = (
    "Whoever can reach this address can run Python on this computer, for the exercises are programs: "
    "use it in a network that you trust."
)
SECONDS = 60
"""In a minute."""


def answer(args: argparse.Namespace) -> int:
    """Serve until interrupted; 0.

    Raises:
        BadRequest: a package is missing, the address is none, or the names can't be read.
        RunFailed: nobody can listen there, or no record could be kept.
    """
    if args.nursery is not None:
        from toystory.cli.serve.nursery import run

        return run(args.nursery)
    if find_spec("textual_serve") is None:
        raise BadRequest("serve needs the package textual-serve: pip install 'toystory[serve]'")
    from toystory.cli.serve.access import is_local
    from toystory.cli.serve.server import Server

    def ready(at: Addresses) -> None:
        print(f"toystory is open at {at.pages}; Ctrl-C closes it.", flush=True)
        if at.status:
            print(f"Who is there: {at.status}", flush=True)
        if args.unix_socket is None and not is_local(args.host):
            print_sentences([IN_THE_OPEN])

    try:
        asyncio.run(Server(_options(args)).serve(ready))
    except socket.gaierror as error:
        what = f"no address is called {args.host!r}: give --host an address of this computer"
        raise BadRequest(what) from error
    except OSError as error:
        raise RunFailed(_why_not(error, args)) from error
    return 0


def _options(args: argparse.Namespace) -> Options:
    from toystory.cli.serve.access import Access, networks, read_key
    from toystory.cli.serve.people import Named, Owner, People, visitors
    from toystory.cli.serve.server import Options

    folder = home() if args.own_record else visitors()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        key = read_key(home())
    except OSError as error:
        why = error.strerror or str(error)
        raise RunFailed(
            f"nothing could be kept in {folder} ({why}): make it writable, "
            "or name another folder with TOYSTORY_HOME"
        ) from error
    names = tuple(filter(None, (name.strip().lower() for name in args.allow_host.split(","))))
    host = "" if args.unix_socket else args.host
    access = Access(host, networks(args.proxy), names, key)
    people = People()
    if args.own_record:
        people = Owner()
    elif args.names is not None:
        people = Named(access, Path(args.names).expanduser() if args.names else None)
    return Options(
        access,
        people,
        port=args.port,
        unix_socket=args.unix_socket,
        root_path=args.root_path,
        most=args.visitors,
        idle=args.idle * SECONDS,
        status=not args.own_record and not args.unix_socket,
    )


def _why_not(error: OSError, args: argparse.Namespace) -> str:
    host, port = args.host, args.port
    if args.unix_socket is not None:
        return f"can't listen at {args.unix_socket}: {error.strerror or error}"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken: choose another with --port, or 0 for any that is free"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than you have: choose one from 1024 on with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this computer: leave --host out, or give one that is"
    return f"can't listen on {host}, port {port}: {error.strerror or error}"
