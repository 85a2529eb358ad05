"""What a report is made from, declared: its recipe. Standard library only, so that "nothing to do" is said at once.

A report is up to date when its recipe is what it would be now. The recipe holds the notebook, its parameters, the
program that runs, and the declared inputs:

- the notebooks a dossier names (``topics.toml``) read the tables of their topic (all tables where it lists none) and
  what all topics share;
- any other notebook names its inputs in its metadata, or it runs every time::

    "claimaudit": {"inputs": {"files": ["rates.csv"], "globs": ["daily/*.csv"], "env": ["REGION"]}}

Paths are relative to the notebook's folder; a file that is missing counts as such, a glob by the names it finds, a folder
by all files below it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sysconfig
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from claimaudit.errors import BuildError

PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = PACKAGE.parents[1]
MISSING = "missing"
_NO_INPUT = ("accepted.csv", "changelog.toml")
"""Files of a dossier that no report reads."""
_LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")
_KINDS = ("files", "globs", "env")
_TOPIC = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TOPICS = re.compile(r"""\btopic["']?\s*=\s*(["'])(.*?)\1""")
_PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*\.ipynb")


def digest_of(value: Any) -> str:
    """The digest of a JSON value; the order of names in a mapping is irrelevant."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """The digest of a file's bytes; ``missing`` where there is no plain file that can be read."""
    try:
        if not path.is_file():  # opening a pipe would wait for ever
            return MISSING
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return MISSING


def tree_digest(folder: Path) -> str:
    """The digest of all files below a folder, names and bytes, without what Python and JupyterLab leave there."""
    files = (path for path in sorted(folder.rglob("*")) if not set(path.parts) & set(_LEFT_OUT) and path.is_file())
    return digest_of([[path.relative_to(folder).as_posix(), file_digest(path)] for path in files])


@cache
def program_digest() -> str:
    """The digest of what runs: the package's own files, the lock, the installed packages and this Python.

    Kept for the life of the process, which runs the source it has read.
    """
    installed = {Path(sysconfig.get_paths()[name]) for name in ("purelib", "platlib")}
    versions = sorted(path.name for folder in installed for path in folder.glob("*.dist-info"))
    return digest_of(
        {
            "package": tree_digest(PACKAGE),
            "lock": file_digest(PROJECT / "requirements.lock"),
            "installed": versions,
            "python": [platform.python_version(), platform.python_implementation(), platform.system()],
        }
    )


@dataclass(frozen=True)
class Tables:
    """A dossier's files by what reads them; each is digested once. ``notebooks`` are those it names, by topic."""

    folder: Path
    listed: Mapping[str, Any]
    _known: dict[Path, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, folder: Path) -> Tables:
        """What can be told of a dossier without checking it; a build that runs says what is wrong with it."""
        return cls(folder, _toml(folder / "topics.toml"))

    @property
    def notebooks(self) -> dict[str, str]:
        """The path of each topic's notebook in the audit's folder of notebooks."""
        named = self.listed.get("notebooks")
        items = named.items() if isinstance(named, dict) else ()
        return {topic: place for topic, place in items if isinstance(place, str) and _PLACE.fullmatch(place)}

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of its claims, in their order, as far as their names can be a file's; a build that runs checks them."""
        path = self.folder / "claims.toml"
        with suppress(
            OSError, ValueError
        ):  # to parse the whole file takes long, and is for nothing where all have notebooks
            quick = dict.fromkeys(name for _, name in _TOPICS.findall(path.read_text(encoding="utf-8")))
            if quick and quick.keys() <= self.notebooks.keys():
                return tuple(quick)
        claims = _toml(path).get("claims")
        found = [claim.get("topic") for claim in claims if isinstance(claim, dict)] if _is_list(claims) else []
        return tuple(dict.fromkeys(name for name in found if isinstance(name, str) and _TOPIC.fullmatch(name)))

    def about(self, topic: str, entry: str, kind: type = str) -> Any:
        """An entry of a topic's table in ``topics.toml``; ``None`` where it has none of that kind."""
        table = self.listed.get(topic)
        found = table.get(entry) if isinstance(table, dict) else None
        return found if type(found) is kind else None

    def of_topic(self, topic: str) -> dict[str, str]:
        """The digests of the files a topic's audit reads, by name."""
        entry = self.listed.get(topic)
        shared = [path for path in self._shared() if path.name not in _NO_INPUT]
        return self._digests([*shared, *self._of_kinds(entry if isinstance(entry, dict) else None)])

    def all(self) -> dict[str, str]:
        """The digests of all tables, and of what is published with them."""
        beside = [self.folder / "README.md", self.folder / "datapackage.json"]
        return self._digests([*self._shared(), *self._of_kinds(None), *beside])

    def _shared(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.*") if path.suffix in (".toml", ".csv"))

    def _of_kinds(self, entry: Mapping[str, Any] | None) -> list[Path]:
        found: list[Path] = []
        for kind in ("observations", "series"):
            folder, names = self.folder / kind, entry.get(kind) if entry is not None else None
            found += [folder / f"{name}.csv" for name in names] if _is_list(names) else sorted(folder.glob("*.csv"))
        return found

    def _digests(self, paths: Sequence[Path]) -> dict[str, str]:
        for path in paths:
            if path not in self._known:
                self._known[path] = file_digest(path)
        return {path.relative_to(self.folder).as_posix(): self._known[path] for path in paths}


def declared(notebook: Path) -> dict[str, list[str]] | None:
    """The inputs a notebook's metadata names, by kind; ``None`` where it names none at all.

    Raises ``BuildError`` where the entry is not of the form it must have.
    """
    try:
        entry = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["claimaudit"]["inputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    known = isinstance(entry, dict) and set(entry) <= set(_KINDS)
    lists = [entry[kind] for kind in entry] if known else [None]
    named = known and all(_is_list(names) and all(map(_is_name, names)) for names in lists)
    if not named or any(pattern.startswith("/") for pattern in entry.get("globs", ())):
        form = '{"files": ["rates.csv"], "globs": ["daily/*.csv"], "env": ["REGION"]}'
        raise BuildError(f"{notebook.name}: its metadata 'claimaudit.inputs' is not of the form {form}; mend it")
    return {kind: list(entry.get(kind, ())) for kind in _KINDS}


def input_files(notebook: Path) -> list[Path]:
    """The files a notebook's metadata names, as far as they are there; errors as of ``declared``."""
    named = declared(notebook) or {}
    found = [notebook.parent / name for name in named.get("files", ())]
    return [path for path in (*found, *_globbed(notebook, named.get("globs", ()))) if _is_file(path)]


def digests(notebook: Path) -> dict[str, Any] | None:
    """What the declared inputs of a notebook hold now; ``None`` where it declares none; errors as of ``declared``."""
    named = declared(notebook)
    if named is None:
        return None
    folder = notebook.parent
    return {
        "files": {name: _digest(folder / name) for name in named["files"]},
        "globs": {os.path.relpath(path, folder): file_digest(path) for path in _globbed(notebook, named["globs"])},
        "env": {name: os.environ.get(name) for name in named["env"]},
    }


def recipe(
    notebook: Path, name: str, parameters: Mapping[str, Any], engine: str, topic: str = "", tables: Tables | None = None
) -> str:
    """The digest of all a report is made from; empty for a notebook whose inputs nobody has named.

    ``topic`` and ``tables`` are those of a notebook that its dossier names.
    """
    own = tables.of_topic(topic) if tables else None
    named = digests(notebook)
    if own is None and named is None:
        return ""
    given = {key: value for key, value in parameters.items() if key != "dossier"}
    if own is None and parameters.get("dossier"):
        own = Tables.of(Path(str(parameters["dossier"]))).all()
    beside = {path.name: file_digest(path) for path in sorted(notebook.parent.glob("*.py"))}
    return digest_of(
        {
            "program": program_digest(),
            "engine": engine,
            "notebook": [str(notebook.parent), notebook.name, file_digest(notebook)],
            "modules": beside,
            "name": name,
            "parameters": given,
            "dossier": Path(str(parameters.get("dossier") or "data")).name,
            "tables": own,
            "inputs": named,
        }
    )


def _is_file(path: Path) -> bool:
    with suppress(OSError, ValueError):  # a name that is too long for the disk
        return path.is_file()
    return False


def _digest(path: Path) -> str:
    """The digest of a declared file; of a folder, that of all files below it."""
    with suppress(OSError, ValueError):
        return tree_digest(path) if path.is_dir() else file_digest(path)
    return MISSING


def _globbed(notebook: Path, patterns: Iterable[str]) -> list[Path]:
    """The files a notebook's patterns find; a folder that is found (``**``) stands for all files below it."""
    found: set[Path] = set()
    for pattern in patterns:
        try:
            for path in notebook.parent.glob(pattern):
                found.update(path.rglob("*") if path.is_dir() else [path])
        except (ValueError, IndexError, NotImplementedError, OSError) as error:
            problem = (
                f"{notebook.name}: its metadata 'claimaudit.inputs' holds the glob {pattern!r}, which cannot be used"
            )
            raise BuildError(f"{problem} ({error}); mend it") from None
    return sorted(filter(_is_file, found))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value != "" and value.isprintable()


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError):
        return {}
