"""What every published page must be, checked by parsing it."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser


class Page(HTMLParser):
    """The elements, ids and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.elements.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])


def assert_self_contained(html: str) -> Page:
    """One file, no script, nothing loaded, one h1, unique ids, a text for every picture."""
    page = Page(html)
    policies = [
        found["content"] for tag, found in page.elements if found.get("http-equiv") == "Content-Security-Policy"
    ]

    assert html.startswith("<!DOCTYPE html>")
    assert len(policies) == 1
    assert "default-src 'none'" in policies[0]
    assert {"script", "link", "iframe", "object", "base", "form"} & set(page.tags) == set()
    assert page.tags["h1"] == 1
    assert page.tags["title"] == 1
    assert page.tags["style"] == 1
    assert [name for name, count in Counter(page.ids).items() if count > 1] == []
    for tag, found in page.elements:
        assert not [name for name in found if name.startswith("on")], tag
        assert all(found.get(name, "data:").startswith("data:") for name in ("src", "srcset", "poster")), tag
        assert tag != "img" or found.get("alt", "").strip()
        assert tag != "html" or found.get("lang")
    assert any(found.get("name") == "viewport" for tag, found in page.elements if tag == "meta")
    assert "url(" not in html
    assert "@import" not in html
    return page
