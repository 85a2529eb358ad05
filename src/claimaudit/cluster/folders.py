"""An audit folder as content: one file of bytes with a digest, so that a machine without our disk can have it by name."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from claimaudit.dossier import files
from claimaudit.errors import BuildError, DossierError, Fault
from claimaudit.run.notebooks import Notebook
from claimaudit.run.up_to_date import digest_of, file_digest, input_files

_LEFT_OUT = ("__pycache__", ".ipynb_checkpoints", ".git")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time every packed file has, so that the same files are the same bytes."""


@dataclass(frozen=True)
class Packed:
    """Files as one: the digest of their names and bytes, and the bytes of all, compressed."""

    digest: str
    raw: bytes


def packed(root: Path, paths: Iterable[Path]) -> Packed:
    """Files below a folder as one; ``BuildError`` where one cannot be read."""
    names = {path.relative_to(root).as_posix(): path for path in paths}
    buffer = io.BytesIO()
    listed = []
    try:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in sorted(names):
                archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), names[name].read_bytes(), zipfile.ZIP_DEFLATED)
                listed.append([name, file_digest(names[name])])
    except OSError as error:
        raise BuildError(f"{error.filename}: it cannot be sent ({error.strerror}); check the file") from None
    return Packed(digest_of(listed), buffer.getvalue())


def dossier_files(dossier: Path) -> list[Path]:
    """The files of a dossier's folder.

    Raises ``DossierError`` where there is no such folder, or where one is a link out of it, which no local audit reads either.
    """
    faults: list[Fault] = []
    found = []
    if not dossier.is_dir():
        raise DossierError(
            [Fault(str(dossier), 0, "", "there is no such folder", "name the folder that holds article.toml")]
        )
    for path in sorted(dossier.rglob("*")):
        place = path.relative_to(dossier)
        if path.is_dir() or any(part.startswith(".") or part in _LEFT_OUT for part in place.parts):
            continue
        try:
            files.inside(dossier, place.as_posix())
        except files.RefusedError as error:
            faults.append(error.fault)
            continue
        if path.is_file():
            found.append(path)
    if faults:
        raise DossierError(faults)
    return found


def notebook_files(notebook: Notebook) -> list[Path]:
    """What a notebook is run from: itself, the modules and settings beside it, and the inputs that its metadata names.

    Raises ``BuildError`` where that entry is not of the form it must have.
    """
    folder = notebook.path.absolute().parent
    beside = [
        *folder.glob("*.py"),
        *(path for init in folder.glob("*/__init__.py") for path in init.parent.rglob("*.py")),
    ]
    named = [Path(os.path.abspath(path)) for path in input_files(notebook.path)]  # noqa: PTH100 (links stay as named)
    settings = folder / "matplotlibrc"
    return list(dict.fromkeys([notebook.path.absolute(), *sorted(beside), *[settings] * settings.is_file(), *named]))


def fetched(digest: str, raw: bytes, among: Path) -> Path:
    """The folder in which the files of a digest lie, unpacked there once. Several may ask at the same time.

    Raises ``ValueError`` where the bytes are not those of the digest.
    """
    place = among / digest
    if place.is_dir():
        return place
    among.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".", dir=among))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = archive.namelist()
            if any(PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in names):
                raise ValueError("a packed file has a place outside its folder")
            archive.extractall(beside)
        if digest_of([[name, file_digest(beside / name)] for name in names]) != digest:
            raise ValueError("a folder did not arrive as it was sent")
        try:
            beside.rename(place)
        except OSError:  # another was quicker
            if not place.is_dir():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def common_root(paths: Iterable[Path]) -> Path:
    """The deepest folder that holds them all."""
    return Path(os.path.commonpath([str(path) for path in paths]))
