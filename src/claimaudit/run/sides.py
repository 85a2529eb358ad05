"""The two sides of ``claimaudit diff``: folder of results, table, dossier, git revision, working tree, accepted verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from claimaudit import places
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import BuildError, ClaimAuditError
from claimaudit.run.revisions import dossier_at, repository_of
from claimaudit.verdict import accepted
from claimaudit.verdict.causes import Cause, causes
from claimaudit.verdict.diff import Change, Row, changes

RESULTS = "verdicts.csv"
TREE, ACCEPTED = "the working tree", "the accepted verdicts"


@dataclass(frozen=True)
class Side:
    """One side: what it is called, its rows, and the dossier they are of, where that is at hand."""

    name: str
    rows: Sequence[Row]
    dossier: Dossier | None = None


@dataclass(frozen=True)
class Compared:
    """Two sides held against each other: what moved and, where both dossiers are at hand, why."""

    old: Side
    new: Side
    moved: tuple[Change, ...]
    why: Mapping[Change, Cause] = field(default_factory=dict)

    @property
    def explained(self) -> bool:
        """Whether causes were looked for."""
        return self.old.dossier is not None and self.new.dossier is not None


def compared(old: Side, new: Side) -> Compared:
    """What moved from one side to the other, with causes where both dossiers are at hand."""
    moved = changes(old.rows, new.rows)
    why = causes(moved, old.dossier, new.dossier, old.rows, new.rows) if moved and old.dossier and new.dossier else {}
    return Compared(old, new, moved, why)


@contextmanager
def sides(
    dossier: str | None, old: str = "", new: str = "", *, file: Path | None = None
) -> Iterator[tuple[Side, Side]]:
    """Both sides: what is accepted (or ``file``) against the working tree, unless they are named.

    Raises one of the project's errors where a name is none of a folder, a table or a revision, or what it leads to is at fault.
    """
    with ExitStack() as stack:
        tree = None if new else _tree(dossier)
        left = _named(old, dossier, stack) if old else _accepted(dossier, tree, file, stack)
        right = _named(new, dossier, stack) if new else tree
        assert right
        yield left, right


def _tree(dossier: str | None) -> Side:
    loaded = Dossier.load(dossier)
    return Side(TREE, accepted.of_dossier(loaded), loaded)


def _accepted(dossier: str | None, tree: Side | None, file: Path | None, stack: ExitStack) -> Side:
    """The accepted verdicts, with the dossier as it was when their file was last committed."""
    path = file or accepted.default_file(places.dossier(dossier))
    rows = accepted.read(path)
    where = repository_of(places.dossier(dossier))
    commit = where.last_change(path) if where else None
    if not (where and commit and tree and changes(rows, tree.rows)):
        return Side(ACCEPTED, rows)
    try:
        return Side(ACCEPTED, rows, stack.enter_context(dossier_at(where, commit)))
    except ClaimAuditError:  # of a form that is no longer read: what moved is told without why
        return Side(ACCEPTED, rows)


def _named(name: str, dossier: str | None, stack: ExitStack) -> Side:
    path = Path(name)
    if (path / "article.toml").is_file():
        loaded = Dossier.load(path)
        return Side(name, accepted.of_dossier(loaded), loaded)
    if path.is_dir() and (path / RESULTS).is_file():
        return Side(name, accepted.read(path / RESULTS))
    if path.is_file():
        return Side(name, accepted.read(path))
    where = repository_of(places.dossier(dossier))
    if where is None:
        raise BuildError(
            f"{name!r} is no folder of results or dossier, and the dossier lies in no git repository; "
            f"name a folder that holds {RESULTS} or article.toml"
        )
    loaded = stack.enter_context(dossier_at(where, name))
    return Side(name, accepted.of_dossier(loaded), loaded)
