"""Who was asked about what the audit finds, and what they answered: ``responses.toml``.

The format, one entry for the author and one for whoever else is concerned (the publisher, somebody quoted)::

    [[responses]]
    who = "the author"  # as it stands in a sentence, in the singular
    asked = 2024-05-02  # leave out: not asked
    answered = 2024-05-20  # leave out both: no answer so far
    answer = "The crates were counted twice"
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from claimaudit import formats
from claimaudit.dossier.forms import Day, Table, Text, check
from claimaudit.dossier.toml_files import Place, entries
from claimaudit.errors import Fault
from claimaudit.model import Article

FILE = "responses.toml"
_ENTRY = Table({"who": Text()}, {"asked": Day(), "answered": Day(), "answer": Text()}, label="who")


@dataclass(frozen=True)
class Response:
    """Whether somebody was asked for comment (``asked``: the day, ``None``: not), and their answer, if any."""

    who: str
    asked: date | None = None
    answered: date | None = None
    answer: str = ""

    @property
    def words(self) -> str:
        """The same as a sentence for a reader."""
        name = f"{self.who[:1].upper()}{self.who[1:]}"
        if self.asked is None:
            return f"{name} has not been asked for comment."
        asked = f"{name} was asked for comment on {formats.day(self.asked)}"
        if self.answered is None:
            return f"{asked} and has not answered so far."
        said = " ".join(self.answer.split())
        return f"{asked} and answered on {formats.day(self.answered)}: “{said}”"


def load_responses(folder: Path, article: Article | None, faults: list[Fault]) -> tuple[Response, ...]:
    """Read ``responses.toml``; a dossier without the file says nothing of it. Entries at fault are left out.

    Days lie between the article's publication and the close of the dossier, where ``article`` gives them.
    """
    found: list[Response] = []
    for entry, place in entries(folder / FILE, "responses", faults):
        before = len(faults)
        if not check(_ENTRY, entry, place):
            continue
        own = place.called(entry["who"])
        _check_days(entry, own, article)
        if entry["who"].casefold() in {one.who.casefold() for one in found}:
            own.fault("it stands in the file twice", "keep one entry for each who was asked")
        if len(faults) == before:
            found.append(Response(**entry))
    return tuple(found)


def _check_days(entry: dict[str, Any], place: Place, article: Article | None) -> None:
    """Whoever answered was asked before, answered with words, and after the article had appeared."""
    asked, answered = entry.get("asked"), entry.get("answered")
    if (answered is None) != ("answer" not in entry):
        place.fault("an answer has a day and a text", "give both answered and answer, or neither")
    if answered and not asked:
        place.fault("there is an answer, and no day of asking", "give asked, the day of the question")
    if asked and answered and answered < asked:
        place.at("answered").fault(f"{answered} is before the question ({asked})", "mend one of the two")
    for key, day in (("asked", asked), ("answered", answered)):
        if article and day and day < article.published:
            place.at(key).fault(f"{day} is before the article was published ({article.published})", "mend the day")
        if article and day and day > article.compiled:
            problem = f"{day} is after the dossier was compiled ({article.compiled})"
            place.at(key).fault(problem, "mend the day, or renew compiled in article.toml")
