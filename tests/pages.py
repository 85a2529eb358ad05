"""What every published page must be, checked by parsing it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser

SITE_FILES = (
    "index.html", "codebook.html", "method.html", "sources.html", "corrections.html", "changes.html", "timeline.html",
    "timeline.csv", "verdicts.csv", "verdicts.json",
    "verdicts.schema.json", "claimreview.json", "feed.xml", "evidence.sqlite", "datapackage.zip", "manifest.json",
)  # fmt: skip
"""What stands beside the reports after every build."""


def claim_files(*claims: str) -> list[str]:
    """What there is of each claim after a build."""
    return [f"claims/{name}.{kind}" for name in claims for kind in ("html", "png", "json", "csv")]


SAMPLE_FILES = (*SITE_FILES, *claim_files("E01", "M01"))
"""The same with the claims of the sample dossier."""


class Page(HTMLParser):
    """The elements, ids and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.elements.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append((found, ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            found, text = self.scripts.pop()
            self.scripts.append((found, text + data))

    @property
    def data(self) -> list[dict]:
        """The blocks of JSON-LD."""
        return [json.loads(text) for found, text in self.scripts if found.get("type") == "application/ld+json"]

    @property
    def programs(self) -> list[str]:
        """The scripts a browser would run."""
        return [text for found, text in self.scripts if found.get("type") != "application/ld+json"]


def assert_self_contained(html: str) -> Page:
    """One file, no script but one the policy names by hash, nothing loaded, one h1, unique ids, a text for every picture."""
    page = Page(html)
    policies = [
        found["content"] for tag, found in page.elements if found.get("http-equiv") == "Content-Security-Policy"
    ]

    assert html.startswith("<!DOCTYPE html>")
    assert len(policies) == 1
    assert "default-src 'none'" in policies[0]
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in page.programs]
    assert ("script-src" in policies[0]) == bool(hashes)
    assert all(f"'sha256-{digest}'" in policies[0] for digest in hashes)
    assert len(hashes) <= 1
    assert "unsafe-inline'" not in policies[0].partition("script-src")[2]
    assert {"link", "iframe", "object", "base", "form"} & set(page.tags) == set()
    assert page.tags["h1"] == 1
    assert html.partition("</head>")[0].count("<title>") == 1  # drawings have titles of their own
    assert page.tags["style"] == 1
    assert [name for name, count in Counter(page.ids).items() if count > 1] == []
    for tag, found in page.elements:
        assert not [name for name in found if name.startswith("on")], tag
        assert all(found.get(name, "data:").startswith("data:") for name in ("src", "srcset", "poster")), tag
        assert tag != "img" or found.get("alt", "").strip()
        assert tag != "html" or found.get("lang")
    assert any(found.get("name") == "viewport" for tag, found in page.elements if tag == "meta")
    assert set(re.findall(r"url\([^,)]*", html)) <= {"url(data:font/woff;base64"}
    assert "@import" not in html
    return page
