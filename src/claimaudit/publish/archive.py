"""The whole dossier as one Data Package in a zip: the tables, their descriptor, and the files that explain them.

Only plain files below the dossier's folder go in, under names that are safe to unpack (``files.py``).
"""

from __future__ import annotations

import io
import json
import zipfile

from claimaudit.dossier import datapackage, files
from claimaudit.dossier.dossier import Dossier

_BESIDE = (
    "README.md", "article.toml", "claims.toml", "method.toml", "corrections.toml", "context.toml", "topics.toml", "series.toml",
    "words.toml", "responses.toml", "terms.toml", "changelog.toml",
)  # fmt: skip
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def package(dossier: Dossier) -> bytes:
    """The zip: same tables, same bytes, since nothing in it is dated."""
    folder = dossier.path
    descriptor = datapackage.render(dossier)
    names = [name for name in _BESIDE if files.exists(folder, name)]
    names += [resource["path"] for resource in json.loads(descriptor)["resources"]]
    contents = {name: datapackage.content(folder, name) for name in names}
    contents[datapackage.FILE] = descriptor.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, raw in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, raw, compresslevel=6)
    return buffer.getvalue()
