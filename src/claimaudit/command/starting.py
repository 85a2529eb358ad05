"""``new`` makes a dossier, from an example or from a sheet; ``add`` appends a source, a row or a claim to one."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimaudit.arguments import EPILOG, dossier_option, shown
from claimaudit.command.patience import asking
from claimaudit.errors import BuildError, ParameterError

if TYPE_CHECKING:
    from claimaudit.dossier.entries import Asked


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="DIR")
@click.option("--from", "sheet", metavar="SHEET", help="Draft it from a CSV or XLSX file, one row an observation.")
@click.option(
    "--decimal",
    type=click.Choice(["comma", "point"]),
    help="The decimal sign of the sheet's figures, where they do not tell it themselves.",
)
@click.option("--ci", is_flag=True, help="Add a workflow for GitHub that checks, reviews and publishes the audit.")
def new(folder: str, sheet: str | None, decimal: str | None, ci: bool) -> None:
    """Make a dossier in DIR, a folder that is new or empty; the other commands take it by --dossier DIR.

    Without --from it is a commented example of two claims to read and replace. The columns of a sheet stand in docs/data.md; what a
    person must decide is listed, and kept as TODO.md in the folder. The workflow of --ci goes into the repository DIR lies in.
    """
    from datetime import UTC, datetime

    from claimaudit import terminal
    from claimaudit.dossier import placing

    place = Path(folder)
    placing.check_free(place)
    if ci:
        from claimaudit.run.desk_ci import WORKFLOW, workflow

        repository, inside = _repository(place)
        workflow(inside)
        if (repository / WORKFLOW).exists():
            raise BuildError(f"{repository / WORKFLOW} is there already; leave --ci out, or move it away")
    decisions: tuple[str, ...] = ()
    if sheet is None:
        texts = placing.example()
    else:
        from claimaudit.dossier.drafting import draft
        from claimaudit.dossier.sheets import read_sheet

        read = read_sheet(Path(sheet), decimal or "")
        drafted = draft(read, datetime.now(UTC).date())
        texts, decisions = dict(drafted.texts), drafted.decisions
        click.echo(read.told)
    made = placing.place(place, texts)
    click.echo(f"wrote {shown(place)}: {terminal.sound(made)}")
    if ci:
        from claimaudit.run.desk_ci import write_ci

        for path in write_ci(repository, inside):
            click.echo(f"wrote {shown(path)}")
    if decisions:
        click.echo("To decide, kept in TODO.md:")
        click.echo("\n".join(f"- {decision}" for decision in decisions))
    else:
        click.echo(f"Read {shown(place / 'README.md')}; then 'claimaudit build' in that folder makes the reports.")


def _repository(place: Path) -> tuple[Path, str]:
    """The folder of the git repository a place lies in, else the one it stands in; and the place as seen from there."""
    place = place.resolve()
    root = next((folder for folder in place.parents if (folder / ".git").exists()), place.parent)
    return root, place.relative_to(root).as_posix()


# -- add -----------------------------------------------------------------------------------------------------------------


@click.group(epilog=EPILOG)
def add() -> None:
    """Append a source, a row or a claim to a dossier (--dossier DIR, after the kind): asks for what is missing.

    The dossier is checked with it first; nothing is written that would be at fault.
    """


def _kind(kind: str, told: str) -> None:
    """One command of ``add``; its options are made of what an entry of the kind has when they are first looked at."""

    def run(dossier: str | None, **given: str | None) -> None:
        _add(kind, dossier, {name: text for name, text in given.items() if text})

    run.__doc__ = told
    add.add_command(_Entry(kind, callback=dossier_option(run), help=told, epilog=EPILOG))


class _Entry(click.Command):
    """A command with an option for everything that an entry of its kind may have."""

    def __init__(self, name: str, callback: Callable[..., Any], **more: Any) -> None:
        self._own = list(reversed(getattr(callback, "__click_params__", [])))
        super().__init__(name, callback=callback, params=self._own, **more)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The options, those of the entry first."""
        from claimaudit.dossier.entries import ENTRIES

        asked = [
            click.Option(
                [f"--{item.name.replace('_', '-')}", item.name],
                metavar="TEXT" if not item.choices else None,
                type=click.Choice(item.choices) if item.choices else None,
                help=f"{item.help[:1].upper()}{item.help[1:]}{' (asked for)' if item.needed else ''}.",
            )
            for item in ENTRIES[str(self.name)]
        ]
        self.params = [*asked, *self._own]
        return super().get_params(ctx)


_kind("source", "Append a source; a publisher that is new is added with its letter and the reason.")
_kind("row", "Append a row of evidence; a measure or an origin that is new is added with it.")
_kind("claim", "Append a claim with one core part, to be split further by hand.")


def _add(kind: str, dossier: str | None, given: dict[str, str]) -> None:
    from claimaudit import places
    from claimaudit.dossier.appending import append
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.dossier.entries import ENTRIES, lines

    folder = places.dossier(dossier)
    loaded = Dossier.load(folder)
    missing = [item.name for item in ENTRIES[kind] if item.needed and not given.get(item.name)]
    if missing and not sys.stdin.isatty():
        options = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise ParameterError(f"the {kind} cannot be added: give {options} (in a terminal they are asked for)")
    found = lines(kind, loaded, given, asking(_ask) if sys.stdin.isatty() else _refuse)
    append(folder, found.rows, found.texts)
    click.echo(f"added {found.name}: {', '.join(shown(folder / name) for name in (*found.rows, *found.texts))}")
    for sentence in found.told:
        click.echo(sentence)
    if (folder / "datapackage.json").exists():
        click.echo("datapackage.json is out of date now: run 'claimaudit datapackage'")


def _ask(items: Sequence[Asked]) -> list[str]:
    return [
        str(
            click.prompt(
                f"{item.name.replace('_', ' ')} ({item.help})",
                type=click.Choice(item.choices) if item.choices else None,
            )
        ).strip()
        for item in items
    ]


def _refuse(items: Sequence[Asked]) -> list[str]:
    named = "; ".join(f"give --{item.name.replace('_', '-')} too, {item.help}" for item in items)
    raise ParameterError(f"it cannot be added: {named}")
