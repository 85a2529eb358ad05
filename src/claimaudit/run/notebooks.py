"""Finding the project's notebooks by name or by path."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from claimaudit.errors import BuildError, UnknownNameError, unknown
from claimaudit.run.up_to_date import PACKAGE, PROJECT, Tables

PACKAGED = PACKAGE / "notebooks" / "topic.ipynb"
"""Shows any topic of any dossier; for every topic that has no notebook of its own."""
FOLDER = "notebooks"
"""The folder of an audit's notebooks, in its dossier or beside it."""
PAGE, EXECUTED = "{}.html", "notebooks/{}.ipynb"
"""The files of a report in the folder of the reports, by its name."""
TAKEN = ("index", "method", "sources", "corrections", "changes", "timeline")
"""Names of the pages beside the reports (``publish.page.SITE``), which no notebook can have."""


@dataclass(frozen=True)
class Notebook:
    """A notebook to run: its name (that of its report), its file, and the group (subfolder) it stands in.

    ``topic`` is the one its dossier names it for; ``told`` the title where that is not its own first heading.
    """

    name: str
    path: Path
    group: str = ""
    topic: str = ""
    told: str = ""

    @property
    def title(self) -> str:
        """Its title: as told, else the notebook's first heading, or its name."""
        return self.told or first_heading(self.path) or self.name.replace("-", " ").capitalize()

    @property
    def own(self) -> dict[str, str]:
        """The parameters it is given beyond those asked for: the packaged notebook is told its topic."""
        return {"topic": self.topic} if self.path == PACKAGED else {}


def folders_of(dossier: Path, named: Mapping[str, str] | None = None) -> list[Path]:
    """Where an audit's notebooks may be: in its dossier or beside it; for a copy of the project's dossier, in this project.

    A dossier that names no notebook is no such copy.
    """
    places = [dossier / FOLDER, dossier.absolute().parent / FOLDER]
    places += [PROJECT / FOLDER] if (Tables.of(dossier).notebooks if named is None else named) else []
    return [place for place in dict.fromkeys(places) if place.is_dir()] or [places[1]]


def notebooks_of(dossier: Path, named: Mapping[str, str] | None = None) -> tuple[Notebook, ...]:
    """The notebooks a dossier names (``topics.toml``), called as their topics; ``BuildError`` where one is missing."""
    named = Tables.of(dossier).notebooks if named is None else named
    folders, found = folders_of(dossier, named), []
    for topic, place in named.items():
        path = next((folder / place for folder in folders if (folder / place).is_file()), None)
        if path is None:
            raise BuildError(f"topics.toml names the notebook {place!r}, which is not in {FOLDER}/; restore it")
        found.append(Notebook(topic, path, Path(place).parent.as_posix().removeprefix("."), topic))
    return _distinct(found)


def reports_of(dossier: Path, tables: Tables | None = None) -> tuple[Notebook, ...]:
    """What is built of a dossier: the notebooks it names, and the packaged one for every other topic of its claims.

    In the order of ``topics.toml``: topics with a number first, then those with notebooks of their own, then the article's order.
    """
    tables = tables or Tables.of(dossier)
    named = {notebook.name: notebook for notebook in notebooks_of(dossier, tables.notebooks)}
    for topic in tables.topics:
        title = tables.about(topic, "title") or topic.replace("-", " ").replace("_", " ").capitalize()
        named.setdefault(topic, Notebook(topic, PACKAGED, "", topic, title))
    places = {name: (tables.about(name, "order", int), number) for number, name in enumerate(named)}
    ordered = sorted(
        named, key=lambda name: (places[name][0] is None, *map(int, (places[name][0] or 0, places[name][1])))
    )
    return _distinct([named[name] for name in ordered])


def all_notebooks(folder: Path) -> tuple[Notebook, ...]:
    """Every notebook under a folder, by group and name; JupyterLab's checkpoints are left out.

    Raises ``BuildError`` where two reports would be one file, or a page beside the reports.
    """
    found = [
        Notebook(path.stem, path, path.parent.relative_to(folder).as_posix().removeprefix("."))
        for path in folder.rglob("*.ipynb")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    return _distinct(sorted(found, key=lambda notebook: (notebook.group == "", notebook.group, notebook.name)))


def find_notebooks(names: Sequence[str], own: Sequence[Notebook], folder: Path) -> tuple[Notebook, ...]:
    """The notebooks asked for, by name (``harbour``) or path; the audit's ``own`` when none is named.

    A name may be that of any notebook in ``folder``, too. Raises ``UnknownNameError`` where there is none, ``BuildError``
    where two reports would be one file, or a page beside the reports.
    """
    if not names:
        return tuple(own)
    known = {notebook.name: notebook for notebook in (*all_notebooks(folder), *own)}
    found = [_by_path(name, known) if _is_path(name) else _by_name(name, known) for name in names]
    return _distinct(list(dict.fromkeys(found)))


def _is_path(name: str) -> bool:
    return name.endswith(".ipynb") or os.sep in name or "/" in name


def _by_name(name: str, known: dict[str, Notebook]) -> Notebook:
    if name not in known:
        raise UnknownNameError(unknown("notebook", name, known))
    return known[name]


def _by_path(name: str, known: dict[str, Notebook]) -> Notebook:
    path = Path(name if name.endswith(".ipynb") else f"{name}.ipynb").absolute()
    if not path.is_file():
        hint = unknown("notebook", path.stem, known).partition(": ")[2]
        raise UnknownNameError(f"there is no notebook at {name!r}: {hint}")
    same = (notebook for notebook in known.values() if notebook.path.samefile(path))
    return next(same, Notebook(path.stem, path))


def _distinct(notebooks: list[Notebook]) -> tuple[Notebook, ...]:
    """Refuse two notebooks whose reports would be one file, and names the build needs itself."""
    by_name: dict[str, Notebook] = {}
    for notebook in notebooks:
        other = by_name.setdefault(notebook.name.casefold(), notebook)
        if other is not notebook:
            raise BuildError(f"two notebooks are called {notebook.name!r}, and so would be their reports; rename one")
    for taken in TAKEN:
        if taken in by_name:
            raise BuildError(
                f"a notebook is called {taken!r}, and so is a page of the site beside the reports; rename it"
            )
    return tuple(notebooks)


def first_heading(path: Path) -> str:
    """The first top-level heading of a notebook's text cells; empty when there is none or it cannot be read."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    lines = (line for text in texts for line in text.splitlines())
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "")
