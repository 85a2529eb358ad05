"""A sweep carried out: in this process, or on a cluster, with the same table either way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from pathlib import Path

from claimaudit.cluster.chunks import MOST, SECONDS, Chunk, Failed, Judged, forget, judge, lost, why
from claimaudit.cluster.client import Call, Cluster, Lost, gathered
from claimaudit.cluster.folders import Packed, dossier_files, packed
from claimaudit.cluster.progress import Counting
from claimaudit.cluster.settings import columns
from claimaudit.cluster.sweep import Named, Sweep
from claimaudit.cluster.table import check_out, table
from claimaudit.cluster.tasks import judged
from claimaudit.errors import ClaimAuditError


@dataclass(frozen=True)
class Swept:
    """What a sweep came to: audits asked for, rows written, what failed; seconds that were spent judging, over all workers."""

    audits: int
    rows: int
    failed: tuple[Failed, ...]
    seconds: float


def run_sweep(sweep: Sweep, out: Path, *, cluster: Cluster | None = None, counting: Counting | None = None) -> Swept:
    """Judge all that a sweep asks for and write its table; one that fails is told at the end and stops no other.

    Raises ``BuildError``, with nothing done, when the table could not be written.
    """
    check_out(out)
    counting = counting or Counting()
    failed: list[tuple[int, Failed]] = []
    seconds = 0.0
    counting.started(sweep.total)
    try:
        with table(out, columns(sweep.names, sweep.asked)) as ordered:
            for found in _found(sweep, cluster):
                ordered.add(found)
                failed += ((found.first, item) for item in found.failed)
                seconds += found.seconds
                counting.done(found.last - found.first)
    finally:
        counting.closed()
    return Swept(
        sweep.total, ordered.rows, _summed(item for _, item in sorted(failed, key=lambda one: one[0])), seconds
    )


def _found(sweep: Sweep, cluster: Cluster | None) -> Iterator[Judged]:
    pieces = _Pieces(sweep)
    if cluster is None:
        forget()  # folders may have changed since this process read them
        while piece := pieces.next():
            named, chunk = piece
            found = judge(chunk, named.folder)
            pieces.learn(found)
            yield found
        return
    sent = _Sent(pieces)
    for call, result in gathered(cluster, judged, sent.next):
        if (came := sent.back(call, result)) is not None:
            yield came
        yield from sent.taken()
    yield from sent.taken()


class _Pieces:
    """A sweep cut into pieces: of each dossier one setting at first, then as many as take about a second.

    The largest dossier comes first, so that none is left to a single worker at the end; pieces are numbered in the file's order.
    """

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep
        self.known: dict[str, float] = {}
        firsts = accumulate((sweep.count(named) for named in sweep.dossiers), initial=0)
        by_size = sorted(zip(firsts, sweep.dossiers, strict=False), key=lambda item: (-_size(item[1]), item[0]))
        self.rest = iter([(first, named, sweep.settings(named)) for first, named in by_size])
        self.now = next(self.rest, None)

    def next(self) -> tuple[Named, Chunk] | None:
        """The next piece; nothing when there is none left."""
        while self.now:
            first, named, settings = self.now
            taken = tuple(islice(settings, self._many(named.name)))
            if taken:
                chunk = Chunk(first, named.name, self.sweep.names, self.sweep.asked, taken)
                self.now = (chunk.last, named, settings)
                return named, chunk
            self.now = next(self.rest, None)
        return None

    def _many(self, name: str) -> int:
        took = self.known.get(name)
        return max(1, min(MOST, int(SECONDS / max(took, 1e-6)))) if took is not None else 1

    def learn(self, found: Judged) -> None:
        """How long a setting of the dossier takes, without what was done once for all."""
        took = found.seconds / (found.last - found.first)
        self.known[found.dossier] = min(took, self.known.get(found.dossier, took))


def _size(named: Named) -> int:
    """About how much there is to judge: the bytes of its claims."""
    with suppress(OSError):
        return (named.folder / "claims.toml").stat().st_size
    return 0


class _Sent:
    """Pieces with the folders they need; those of a folder that cannot be sent have failed without being handed out.

    Dask blames a lost worker on all that it had been given. So a piece that is blamed is handed out again, each setting alone, and
    a setting that is blamed once more, when nothing else is out: then it is to blame.
    """

    def __init__(self, pieces: _Pieces) -> None:
        self.pieces, self.out = pieces, 0
        self.waiting: deque[Call] = deque()
        self.suspects: deque[Call] = deque()
        self.alone: set[int] = set()
        self.failed: list[Judged] = []
        self.folder: tuple[str, Packed | str] = ("", "")

    def next(self) -> Call | None:
        """The next piece to be handed out; nothing for now, or any more."""
        call = self.waiting.popleft() if self.waiting else self._fresh()
        if call is None and not self.out and self.suspects:
            call = self.suspects.popleft()
            self.alone.add(call[0].first)
        self.out += call is not None
        return call

    def _fresh(self) -> Call | None:
        while piece := self.pieces.next():
            named, chunk = piece
            if self.folder[0] != named.name:
                self.folder = (named.name, _pack(named))
            folder = self.folder[1]
            if isinstance(folder, Packed):
                return chunk, folder
            self.failed.append(lost(chunk, folder))
        return None

    def back(self, call: Call, result: Judged | Lost) -> Judged | None:
        """What came of a piece; nothing where it is handed out again."""
        self.out -= 1
        chunk, folder = call
        if isinstance(result, Judged):
            self.pieces.learn(result)
            return result
        if len(chunk.settings) > 1:
            self.waiting.extend((one, folder) for one in chunk.alone())
        elif result.suspect and chunk.first not in self.alone:
            self.suspects.append(call)
        else:
            return lost(chunk, result.why)
        return None

    def taken(self) -> Iterator[Judged]:
        """What has failed since it was asked last."""
        while self.failed:
            yield self.failed.pop()


def _pack(named: Named) -> Packed | str:
    try:
        return packed(named.folder, dossier_files(named.folder))
    except ClaimAuditError as error:
        return why(error)


def _summed(failed: Iterable[Failed]) -> tuple[Failed, ...]:
    """One for each dossier and reason, by its first setting."""
    found: dict[tuple[str, str], list[Failed]] = {}
    for item in failed:
        found.setdefault((item.dossier, item.why), []).append(item)
    return tuple(replace(items[0], many=sum(item.many for item in items)) for items in found.values())
