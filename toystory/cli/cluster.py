"""The workers that a command was told to use in place of this machine's processes."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from toystory.cli.messages import print_sentences

if TYPE_CHECKING:
    from toystory.training.pools.cluster import ClusterEngine


@contextmanager
def cluster(args: argparse.Namespace) -> Iterator[ClusterEngine | None]:
    """The engine of --scheduler, connected; None where there is none. At the end it is let go.

    Raises:
        BadRequest: Dask is missing, or the address is none.
        RunFailed: The scheduler can't be used.
    """
    if args.scheduler is None:
        yield None
        return
    from toystory.training.pools.cluster import ClusterEngine
    from toystory.training.pools.train_all import default_jobs

    engine = ClusterEngine(args.scheduler, args.jobs or default_jobs())
    try:
        if engine.notice:
            print_sentences([engine.notice])
        yield engine
    finally:
        engine.shutdown()
