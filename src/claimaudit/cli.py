"""The command line: parse, call, print. Heavy modules are imported by the commands that need them."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from claimaudit import __version__, inert
from claimaudit.arguments import console, dossier_option, is_terminal, once, out_option, scheduler_option, shown, values
from claimaudit.errors import ClaimAuditError, DossierError

_MOST_LINES = 25
BUILT, NOTEBOOK_FAILED, BAD_INPUT = 0, 1, 2
DRIFTED = 1
UNCOVERED = 1

EPILOG = (
    "Exit codes: 0 done; 1 a notebook failed (the others are built); 2 bad input, nothing was done; 130 interrupted."
)


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
        return main.main(list(arguments), prog_name="claimaudit", standalone_mode=False) or BUILT
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


@main.command(epilog=EPILOG)
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="Set a notebook parameter; 'claimaudit list' shows them. Repeat for more.",
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
    with _on(scheduler, jobs) as cluster:
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
    _print(built.out, browser)
    if built.failed:
        sys.exit(NOTEBOOK_FAILED)


@main.command(epilog=EPILOG)
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
    from claimaudit.dossier.dossier import DEFAULT_DOSSIER

    check_out(Path(out))
    asked = read_sweep(Path(spec), Path(dossier) if dossier else DEFAULT_DOSSIER)
    out_console = console()
    with _on(scheduler, jobs) as cluster:
        swept = run_sweep(asked, Path(out), cluster=cluster, counting=counting(out_console, quiet=quiet))
    for failed in swept.failed:
        click.echo(f"claimaudit: {inert.line(str(failed))}", err=True)
    if not quiet:
        out_console.print(
            f"{swept.audits:,} audits, {swept.rows:,} rows: {shown(Path(out))}", soft_wrap=True, markup=False
        )
    if swept.failed:
        sys.exit(NOTEBOOK_FAILED)


@main.command(epilog=EPILOG)
@out_option
def clean(out: str | None) -> None:
    """Delete the files builds have written into a folder, as far as nobody has changed them since."""
    from claimaudit.run import folder
    from claimaudit.run.plan import DEFAULT_OUT

    place = Path(out) if out else DEFAULT_OUT
    done = folder.clean(place)
    click.echo(f"deleted {len(done.deleted):,} files in {shown(place)}")
    for name in done.left:
        click.echo(f"claimaudit: {name} is not as a build has left it; it stays", err=True)


@main.command("list", epilog=EPILOG)
@dossier_option
def list_all(dossier: str | None) -> None:
    """List the claims with their verdicts, and the notebooks with their parameters: type, default, range, meaning."""
    from claimaudit import terminal
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.run.gate import read_parameters
    from claimaudit.run.notebooks import notebooks_of
    from claimaudit.verdict.audit import verdicts_by_claim

    loaded = Dossier.load(dossier)
    verdicts = verdicts_by_claim(loaded)
    console().print(terminal.claims_table(loaded.claims, verdicts))
    console().print(terminal.completeness(loaded.claims, verdicts))
    for notebook in notebooks_of(loaded.path):
        console().print(terminal.parameters_table(notebook, read_parameters(notebook.path)))


@main.command(epilog=EPILOG)
@dossier_option
def validate(dossier: str | None) -> None:
    """Check a dossier and show every fault at once, each with its place and what to do."""
    from claimaudit import terminal
    from claimaudit.dossier.dossier import Dossier

    try:
        checked = Dossier.load(dossier)
    except DossierError as error:
        if is_terminal():
            console().print(terminal.faults_table(error.faults))
        else:  # one line a fault, for grep and editors
            click.echo("\n".join(map(str, error.faults)))
        click.echo(
            f"claimaudit: {len(error.faults)} fault{'' if len(error.faults) == 1 else 's'} in the dossier", err=True
        )
        sys.exit(BAD_INPUT)
    console().print(terminal.sound(checked), soft_wrap=True)


@main.command(epilog=EPILOG)
@click.argument("text")
@click.option("--digests", is_flag=True, help="Print place and digest of each sentence of TEXT, and check nothing.")
@dossier_option
def coverage(text: str, digests: bool, dossier: str | None) -> None:
    """Check that a dossier accounts for every sentence of TEXT, the article's file, and quotes it word for word.

    TEXT is plain text with a paragraph a line. Exits with 1 where a sentence or a quotation is not as the dossier has it.
    """
    from claimaudit.dossier import coverage as checks

    path = Path(text)
    words = checks.read_text(path)
    if digests:
        click.echo("\n".join(checks.digest_lines(words)))
        return
    from claimaudit import terminal
    from claimaudit.dossier.dossier import Dossier

    found = checks.coverage(words, Dossier.load(dossier), shown(path))
    if found.faults and is_terminal():
        console().print(terminal.faults_table(found.faults))
    elif found.faults:
        click.echo("\n".join(map(str, found.faults)))
    click.echo(found.summary)
    if found.faults:
        sys.exit(UNCOVERED)


@main.command(epilog=EPILOG)
@click.argument("claim")
@click.option("--as-of", metavar="DATE", default="", help="Judge also as of this day (2023-06-30).")
@dossier_option
def explain(claim: str, as_of: str, dossier: str | None) -> None:
    """Explain the verdict on CLAIM (such as M02): rating, evidence, weights, what would change it, sources."""
    from claimaudit import terminal
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.run.gate import check
    from claimaudit.run.judging import topic_parameters
    from claimaudit.run.notebooks import notebooks_of
    from claimaudit.run.plan import OWN
    from claimaudit.verdict.audit import audit

    given = check(OWN, {"as_of": as_of})
    loaded = Dossier.load(dossier)
    found = loaded.claim(claim)
    notebook = next((item for item in notebooks_of(loaded.path) if item.name == found.topic), None)
    audited = audit(loaded, found.topic, topic_parameters(loaded, found.topic, notebook, given))
    console().print(terminal.explanation(audited, found))


@main.command(epilog=EPILOG)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a verdict is not as accepted.")
@click.option(
    "--file", metavar="PATH", help="The accepted verdicts. [default: accepted/verdicts.csv beside the dossier]"
)
@dossier_option
def accept(check: bool, file: str | None, dossier: str | None) -> None:
    """Accept the verdicts as they are now: show what differs from those accepted before, and renew their file."""
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.verdict import accepted

    loaded = Dossier.load(dossier)
    path = Path(file) if file else accepted.default_file(loaded)
    before = accepted.read(path) if check or path.exists() else []
    now = accepted.of_dossier(loaded)
    differences = accepted.compare(before, now)
    if before:
        click.echo(accepted.review(differences))
    if not check:
        accepted.write(path, now)
        click.echo(f"accepted {len(now):,} verdicts: {shown(path)}")
    elif accepted.drift(differences):
        sys.exit(DRIFTED)


@main.command(epilog=EPILOG)
@click.argument("tables", nargs=-1, required=True, metavar="LABELS...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
@click.option("--sweep", metavar="FILE", help="Compare with each setting of a sweep's table (CSV) instead.")
@dossier_option
def agree(tables: tuple[str, ...], as_json: bool, sweep: str | None, dossier: str | None) -> None:
    """Compare readers' badges or labels with the program's ratings in hindsight, and with each other.

    LABELS are CSV tables with the columns claim_id and badge (or label), and confidence, reader, day and note where wanted.
    Prints agreement, Cohen's kappa with its 95 % interval, and each claim judged differently with the part that decides it.
    """
    from claimaudit import terminal
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.dossier.judgements import read_judgements
    from claimaudit.model import Vintage
    from claimaudit.verdict.agreement import compare
    from claimaudit.verdict.audit import verdicts_by_claim

    loaded = Dossier.load(dossier)
    given = read_judgements(list(map(Path, tables)), [claim.claim_id for claim in loaded.claims])
    if sweep:
        from claimaudit.cluster.agreeing import agreed

        if as_json:
            raise click.UsageError("--json and --sweep do not go together; leave one of them out")
        for item in agreed(given, Path(sweep), loaded.path.name):
            click.echo(inert.line(item.words))
        return
    by_claim = verdicts_by_claim(loaded)
    now = {name: own[Vintage.HINDSIGHT.value] for name, own in by_claim.items() if Vintage.HINDSIGHT.value in own}
    compared = compare(given, now)
    click.echo(terminal.compared_json(compared) if as_json else "\n".join(terminal.compared_lines(compared)))


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


@contextmanager
def _on(scheduler: str | None, jobs: int | None) -> Iterator[Any]:
    """The cluster that was asked for, if any; workers that are refused are told."""
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
