"""The panel of ``judge.ipynb``: menus for badge and confidence, and a button that saves the reader's table and compares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from claimaudit.dossier.judgements import BADGE, CONFIDENCES, PROGRAM, SCALES, UNNAMED, Judgement, read_judgements
from claimaudit.errors import ClaimAuditError, ParameterError
from claimaudit.html import Html, card_style, tag
from claimaudit.model import Claim
from claimaudit.rated import Badge
from claimaudit.show.lab import judge
from claimaudit.show.lab.judge import Drawn

_STYLE = {"description_width": "7em"}
_WIDE = widgets.Layout(width="30em")
_BADGES = [("choose one", ""), *((name, name) for name in reversed(SCALES[BADGE]))]
_LEVELS = [("none given", ""), *((name, name) for name in reversed(CONFIDENCES))]


def panel(drawn: Drawn, folder: Path | None = None) -> widgets.Box:
    """A form a claim, and below them the button that saves ``labels.csv`` in the folder (default: the kernel's own) and compares.

    It waits until every claim has a badge. A file that is there stays until the reader says otherwise. Once the comparison is
    shown the answers are kept as they are: later ones would not be the reader's own.
    """
    return _Panel(drawn, folder or Path.cwd()).box


class _Form:
    """What a reader says of one claim."""

    def __init__(self, drawn: Drawn, claim: Claim) -> None:
        self.claim = claim
        self.badge = widgets.Dropdown(options=_BADGES, value="", description="Badge", style=_STYLE, layout=_WIDE)
        self.level = widgets.Dropdown(options=_LEVELS, value="", description="Confidence", style=_STYLE, layout=_WIDE)
        self.note = widgets.Text(description="Note", style=_STYLE, layout=_WIDE)
        self.badge.observe(self._follow, names="value")
        sheet = widgets.HTML(_framed(judge.sheet(drawn, claim)))
        self.box = widgets.VBox([sheet, self.badge, self.level, self.note])
        self.box.layout.border_top = "1px solid"

    def _follow(self, _: Any) -> None:
        """An unproven claim has no confidence."""
        unproven = self.badge.value == Badge.UNPROVEN
        self.level.disabled = unproven
        if unproven:
            self.level.value = ""

    def judgement(self, reader: str, day: date) -> Judgement:
        return Judgement(self.claim.claim_id, self.badge.value, reader, self.level.value, day, self.note.value)

    def lock(self) -> None:
        for item in (self.badge, self.level, self.note):
            item.disabled = True


class _Panel:
    """The forms and what follows them. Text goes into HTML widgets, as in the exploring panels."""

    def __init__(self, drawn: Drawn, folder: Path) -> None:
        self._drawn, self._folder = drawn, folder
        self._forms = [_Form(drawn, claim) for claim in drawn.claims]
        self._reader = widgets.Text(description="Your name", placeholder="or a pseudonym", style=_STYLE, layout=_WIDE)
        self._file = widgets.Text(value=judge.FILE, description="Save as", style=_STYLE, layout=_WIDE)
        self._go = _button("Save and compare", self._answer(replace=False))
        self._replace = _button("Replace it", self._answer(replace=True))
        self._replace.layout.display = "none"
        self._said, self._result = widgets.HTML(), widgets.HTML()
        for form in self._forms:
            form.badge.observe(self._count, names="value")
        self._file.observe(self._count, names="value")
        self._count(None)
        ends = [self._reader, self._file, widgets.HBox([self._go, self._replace]), self._said, self._result]
        self.box = widgets.VBox([*(form.box for form in self._forms), *ends])

    def _count(self, _: Any) -> None:
        done, number = sum(form.badge.value != "" for form in self._forms), len(self._forms)
        self._go.disabled = done < number
        self._replace.layout.display = "none"
        self._tell(f"{done} of {number} have a badge{'; the button waits for the rest' if done < number else ''}.")

    def _answer(self, *, replace: bool) -> Callable[[Any], None]:
        def answer(_: Any) -> None:
            try:
                self._save(replace)
            except ClaimAuditError as error:
                self._tell(str(error))

        return answer

    def _save(self, replace: bool) -> None:
        """What is compared is read from the file that was written."""
        name, day = self._file.value.strip(), datetime.now(UTC).astimezone().date()
        reader = self._reader.value.strip() or UNNAMED
        if reader == PROGRAM:
            raise ParameterError(f"{PROGRAM!r} is what you are compared with; give another name")
        text = judge.table_text(form.judgement(reader, day) for form in self._forms)
        if not judge.save(self._folder, name, text, replace=replace):
            self._replace.layout.display = ""
            self._tell(f"{name} is there already and was not touched: replace it, or give another name above.")
            return
        given = read_judgements([self._folder / name], [claim.claim_id for claim in self._drawn.claims])
        for form in self._forms:
            form.lock()
        for item in (self._reader, self._file, self._go, self._replace):
            item.disabled = True
        self._replace.layout.display = "none"
        self._tell(f"Saved as {name}.")
        self._result.value = _framed(judge.comparison(self._drawn, given, name))

    def _tell(self, words: str) -> None:
        self._said.value = str(tag("p", words, role="status"))


def _button(name: str, pressed: Callable[[Any], None]) -> widgets.Button:
    made = widgets.Button(description=name, layout=widgets.Layout(width="auto"))
    made.on_click(pressed)
    return made


def _framed(piece: Html) -> str:
    """The stylesheet is bound to the class ``ca``."""
    return f'<div class="ca"><style>{card_style()}</style>{piece}</div>'
