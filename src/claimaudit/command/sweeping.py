"""``sweep``: dossiers judged under many settings, into one table."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

import sys
from pathlib import Path

import click

from claimaudit import inert, places
from claimaudit.arguments import EPILOG, console, dossier_option, scheduler_option, shown
from claimaudit.command.clusters import on_cluster

AUDIT_FAILED = 1


@click.command(epilog=EPILOG)
@click.argument("spec", metavar="SPEC.toml")
@click.option(
    "--out", required=True, metavar="FILE", help="The table: a .csv, or a .parquet where pyarrow is installed."
)
@scheduler_option
@click.option("--jobs", type=int, metavar="N", help="Workers of a local cluster. [default: the processor's cores]")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@dossier_option
def sweep(spec: str, out: str, scheduler: str | None, jobs: int | None, quiet: bool, dossier: str | None) -> None:
    """Judge dossiers under every setting that SPEC.toml names, into one table of verdicts.

    It names as-of days, numbers of the method, parameters, readings and dossiers. Without --scheduler all is done in this process.
    """
    from claimaudit.cluster.progress import counting
    from claimaudit.cluster.sweep import read_sweep
    from claimaudit.cluster.sweeping import run_sweep
    from claimaudit.cluster.table import check_out

    check_out(Path(out))
    asked = read_sweep(Path(spec), places.dossier(dossier))
    out_console = console()
    with on_cluster(scheduler, jobs) as cluster:
        swept = run_sweep(asked, Path(out), cluster=cluster, counting=counting(out_console, quiet=quiet))
    for failed in swept.failed:
        click.echo(f"claimaudit: {inert.line(str(failed))}", err=True)
    if not quiet:
        counts = f"{swept.audits:,} audits, {swept.rows:,} rows"
        out_console.print(f"{counts}: {shown(Path(out))}", soft_wrap=True, markup=False)
    if swept.failed:
        sys.exit(AUDIT_FAILED)
