"""The commands that tell what moved and why, take it in, and show the claims over time; ``cli.py`` offers them."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from claimaudit.arguments import console, dossier_option, is_terminal, shown
from claimaudit.errors import ParameterError

DRIFTED = 1
EPILOG = "Exit codes: 0 done; 1 a verdict is not as accepted (check); 2 bad input, nothing was done; 130 interrupted."
_FORMATS = click.Choice(["table", "markdown", "json"])
_file = click.option(
    "--file",
    metavar="PATH",
    help="The accepted verdicts. [default: accepted.csv in the dossier's folder; of data/, accepted/verdicts.csv beside it]",
)


@click.command(epilog=EPILOG)
@click.argument("old", default="")
@click.argument("new", default="")
@click.option("--format", "form", type=_FORMATS, default="table", help="How it is printed. [default: table]")
@dossier_option
def diff(old: str, new: str, form: str, dossier: str | None) -> None:
    """Show which verdicts moved from OLD to NEW, and which rows, letters, splits or numbers of the method did it.

    OLD and NEW are folders of reports, dossiers, tables of verdicts or git revisions of the dossier. Without NEW the working tree
    is the new side, without OLD the accepted verdicts are the old one. Causes are told where both dossiers are at hand; verdicts
    of a revision are those the installed program gives its dossier.
    """
    from claimaudit import moved_text
    from claimaudit.run.sides import compared, sides

    with sides(dossier, old, new) as (left, right):
        found = compared(left, right)
    if form == "table" and is_terminal():
        console().print(moved_text.table(found))
    else:
        click.echo(
            {"table": moved_text.plain, "markdown": moved_text.markdown, "json": moved_text.as_json}[form](found)
        )


@click.command(epilog=EPILOG)
@_file
@click.option("--format", "form", type=_FORMATS, default="table", help="How it is printed. [default: table]")
@dossier_option
def check(file: str | None, form: str, dossier: str | None) -> None:
    """Check that every verdict is as accepted; else say what moved, why, and what to do, and exit with 1."""
    from claimaudit import moved_text
    from claimaudit.run.sides import compared, sides
    from claimaudit.verdict import accepted

    with sides(dossier, file=Path(file) if file else None) as (left, right):
        differences = accepted.compare(left.rows, right.rows)
        drift = accepted.drift(differences)
        found = compared(left, right)
    if form == "json":
        click.echo(moved_text.as_json(found, len(drift)))
    elif form == "markdown":
        click.echo(moved_text.review_markdown(found, differences))
    else:
        click.echo(moved_text.review(found, differences))
    _tell_long(right.rows)
    if drift:
        sys.exit(DRIFTED)


def _tell_long(rows: Sequence[Mapping[str, str]]) -> None:
    """Warn of sentences that are too long; what is judged is the same."""
    from claimaudit.verdict.lengths import long_sentences

    for fault in long_sentences(rows):
        click.echo(f"warning: {fault}", err=True)


@click.command(epilog=EPILOG)
@click.option("--note", metavar="TEXT", help="Why verdicts changed, in a sentence for readers; needed where any did.")
@_file
@dossier_option
def accept(note: str | None, file: str | None, dossier: str | None) -> None:
    """Accept the verdicts as they are now: show what moved, renew their file, and tell readers in the changelog why.

    Without a file of accepted verdicts the first one is written, and nothing is told.
    """
    from datetime import UTC, datetime

    from claimaudit.dossier import changelog
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.verdict import accepted
    from claimaudit.verdict.diff import changes

    reason = changelog.check_note(note) if note is not None else ""
    loaded = Dossier.load(dossier)
    path = Path(file) if file else accepted.default_file(loaded.path)
    before = accepted.read(path) if path.exists() else []
    now = accepted.of_dossier(loaded)
    differences = accepted.compare(before, now)
    drift = accepted.drift(differences)
    if before:
        click.echo(accepted.review(differences))
    if before and drift:
        if not reason:
            raise ParameterError('accepted verdicts would change: say why, for readers, with --note "..."')
        moved = tuple(
            changelog.Moved(item.claim_id, item.vintage, item.what.value, item.before, item.now, item.part_id)
            for item in changes(before, now)
        )
        today = max([datetime.now(UTC).date(), loaded.article.published, *(entry.day for entry in loaded.changelog)])
        told = changelog.add(loaded.path, changelog.Acceptance(today, reason, moved))
        click.echo(f"told readers why: {shown(told)}")
    accepted.write(path, now)
    _tell_long(now)
    click.echo(f"accepted {len(now):,} verdicts: {shown(path)}")


@click.command(epilog=EPILOG)
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@click.option("--csv", "as_csv", is_flag=True, help="Print every day as CSV instead of a line a claim.")
@dossier_option
def timeline(claims: tuple[str, ...], as_csv: bool, dossier: str | None) -> None:
    """Show when each CLAIM (all without any) came to its rating, by the evidence of each day, and what falls due next.

    With claims named, each day on which the verdict could have changed is told.
    """
    from claimaudit import moved_text
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.publish.timeline_page import timeline_csv
    from claimaudit.verdict.timeline import timelines

    loaded = Dossier.load(dossier)
    found = timelines(loaded, claims)
    if as_csv:
        click.echo(timeline_csv(found), nl=False)
    else:
        click.echo("\n".join(moved_text.over_time(loaded, found, days=bool(claims))))


def built(out: Path, dossier: Path) -> list[str]:
    """What a build that has just been made moved from the accepted verdicts, in at most two lines; none without accepted ones."""
    from claimaudit import moved_text
    from claimaudit.errors import ClaimAuditError
    from claimaudit.run.sides import RESULTS
    from claimaudit.verdict import accepted
    from claimaudit.verdict.diff import changes

    path = accepted.default_file(dossier)
    try:
        found = changes(accepted.read(path), accepted.read(out / RESULTS)) if path.exists() else None
    except ClaimAuditError:
        return []
    return [] if found is None else moved_text.two_lines(found)
