"""How far readers and the program agree on claims: shares, Cohen's kappa with its interval, and what decides where they differ.

Kappa is (po - pe) / (1 - pe), the share agreed beyond what the two would by chance (Cohen, Educational and Psychological
Measurement 20, 1960). Its 95 % interval is the percentile bootstrap over claims (Efron, Annals of Statistics 7,
1979) from a seeded ``numpy`` generator. Neither is given where it would mislead: no kappa where both give one
and the same value throughout; no interval of fewer than five claims, or where kappa is the same in every resample, as where all
agree or one gives a single value. The interval of the share agreed (Jeffreys') stands beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from claimaudit import formats
from claimaudit.analysis.inference import share
from claimaudit.dossier.judgements import BADGE, CONFIDENCES, PROGRAM, SCALES, Judgements
from claimaudit.model import Label
from claimaudit.outcome import Verdict
from claimaudit.rated import Badge, Conflict

SEED, RESAMPLES = 20230314, 10_000
LEAST = 5
"""Fewer claims have no interval of kappa."""
Counts = NDArray[np.int64]

RULES = {
    Badge.WRONG: "a core or link part is refuted and none holds",
    Badge.PARTLY_RIGHT: "at least one core or link part holds and at least one is refuted",
    Badge.UNPROVEN: "a core or link part is conflicting or open",
    Badge.RIGHT_BUT: "every core and link part holds, and a detail or quote is refuted, or context that misleads holds",
    Badge.RIGHT: "every core and link part holds",
}
"""When a claim has a badge; the first that fits. The words of ``docs/codebook.md``."""
LABEL_RULES = {
    Label.REFUTED: "a printed part is refuted",
    Label.CONFLICTING: "a core or link part is conflicting",
    Label.SUPPORTED: "all core and link parts are supported, and no printed part is refuted",
    Label.NOT_ENOUGH_EVIDENCE: "a core or link part is open, and no printed part is refuted",
}
"""When a sentence has a strict label; the first that fits."""
_MISLEADS = "all core and link parts are supported, and context that misleads holds"


# -- two who judge ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreement:
    """How two agree on ``count`` claims: how many alike, kappa (-1 to 1) and its 95 % interval, as far as each can be given."""

    count: int
    alike: int
    kappa: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def share(self) -> float | None:
        """The share (0-1) judged alike."""
        return self.alike / self.count if self.count else None

    @property
    def share_range(self) -> tuple[float, float] | None:
        """Its 95 % interval; to 1 where all are alike and from 0 where none is."""
        if not self.count:
            return None
        found = share(self.alike, self.count)
        return (0.0 if self.alike == 0 else found.low), (1.0 if self.alike == self.count else found.high)

    @property
    def words(self) -> str:
        """All of it in one line."""
        if self.share is None or self.share_range is None:
            return "no claim in common"
        low, high = (f"{100 * end:.0f}" for end in self.share_range)
        alike = f"{self.alike} of {formats.count(self.count, 'claim')} alike"
        said = f"{alike} ({100 * self.share:.0f} %, 95 % interval {low} to {high} %)"
        if self.kappa is None:
            return f"{said}; no kappa, as both give one and the same value throughout"
        if self.low is None or self.high is None:
            few = "too few claims" if self.count < LEAST else "one gives a single value throughout"
            why = "all agree" if self.alike == self.count else few
            return f"{said}; kappa {self.kappa:.2f}, without an interval ({why})"
        return f"{said}; kappa {self.kappa:.2f} (95 % interval {self.low:.2f} to {self.high:.2f})"


def crosstable(first: Sequence[str], second: Sequence[str], values: Sequence[str]) -> Counts:
    """How often one gave which value and the other which: shape (values, values), the first in the rows.

    Raises ``ValueError`` where the two are of different length or give what is none of the values.
    """
    table = np.zeros((len(values), len(values)), dtype=np.int64)
    for one, other in zip(first, second, strict=True):
        table[values.index(one), values.index(other)] += 1
    return table


def kappas(tables: NDArray[np.generic]) -> NDArray[np.float64]:
    """Cohen's kappa of each table: shape (n, values, values) to (n,); not a number where it is not defined."""
    parts = np.asarray(tables, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = parts / parts.sum(axis=(1, 2), keepdims=True)
        observed = np.trace(parts, axis1=1, axis2=2)
        chance = (parts.sum(axis=2) * parts.sum(axis=1)).sum(axis=1)
        defined = chance < 1 - 1e-12
        found = np.where(defined, (observed - chance) / np.where(defined, 1 - chance, 1.0), np.nan)
    return np.asarray(found, dtype=np.float64)


def kappa_range(table: Counts, rng: np.random.Generator, resamples: int = RESAMPLES) -> tuple[float, float] | None:
    """The middle 95 % of kappa when the claims are drawn anew with replacement; ``None`` where that tells nothing.

    Resamples in which kappa is not defined are left out. There is no interval of fewer than ``LEAST`` claims, nor where kappa is
    the same in all of them.
    """
    count = int(table.sum())
    if count < LEAST:
        return None
    drawn = rng.multinomial(count, table.ravel() / count, size=resamples).reshape(resamples, *table.shape)
    found = kappas(drawn)
    found = found[~np.isnan(found)]
    if not len(found) or np.ptp(found) < 1e-9:
        return None
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def agreement(
    first: Sequence[str], second: Sequence[str], values: Sequence[str], rng: np.random.Generator
) -> Agreement:
    """How two agree who judged the same claims in the same order; errors as of ``crosstable``."""
    table = crosstable(first, second, values)
    count, alike = int(table.sum()), int(np.trace(table))
    kappa = float(kappas(table[np.newaxis])[0])
    if np.isnan(kappa):
        return Agreement(count, alike)
    low, high = kappa_range(table, rng) or (None, None)
    return Agreement(count, alike, kappa, low, high)


# -- readers and the program --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """Two who judged the same claims: on the scale, and on confidence where both give one."""

    first: str
    second: str
    judged: Agreement
    confidence: Agreement


@dataclass(frozen=True)
class Differing:
    """A claim a reader and the program judge differently: both values, the part that decides ours, and our rule in words."""

    claim_id: str
    reader: str
    theirs: str
    ours: str
    reason: str
    part_id: str
    part: str
    outcome: Label
    rule: str

    @property
    def words(self) -> str:
        """All of it in one line."""
        ours = f"{self.ours} ({self.reason})" if self.reason else self.ours
        decides = f"{self.part_id} {self.outcome.mark} ({self.part})"
        return f"{self.claim_id}: {self.reader} {self.theirs}; {PROGRAM} {ours}; deciding part {decides}; rule: {self.rule}"


@dataclass(frozen=True)
class Compared:
    """Every reader against the program, then against each other; where readers and program differ; what the program left out."""

    scale: str
    pairs: tuple[Pair, ...]
    differing: tuple[Differing, ...]
    unjudged: tuple[str, ...] = ()


def compare(given: Judgements, verdicts: Mapping[str, Verdict], *, seed: int = SEED) -> Compared:
    """Readers' judgements held against the program's own verdicts on claims (by id, of one date) and against each other."""
    ours = {name: value_of(verdict, given.scale) for name, verdict in verdicts.items()}
    sure = {name: _confidence(verdict) for name, verdict in verdicts.items()}
    theirs = {
        reader: {name: (item.value, item.confidence) for name, item in given.of(reader).items()}
        for reader in given.readers
    }
    known = {PROGRAM: {name: (ours[name], sure[name]) for name in ours}}
    pairs = [_pair(reader, PROGRAM, {**theirs, **known}, given.scale, seed) for reader in given.readers]
    pairs += [_pair(*two, theirs, given.scale, seed) for two in combinations(given.readers, 2)]
    differing = [
        differs(item.reader, item.value, verdicts[item.claim_id], given.scale)
        for item in given.items
        if item.claim_id in ours and item.value != ours[item.claim_id]
    ]
    unjudged = dict.fromkeys(item.claim_id for item in given.items if item.claim_id not in ours)
    return Compared(given.scale, tuple(pairs), tuple(differing), tuple(unjudged))


def value_of(verdict: Verdict, scale: str) -> str:
    """A claim's badge, or its strict label, as the scale asks."""
    return verdict.rating.badge.value if scale == BADGE else verdict.label.value


def differs(reader: str, theirs: str, verdict: Verdict, scale: str) -> Differing:
    """Where a reader and the program differ on a claim, told by the part that decides and the rule that makes our value of it."""
    part, rule = decides(verdict, scale)
    reason = verdict.rating.reason if scale == BADGE else ""
    ours = value_of(verdict, scale)
    return Differing(verdict.claim_id, reader, theirs, ours, reason, part.part_id, part.text, part.label, rule)


def decides(verdict: Verdict, scale: str) -> tuple[Verdict, str]:
    """The part a claim's badge or strict label hangs on, and the rule in words.

    A label is refuted by its first refuted printed part; else both hang on the part the rating hangs on.
    """
    part = verdict.deciding or verdict.parts[0]
    if scale == BADGE:
        return part, RULES[verdict.rating.badge]
    if verdict.label is Label.REFUTED:
        refuted = {item.part_id for item in verdict.rating.refuted}
        part = next((item for item in verdict.parts if item.part_id in refuted), part)
    return part, _MISLEADS if verdict.conflict is Conflict.MISLEADING else LABEL_RULES[verdict.label]


def _confidence(verdict: Verdict) -> str:
    given = verdict.rated.confidence if verdict.rated else None
    return given.level.value if given else ""


def _pair(first: str, second: str, judged: Mapping[str, Mapping[str, tuple[str, str]]], scale: str, seed: int) -> Pair:
    """Two on the claims both judged, each agreement from a generator of its own: no pair moves with what stands beside it."""
    both = [(judged[first][name], judged[second][name]) for name in judged[first] if name in judged[second]]
    sure = [(one[1], other[1]) for one, other in both if one[1] and other[1]]
    values = agreement(
        [one[0] for one, _ in both], [other[0] for _, other in both], SCALES[scale], np.random.default_rng(seed)
    )
    levels = agreement([one for one, _ in sure], [other for _, other in sure], CONFIDENCES, np.random.default_rng(seed))
    return Pair(first, second, values, levels)
