"""What an analyst asks in a notebook, in a few functions: ``import claimaudit as ca``. Described with examples in ``docs/api.md``.

Everything comes back as a DataFrame, or as an object that shows itself. Whatever is asked wrongly is answered in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from claimaudit import looks, places
from claimaudit.dossier import adding
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import ParameterError, UnknownNameError, unknown
from claimaudit.html import Html, join, tag
from claimaudit.model import Vintage
from claimaudit.outcome import Verdict
from claimaudit.run.judging import AsOf
from claimaudit.show import cards, frames, html_tables, summary
from claimaudit.show.changed import changed
from claimaudit.show.charts import finishing
from claimaudit.show.lab import lookup
from claimaudit.show.provenance import whole
from claimaudit.verdict import audit as audits
from claimaudit.verdict.comparing import compare
from claimaudit.verdict.models import model_of

# -- the tables of a dossier -------------------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Tables:
    """One audited text as tables, as known on ``day`` (in hindsight where none was asked for).

    ``dossier`` is what is behind them; ``added`` names rows that are in no file (``with_row``).
    """

    dossier: Dossier
    day: date | None = None
    added: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return repr(self.view)

    def _repr_html_(self) -> str:
        return looks.dossier(self.view)._repr_html_()

    @property
    def view(self) -> Dossier:
        """The dossier as known on the day."""
        return self.dossier.as_of(self.day) if self.day else self.dossier

    @cached_property
    def _observations(self) -> pd.DataFrame:
        return frames.observations(self.view)

    @property
    def observations(self) -> pd.DataFrame:
        """Every row, indexed by its id; columns as ``show/frames.py`` says. A copy: change it as you like."""
        return self._observations.copy()

    @property
    def sources(self) -> pd.DataFrame:
        """Every source, indexed by ``source_id``; columns from title to rows."""
        return frames.sources(self.view)

    @property
    def publishers(self) -> pd.DataFrame:
        """Every publisher, indexed by ``publisher_id``; columns: name, reliability, reason, sources, rows."""
        return frames.publishers(self.view)

    @property
    def claims(self) -> pd.DataFrame:
        """Every claim, indexed by ``claim``; columns from says to rows."""
        return frames.claims(self.view)

    @property
    def parts(self) -> pd.DataFrame:
        """Every part, indexed by ``part``; columns: claim, says, role, test, value, unit, topic."""
        return frames.parts(self.view)

    @cached_property
    def _audits(self) -> dict[str, Audited]:
        """Audits by the usual parameters, as far as they were asked for: all that is asked of one topic shares one."""
        return {}

    @cached_property
    def _verdicts(self) -> pd.DataFrame:
        topics = dict.fromkeys(claim.topic for claim in self.dossier.claims)
        return frames.verdicts((self.audit(topic) for topic in topics), [pd.Timestamp(self.day)] if self.day else ())

    def verdicts(self) -> pd.DataFrame:
        """The verdict on every claim (``part`` blank) and part at each date, by the usual parameters; columns from claim to topic.

        On the tables of a day, that day's alone. Raises ``ModelError`` where a topic's model cannot judge.
        """
        return self._verdicts.copy()

    def rows(self, name: str, *, also: Iterable[str] = (), related: bool = False) -> pd.DataFrame:
        """As ``observations(name)``, of these tables."""
        if not lookup.names_claim(name, self.dossier):
            return frames.short(self._observations, lookup.rows_with(name, self.view), also)
        claim_id, part_id = lookup.resolved(name, self.dossier)
        claim = self.dossier.claim(claim_id)
        parts = [part for part in claim.parts if part_id in ("", part.part_id)]
        selectors = [selector for part in parts for selector in part.evidence]
        judged = self.audit(claim.topic)
        wanted = {
            name for item in judged.verdicts if item.part_id in {part.part_id for part in parts} for name in _used(item)
        }
        wanted |= {row.observation_id for selector in selectors for row in self.dossier.evidence.matching(selector)}
        if related or not wanted:
            wanted |= {row.observation_id for item in claim.related for row in self.dossier.evidence.matching(item)}
        return frames.short(self._observations, wanted, also)

    def audit(self, topic: str, **parameters: Any) -> Audited:
        """As ``audit(topic)``, on these tables."""
        name = _topic(topic, self.dossier)
        day = {"as_of": self.day.isoformat()} if self.day else {}
        asked = _parameters(self.dossier, name, {**day, **parameters})
        usual = not parameters or asked == _parameters(self.dossier, name, day)
        if usual and name in self._audits:
            return self._audits[name]
        made = audits.audit(self.dossier, name, asked)
        values = {item.name: getattr(made, item.name) for item in fields(made)}
        found = Audited(**values, changed=changed(asked), added=self.added)
        if usual:
            self._audits[name] = found
        return found

    def with_row(
        self, row: Mapping[str, Any], *, like: str = "", part: str = "", source: Mapping[str, Any] | None = None
    ) -> Tables:
        """New tables with one more row; these, and the files, stay as they are.

        ``row`` gives cells of an observation: ``value`` and ``credibility`` (1-6) at least, and ``source_id`` unless ``source`` is
        given. ``like`` is the id of a row that measures the same: the new one is heard wherever that is. ``part`` is a part that
        is to hear it. ``source`` gives a new source: ``title``, ``publisher`` (name or id), ``published``, with ``reliability``
        (A-F) where the publisher is new. Raises ``ParameterError``, one sentence with all that is wrong.
        """
        made = adding.with_row(self.dossier, row, like=like, part=part, source=source)
        new = tuple(name for name in made.observations.index if name not in self.dossier.observations.index)
        return replace(self, dossier=made, added=(*self.added, *new))


def load(path: str | Path | None = None, as_of: str | date | None = None) -> Tables:
    """The tables of a dossier's folder (none or blank: the project's own), as known on a day (none or blank: in hindsight).

    An edit in the folder shows at the next call; what has not changed is not read again. Raises ``DossierError`` with every
    fault, ``UnknownNameError`` where ``as_of`` is no day.
    """
    folder = places.dossier(path).absolute()
    found = _read(folder, _state(folder))
    return Tables(found.dossier, found.dossier.as_of(as_of).day) if as_of else found


@lru_cache(maxsize=4)
def _read(folder: Path, _: Any) -> Tables:
    return Tables(Dossier.load(folder))


def _state(folder: Path) -> tuple[Any, ...]:
    """Name, times and size of every file: a folder in which one has changed is read anew, whatever time it is given."""
    files = (path for inside in ("*", "observations/*", "series/*") for path in folder.glob(inside))
    found = sorted(path for path in files if path.is_file()) if folder.is_dir() else []
    return tuple((str(path), (stat := path.stat()).st_mtime_ns, stat.st_ctime_ns, stat.st_size) for path in found)


# -- an audit that can be asked and compared ---------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Audited(audits.Audit):
    """The audit of a topic that shows its ratings, and can be held against another.

    ``changed`` are parameters that are not as usual, ``added`` rows that are in no file: with either it is a what-if, not
    the audit.
    """

    changed: Mapping[str, Any] = field(default_factory=dict)
    added: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        turned = [f"{name} = {value}" for name, value in self.changed.items()]
        turned += [f"the row {name} added" for name in self.added]
        told = [tag("p", f"What if, not the audit: {'; '.join(turned)}.", class_="ca ca-soft")] if turned else []
        return join([*told, summary.overview(self)])._repr_html_()

    def verdict(self, key: str, vintage: Vintage = Vintage.HINDSIGHT) -> Verdict:
        """The verdict on a claim or part, in any case; ``UnknownNameError`` with the nearest id where there is none."""
        names = {item.key.casefold(): item.key for item in self.verdicts}
        return super().verdict(names.get(key.casefold(), key), vintage)

    def compare(self, other: audits.Audit) -> pd.DataFrame:
        """What differs from another audit of the topic: one row a claim (``part`` blank) or part at a date.

        Columns: claim, part, says, date, answer, other_answer, likelihood, other_likelihood. ``ParameterError`` for another topic.
        """
        return compare(self, other)

    def table(self) -> pd.DataFrame:
        """The verdicts as a table, columns as those of ``Tables.verdicts``; one row a claim or part at a date."""
        return frames.verdicts([self])

    def heard(self, part: str, vintage: Vintage = Vintage.HINDSIGHT) -> pd.DataFrame:
        """Who says what on a part, strongest first: one row an independent source.

        Columns: origin, source, supports, doubts, trust, says, rows. ``UnknownNameError`` where there is no such part.
        """
        return frames.heard(self, lookup.resolved(part, self.dossier)[1] or part, vintage)


def audit(topic: str, known: Tables | Dossier | audits.Audit | None = None, /, **parameters: Any) -> Audited:
    """The audit of a topic (or of that a claim belongs to), with parameters of its model where they are given.

    Raises ``UnknownNameError`` for a topic, and ``ParameterError`` for a parameter, that is not known or out of range.
    """
    return tables_of(known).audit(topic, **parameters)


def observations(
    name: str, known: Tables | Dossier | audits.Audit | None = None, *, also: Iterable[str] = (), related: bool = False
) -> pd.DataFrame:
    """The rows on a claim or part (in any case), or those that hold all words of ``name``; indexed by ``row``, in file order.

    Columns: source, published, measure, entity, variant, period, value, low, high, unit, grade, note; and those ``also`` asked for
    (``start``, ``origin``: all of ``load().observations``). ``related``: rows that are shown with a claim and test nothing, too.
    Raises ``UnknownNameError`` with the nearest id where there is none.
    """
    return tables_of(known).rows(name, also=also, related=related)


def claim(name: str, known: Tables | Dossier | audits.Audit | None = None) -> Html:
    """The card of a claim; of a part, who says what on it. ``UnknownNameError`` with the nearest id where there is none.

    Given an audit, the card follows its parameters and added rows.
    """
    if isinstance(known, audits.Audit) and not lookup.resolved(name, known.dossier)[1]:
        return cards.claim_card(known, lookup.resolved(name, known.dossier)[0])
    return lookup.claim(name, tables_of(known).dossier)


def evidence(words: str, known: Tables | Dossier | audits.Audit | None = None) -> Html:
    """The evidence on a claim or part, or all rows that hold the words, with sources; ``UnknownNameError`` where none does."""
    return lookup.evidence(words, tables_of(known).view)


def source(words: str, known: Tables | Dossier | audits.Audit | None = None) -> Html:
    """A source by its id or words, with the figures taken from it, or a list of several; ``UnknownNameError`` where none fits."""
    return lookup.source(words, tables_of(known).dossier)


# -- charts and tables -------------------------------------------------------------------------------------------------

style = finishing.style
intervals = finishing.intervals
timeline = finishing.timeline
band = finishing.band
threshold = finishing.threshold


def figure(
    ax: Axes,
    rows: pd.DataFrame | Iterable[str],
    title: str = "",
    known: Tables | Dossier | audits.Audit | None = None,
    **words: Any,
) -> Html:
    """A plot drawn in the open as a report's chart; ``words`` as ``show/charts/finishing.py`` says (subtitle, value, label...).

    Raises ``ParameterError`` where there is no title or no row id.
    """
    return finishing.figure(ax, rows, title, dossier=tables_of(known).dossier, **words)


def table(
    frame: pd.DataFrame,
    caption: str,
    known: Tables | Dossier | audits.Audit | None = None,
    *,
    rows: pd.DataFrame | Sequence[str] = (),
    how: str = "",
    formats: Mapping[str, Any] | None = None,
) -> Html:
    """A frame as a report's table: its rows lead to their sources by their ids (index, or column ``row`` or ``rows``).

    For one without ids, ``rows`` are those it was computed from (ids, or a frame that carries them), and ``how`` says how.
    ``formats`` gives a column its unit or function.
    """
    dossier = whole(tables_of(known).dossier)
    ids = finishing.row_ids(rows, dossier) if len(rows) else ()
    return html_tables.table(frame, caption, formats, of=dossier, rows=ids, how=how)


# -- small parts -------------------------------------------------------------------------------------------------------


def tables_of(known: Tables | Dossier | audits.Audit | None) -> Tables:
    """What was given as tables; the project's own where nothing was."""
    if known is None:
        return load()
    if isinstance(known, Tables):
        return known
    if isinstance(known, audits.Audit):
        return Tables(whole(known.dossier))
    if isinstance(known, Dossier):
        return Tables(whole(known), known.day if known.whole else None)
    raise ParameterError(f"{type(known).__name__} is no dossier: give what load() returns, or leave it out")


def _topic(name: str, dossier: Dossier) -> str:
    topics = {item.topic for item in dossier.claims}
    if name in topics:
        return name
    if lookup.names_claim(name, dossier):
        return dossier.claim(lookup.resolved(name, dossier)[0]).topic
    if name.casefold() in topics:
        return name.casefold()
    raise UnknownNameError(unknown("topic", name, topics))


def parameters_of(dossier: Dossier, topic: str) -> Any:
    """The class of a topic's parameters; ``UnknownNameError`` for a topic that is none."""
    module = model_of(dossier, _topic(topic, dossier))
    return module.Parameters if module else AsOf


def _parameters(dossier: Dossier, topic: str, given: Mapping[str, Any]) -> Any:
    """The parameters of a topic with what was given; ``ParameterError`` where one is not known, of another type or out of range."""
    kind = parameters_of(dossier, topic)
    usual = {item.name: item.default for item in fields(kind)}
    for name, value in given.items():
        if name not in usual:
            raise ParameterError(unknown(f"parameter of {topic!r}", name, usual))
        text, whole_number = isinstance(usual[name], str), isinstance(usual[name], int)
        if isinstance(usual[name], bool) or isinstance(value, bool):
            fits, word = isinstance(value, bool) and isinstance(usual[name], bool), "True or False"
        else:
            fits, word = isinstance(value, str if text else int if whole_number else int | float), "a text"
        if not fits:
            word = word if text or isinstance(usual[name], bool) else "a whole number" if whole_number else "a number"
            raise ParameterError(f"{name} = {value!r} is of another type: give {word}, such as {usual[name]!r}")
    return kind(**given)


def _used(verdict: Verdict) -> Iterable[str]:
    yield from verdict.observations
    for finding in verdict.findings:
        yield from finding.observations
