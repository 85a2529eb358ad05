"""The cluster a command was asked to use: connected, or started here; workers that are refused are told."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click


@contextmanager
def on_cluster(scheduler: str | None, jobs: int | None) -> Iterator[Any]:
    """The cluster that was asked for, or ``None`` where none was. ``UsageError`` where it could do nothing."""
    if not scheduler:
        yield None
        return
    from claimaudit.cluster.client import connected

    if jobs is not None and jobs < 1:
        raise click.UsageError(f"{jobs} workers can do nothing; give --jobs 1 or more")
    with connected(scheduler, jobs) as cluster:
        for said in cluster.refused:
            click.echo(f"claimaudit: {said}", err=True)
        yield cluster
