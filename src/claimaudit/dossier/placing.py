"""A new dossier put into place: made and checked beside its place first, so that it is there whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import BuildError

START = "start"
"""The folder of the package that holds the example."""


def example() -> dict[str, str]:
    """The files of the commented example, by their names in the folder."""

    def below(folder: Traversable, before: str = "") -> dict[str, str]:
        found: dict[str, str] = {}
        for item in sorted(folder.iterdir(), key=lambda item: item.name):
            if item.is_dir():
                found |= below(item, f"{before}{item.name}/") if not item.name.startswith("_") else {}
            else:
                found[before + item.name] = item.read_text(encoding="utf-8")
        return found

    return below(resources.files("claimaudit").joinpath(START))


def place(folder: Path, texts: Mapping[str, str]) -> Dossier:
    """Write a dossier into a folder that is new or empty; the dossier as it reads.

    Raises ``BuildError`` where something is there already or nothing can be written, ``DossierError`` where the texts are no
    sound dossier: with either nothing has been written.
    """
    folder = folder.absolute()
    check_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".claimaudit-new-", dir=folder.parent) as beside:
            whole = Path(beside) / "dossier"
            for name, text in texts.items():
                (whole / name).parent.mkdir(parents=True, exist_ok=True)
                (whole / name).write_text(text, encoding="utf-8", newline="\n")
            Dossier.load(whole)
            _move(whole, folder)
    except OSError as error:
        raise BuildError(f"{folder} cannot be written ({error.strerror}); name another folder") from None
    return Dossier.load(folder)


def check_free(folder: Path) -> None:
    """``BuildError`` unless there is nothing at the place, or an empty folder."""
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir():
        raise BuildError(f"{folder} is no folder; name one that is new or empty")
    if first := min((item.name for item in folder.iterdir()), default=""):
        raise BuildError(f"{folder} is not empty (it holds {first!r}); name a folder that is new or empty")


def _move(whole: Path, folder: Path) -> None:
    """Everything at once; into an empty folder, which may be the one a shell stands in, item by item or none."""
    if not folder.exists():
        whole.rename(folder)
        return
    moved: list[Path] = []
    try:
        for item in sorted(whole.iterdir()):
            moved.append(item.rename(folder / item.name))
    except OSError:
        for item in moved:
            with suppress(OSError):
                shutil.rmtree(item) if item.is_dir() else item.unlink()
        raise
