"""A site of several audits: an index over the folders that builds have made, each an audit's own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from claimaudit.errors import BuildError
from claimaudit.model import Vintage
from claimaudit.publish.audits_page import MARK, Listed, audits_page
from claimaudit.publish.index import FILE
from claimaudit.publish.outputs import SCHEMA_VERSION
from claimaudit.rated import Badge
from claimaudit.run import manifest


def gather(site: Path) -> tuple[Listed, ...]:
    """Write ``index.html`` over the audits in a folder's sub-folders, and tell them; a sub-folder without a build's mark is none.

    ``BuildError`` where there is none, where the folder is an audit's own, or holds an index that is not of this kind.
    """
    if manifest.read(site).is_mark:
        raise BuildError(f"{site.name!r} is the folder of one audit; name the folder above it")
    if not site.is_dir():
        raise BuildError(f"there is no folder {site.name!r}; build each audit into a folder below it first")
    found = tuple(item for folder in sorted(site.iterdir()) if (item := _listed(folder)))
    if not found:
        raise BuildError(f"{site.name!r} holds no audit; build each into a folder below it first")
    page = site / FILE
    if page.is_symlink() or (page.exists() and MARK not in page.read_text(encoding="utf-8", errors="replace")):
        raise BuildError(
            f"{site.name!r} holds an {FILE} that is no index of audits; take it away, or choose another folder"
        )
    page.write_text(audits_page(found), encoding="utf-8", newline="")
    return found


def _listed(folder: Path) -> Listed | None:
    """What an audit's folder says of itself in its ``verdicts.json``; nothing where no build has left one there."""
    try:
        if folder.is_symlink() or not manifest.read(folder).is_mark:
            return None
        document = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
        if document["schema_version"] != SCHEMA_VERSION:
            return None
        about = document["article"]
        return Listed(
            folder.name,
            str(about["title"]),
            tuple(dict.fromkeys(str(about[name]) for name in ("author", "publisher") if about[name])),
            date.fromisoformat(about["published"]),
            date.fromisoformat(about["compiled"]),
            tuple(
                Badge(row["rating"])
                for row in document["verdicts"]
                if not row["part_id"] and row["vintage"] == Vintage.HINDSIGHT
            ),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
