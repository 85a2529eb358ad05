"""The reader's codebook: ``docs/codebook.md`` as a page, so that the rules are written once."""

from __future__ import annotations

import re
from pathlib import Path

import mistune

from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.publish.clean import Cleaner
from claimaudit.publish.foot import foot
from claimaudit.publish.index_rows import badge_terms
from claimaudit.publish.page import Meta, page

PAGE = "codebook.html"
FILE = Path(__file__).resolve().parents[3] / "docs" / "codebook.md"
_BESIDE = {"method.md": "method.html"}
"""Files of the documentation that are pages of the site."""


def codebook_page(dossier: Dossier, path: Path = FILE) -> str:
    """The page; the badges' meanings alone where the package stands without its documentation."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        body = join([tag("h1", "Codebook"), tag("dl", *badge_terms(), class_="ca terms")])
        return page("Codebook", body, meta=_meta(dossier), here=PAGE)
    for file, target in _BESIDE.items():
        text = text.replace(f"[`{file}`]({file})", f"[the method page]({target})")
    html = str(mistune.create_markdown(plugins=["table"])(text))
    cleaner = Cleaner()
    cleaned = re.sub(r"<table>", '<table class="numbers">', cleaner.clean(html))
    return page("Codebook", Html(cleaned), meta=_meta(dossier), here=PAGE)


def _meta(dossier: Dossier) -> Meta:
    return Meta(description="How to judge a claim from its sentence and its evidence, on one page.", foot=foot(dossier))
