"""How to cite an audit, from what its dossier says of it (``[audit]`` in ``article.toml``)."""

from __future__ import annotations

from claimaudit import formats
from claimaudit.model import Article


def citation_line(article: Article) -> str:
    """The citation in a line, with the day the evidence was closed; empty where the dossier names neither title nor authors."""
    own = article.imprint
    if not (own.title or own.authors):
        return ""
    title = own.title or f"The claims of “{article.title}”, audited"
    parts = [" and ".join(own.authors), title, f"Version {own.version}" if own.version else ""]
    return f"{'. '.join(filter(None, parts))}. Evidence as of {formats.day(article.compiled)}."
