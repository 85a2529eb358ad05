"""The command line: parse, call, print. Heavy modules are imported by the commands that need them."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from claimaudit import __version__, inert, places, reviewing
from claimaudit.arguments import (
    EPILOG,
    Pairs,
    console,
    dossier_option,
    once,
    out_option,
    scheduler_option,
    shown,
    values,
)
from claimaudit.command import asking, leaving, starting, sweeping
from claimaudit.command.asking import BAD_INPUT
from claimaudit.command.clusters import on_cluster
from claimaudit.command.patience import Patience, ends
from claimaudit.errors import ClaimAuditError

_MOST_LINES = 25
BUILT, NOTEBOOK_FAILED = 0, 1


class Commands(click.Group):
    """Turns the project's errors into a message and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ClaimAuditError as error:
            lines = str(error).splitlines()
            more = [f"... and {len(lines) - _MOST_LINES:,} more: run 'claimaudit validate'"] * (
                len(lines) > _MOST_LINES
            )
            click.echo("\n".join([f"claimaudit: {lines[0]}", *lines[1:_MOST_LINES], *more]), err=True)
            ctx.exit(BAD_INPUT)
        except OSError as error:  # what no module expected: rights, a disk, a closed or full output
            if error.errno == errno.EPIPE:
                raise  # whoever read has seen enough
            where = (
                f"{shown(Path(str(error.filename)))} cannot be used" if error.filename else "output cannot be written"
            )
            click.echo(f"claimaudit: {where} ({error.strerror}); check its rights and the room there", err=True)
            ctx.exit(BAD_INPUT)


def command(arguments: Sequence[str]) -> int:
    """Run the command line on these arguments; its exit code. Bad arguments are told in one sentence.

    Raises ``KeyboardInterrupt`` where it was interrupted, for its caller to end all that was started.
    """
    try:
        with Patience() as waiting:
            return main.main(list(arguments), prog_name="claimaudit", standalone_mode=False, obj=waiting) or BUILT
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "claimaudit"
        text = error.format_message().rstrip(".")
        see = " See" if text.endswith("?") else "; see"
        click.echo(f"claimaudit: {text[:1].lower()}{text[1:]}{see} '{where} --help'", err=True)
        return BAD_INPUT
    except click.ClickException as error:
        click.echo(f"claimaudit: {error.format_message()}", err=True)
        return BAD_INPUT
    except click.Abort:
        raise KeyboardInterrupt from None


@click.group(
    cls=Commands,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="claimaudit", help="Show the version and exit.")
def main() -> None:
    """Audit the claims of one article against cited evidence, and write the findings as HTML reports."""


@main.command(cls=Pairs, epilog=EPILOG)
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="Set a notebook parameter (or NAME=VALUE); 'claimaudit list' shows them. Repeat for more.",
)
@click.option("--as-of", metavar="DATE", help="Judge also as of this day (2023-06-30). Same as -p as_of DATE.")
@dossier_option
@out_option
@click.option("--jobs", type=int, metavar="N", help="Notebooks run at once. [default: the processor's cores]")
@click.option(
    "--vary",
    nargs=2,
    multiple=True,
    metavar="NAME VALUES",
    help="One report for each value of a parameter: 1,2,5 or 1..20. Repeat for combinations.",
)
@click.option("--timeout", type=float, metavar="SECONDS", help="What a notebook may take. [default: 900]")
@click.option("--memory", type=int, metavar="MB", help="What a notebook's process may fill. [default: 4096]")
@click.option(
    "--engine",
    type=click.Choice(["fork", "kernel"]),
    help="Fork kernels, which is fast, or start ordinary ones. [default: fork where the system can]",
)
@click.option("--force", is_flag=True, help="Run every notebook, also when nothing it is made from has changed.")
@click.option("--yes", is_flag=True, help="Make more than 10,000 reports where --vary asks for them.")
@click.option("--pdf", is_flag=True, help="Print the folder's pages to PDF too, by the installed Chromium.")
@scheduler_option
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def build(
    notebooks: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    as_of: str | None,
    dossier: str | None,
    out: str | None,
    jobs: int | None,
    vary: tuple[tuple[str, str], ...],
    timeout: float | None,
    memory: int | None,
    engine: str | None,
    force: bool,
    yes: bool,
    pdf: bool,
    scheduler: str | None,
    quiet: bool,
) -> None:
    """Run notebooks and write their reports, the index and the verdicts.

    NOTEBOOK is a name ('harbour') or a path; without any, all are built. Every parameter is checked before anything
    runs. A parameter goes to the notebooks that know it.
    """
    from claimaudit.run import manifest
    from claimaudit.run.machine import can_fork
    from claimaudit.run.plan import plan

    browser = _printer() if pdf else ""
    given = once(
        [*parameters, *[("as_of", as_of)] * (as_of is not None), *[("dossier", dossier)] * (dossier is not None)]
    )
    varied = {name: values(name, text, many=yes) for name, text in once(vary).items()}
    asked = plan(
        notebooks,
        given,
        out=out,
        jobs=jobs,
        vary=varied,
        engine=engine,
        seconds=timeout,
        megabytes=memory,
        many=yes,
    )
    if not force and asked.is_done(manifest.read(asked.out)):
        if not quiet:
            click.echo(f"nothing to do: {shown(asked.out / 'index.html')} is up to date")
        _print(asked.out, browser)
        return
    ends(said=not quiet)
    if (
        not scheduler
        and asked.engine == "fork"
        and can_fork()
        and threading.current_thread() is threading.main_thread()
    ):
        from claimaudit.run.pool import warm_up

        warm_up()
    from claimaudit.run.build import build as run_build
    from claimaudit.run.progress import progress

    out_console = console()
    told = progress(out_console, quiet=quiet)
    with on_cluster(scheduler, jobs) as cluster:
        if cluster:
            from claimaudit.cluster.reports import running_on

            built = run_build(asked, progress=told, force=force, running=running_on(cluster, asked))
        else:
            built = run_build(asked, progress=told, force=force)
    for name in built.kept:
        click.echo(f"claimaudit: {name} had been changed by hand; it is kept beside, as {name}.by-hand", err=True)
    for outcome in built.failed:
        click.echo(f"claimaudit: {inert.line(outcome.name)} failed: {outcome.failure}", err=True)
    done = sum(outcome.failure is None for outcome in built.outcomes)
    if not quiet:
        reports = f"{done} report{'' if done == 1 else 's'} in {built.seconds:.1f} s"
        out_console.print(f"{reports}: {shown(built.out / 'index.html')}", soft_wrap=True, markup=False)
        for line in [] if parameters or vary else reviewing.built(built.out, asked.dossier):
            out_console.print(line, soft_wrap=True, markup=False)
    _print(built.out, browser)
    if built.failed:
        sys.exit(NOTEBOOK_FAILED)


@main.command(epilog=EPILOG)
@click.argument("site")
def gather(site: str) -> None:
    """Write an index over several audits: SITE is a folder in whose sub-folders each was built (--out SITE/NAME)."""
    from claimaudit.run.gathering import gather as gather_audits

    found = gather_audits(Path(site))
    click.echo(f"{len(found):,} audit{'' if len(found) == 1 else 's'}: {shown(Path(site) / 'index.html')}")


@main.command(epilog=EPILOG)
@out_option
def clean(out: str | None) -> None:
    """Delete the files builds have written into a folder, as far as nobody has changed them since."""
    from claimaudit.run import folder

    place = Path(out) if out else places.reports()
    done = folder.clean(place)
    click.echo(f"deleted {len(done.deleted):,} files in {shown(place)}")
    for name in done.left:
        click.echo(f"claimaudit: {name} is not as a build has left it; it stays", err=True)


@main.command(epilog=EPILOG)
@click.option("--check", is_flag=True, help="Write nothing; exit 2 when the file is not up to date.")
@dossier_option
def datapackage(check: bool, dossier: str | None) -> None:
    """Write the dossier's datapackage.json (Data Package v2): schema, units, licences, hashes, row counts.

    With --check nothing is written, and a file that is not up to date is refused.
    """
    from claimaudit.dossier import datapackage as package
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.errors import BuildError

    loaded = Dossier.load(dossier)
    if not check:
        click.echo(f"wrote {shown(package.write(loaded))}")
    elif package.is_stale(loaded):
        raise BuildError(f"{package.FILE} is not up to date; run 'claimaudit datapackage' and commit the file")
    else:
        click.echo(f"{package.FILE} is up to date")


_REVIEWING = (reviewing.diff, reviewing.check, reviewing.accept, reviewing.timeline)
_ASKING = (asking.list_all, asking.validate, asking.coverage, asking.explain, asking.agree)
for _command in (*_REVIEWING, *_ASKING, starting.new, starting.add, leaving.export, leaving.lab, sweeping.sweep):
    main.add_command(_command)
_IN_SHORT = {
    "accept": "Accept the verdicts as they are now, and tell readers why.",
    "add": "Append a source, a row or a claim to a dossier.",
    "agree": "Compare readers' badges or labels with the program's.",
    "build": "Run notebooks and write reports, index and pages.",
    "check": "Check that every verdict is as accepted.",
    "clean": "Delete what builds have written into a folder.",
    "coverage": "Check that every sentence of a text is accounted for.",
    "datapackage": "Write the dossier's datapackage.json, or check it.",
    "diff": "Show which verdicts moved, and what moved them.",
    "explain": "Explain the verdict on claims and parts.",
    "export": "Export as ClaimReview, for AVeriTeC or as a sheet.",
    "gather": "Write an index over several audits.",
    "lab": "Open JupyterLab on the dossier's folder.",
    "list": "List claims with verdicts, notebooks with parameters.",
    "new": "Make a dossier: a commented example, or from a sheet.",
    "sweep": "Judge dossiers under every setting that a file names.",
    "timeline": "Show when each claim came to its rating.",
    "validate": "Check a dossier and show every fault at once.",
}
"""Each command in a line of its own: the first sentence of its help does not always fit there."""
for _name, _short in _IN_SHORT.items():
    main.commands[_name].short_help = _short


def _printer() -> str:
    from claimaudit.publish.pdf import printer

    return printer()


def _print(out: Path, browser: str) -> None:
    if browser:
        from claimaudit.publish.pdf import print_pages
        from claimaudit.run import folder, manifest

        found = manifest.read(out)
        pages = [name for name in found.files if name.endswith(".html")]
        print_pages(out, pages, browser, lambda made: folder.place(out, made, found.record))
