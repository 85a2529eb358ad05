"""Commands that ask a dossier and change nothing: ``list``, ``validate``, ``coverage``, ``explain`` and ``agree``."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimaudit import inert
from claimaudit.arguments import EPILOG, console, dossier_option, is_terminal, shown
from claimaudit.errors import DossierError

if TYPE_CHECKING:
    from claimaudit.dossier.dossier import Dossier

BAD_INPUT = 2
UNCOVERED = 1
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")


@click.command("list", epilog=EPILOG)
@json_option
@dossier_option
def list_all(as_json: bool, dossier: str | None) -> None:
    """List the claims with their verdicts, and the notebooks with their parameters: type, default, range, meaning."""
    from claimaudit import terminal, terminal_json
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.run.gate import read_parameters
    from claimaudit.run.notebooks import reports_of
    from claimaudit.verdict.audit import verdicts_by_claim

    loaded = Dossier.load(dossier)
    verdicts = verdicts_by_claim(loaded)
    notebooks = [(notebook, read_parameters(notebook.path)) for notebook in reports_of(loaded.path)]
    if as_json:
        click.echo(terminal_json.listed(loaded.claims, verdicts, notebooks))
        return
    console().print(terminal.claims_table(loaded.claims, verdicts))
    console().print(terminal.completeness(loaded.claims, verdicts))
    for notebook, parameters in notebooks:
        console().print(terminal.parameters_table(notebook, parameters))


@click.command(epilog=EPILOG)
@json_option
@dossier_option
def validate(as_json: bool, dossier: str | None) -> None:
    """Check a dossier and show every fault at once, each with its place and what to do."""
    from claimaudit import terminal, terminal_json
    from claimaudit.dossier.dossier import Dossier

    try:
        checked = Dossier.load(dossier)
    except DossierError as error:
        if as_json:
            click.echo(terminal_json.checked(None, error.faults))
            sys.exit(BAD_INPUT)
        if is_terminal():
            console().print(terminal.faults_table(error.faults))
        else:  # one line a fault, for grep and editors
            click.echo("\n".join(map(str, error.faults)))
        click.echo(
            f"claimaudit: {len(error.faults)} fault{'' if len(error.faults) == 1 else 's'} in the dossier", err=True
        )
        sys.exit(BAD_INPUT)
    if as_json:
        click.echo(terminal_json.checked(checked, ()))
    else:
        console().print(terminal.sound(checked), soft_wrap=True)


@click.command(epilog=EPILOG)
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


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, required=True, metavar="CLAIM|PART...")
@click.option("--as-of", metavar="DATE", default="", help="Judge also as of this day (2023-06-30).")
@json_option
@dossier_option
def explain(names: tuple[str, ...], as_of: str, as_json: bool, dossier: str | None) -> None:
    """Explain the verdict on each CLAIM or PART (M02, M02.number): rating, evidence, weights, what would change it, sources.

    Ids are read in any case; of a claim all parts are shown, of a part that part alone.
    """
    from claimaudit import terminal, terminal_json
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.run.gate import check
    from claimaudit.run.judging import topic_parameters
    from claimaudit.run.notebooks import notebooks_of
    from claimaudit.run.plan import OWN
    from claimaudit.verdict.audit import audit

    given = check(OWN, {"as_of": as_of})
    loaded = Dossier.load(dossier)
    asked = _asked(loaded, names)
    notebooks = {item.name: item for item in notebooks_of(loaded.path)}
    topics = dict.fromkeys(loaded.claim(claim).topic for claim in asked)
    audits = {
        topic: audit(loaded, topic, topic_parameters(loaded, topic, notebooks.get(topic), given)) for topic in topics
    }
    found = [(audits[loaded.claim(name).topic], loaded.claim(name), parts) for name, parts in asked.items()]
    if as_json:
        click.echo(terminal_json.explained(found))
        return
    for number, (audited, claim, parts) in enumerate(found):
        if number:
            console().rule(style="dim")
        console().print(terminal.explanation(audited, claim, parts))


def _asked(loaded: Dossier, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The claims named, each once, with the parts of it that are to be shown; ``UnknownNameError`` for a name that is neither."""
    from claimaudit.errors import UnknownNameError, unknown

    claims = {claim.claim_id.casefold(): claim for claim in loaded.claims}
    parts = {part.part_id.casefold(): part for claim in loaded.claims for part in claim.parts}
    found: dict[str, dict[str, None]] = {}
    for name in names:
        if claim := claims.get(name.casefold()):
            found.setdefault(claim.claim_id, {}).update(dict.fromkeys(part.part_id for part in claim.parts))
        elif part := parts.get(name.casefold()):
            found.setdefault(part.claim_id, {})[part.part_id] = None
        else:
            ids = (
                [part.part_id for part in parts.values()]
                if "." in name
                else [item.claim_id for item in claims.values()]
            )
            raise UnknownNameError(unknown("part" if "." in name else "claim", name, ids))
    return {name: tuple(own) for name, own in found.items()}


@click.command(epilog=EPILOG)
@click.argument("tables", nargs=-1, required=True, metavar="LABELS...")
@json_option
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
