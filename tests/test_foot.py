"""The foot of every page: badges, what it rests on, who answers for it, how to object, who was asked, how to cite."""

from __future__ import annotations

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.publish.foot import SHORT, foot
from claimaudit.publish.site import Site, site_files
from claimaudit.rated import Badge
from claimaudit.verdict.audit import audit
from samples import ARTICLE, write_dossier


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = write_dossier(
        tmp_path_factory.mktemp("d"),
        article=f'{ARTICLE}[audit]\nauthors = ["A", "B"]\ncontact = "mailto:desk@figs.example.org"\n',
    )
    (folder / "responses.toml").write_text('[[responses]]\nwho = "the author"\n')
    return folder


@pytest.fixture(scope="module")
def files(folder):
    dossier = Dossier.load(folder)
    return site_files(Site(dossier, {topic: audit(dossier, topic) for topic in ("figs", "ferries")}, ()))


@pytest.mark.parametrize("name", ["index", "codebook", "method", "sources", "corrections", "claims/E01"])
def test_every_page_says_what_it_rests_on_and_who_answers_for_it(files, name):
    body, _, said = files[f"{name}.html"].decode().partition('<footer class="foot">')

    for words in (
        "<summary>What the badges mean</summary>", *SHORT.values(),
        "6 figures and events; 1 of 3 sources was read as an excerpt only",
        "Evidence as of 1 June 2024. Version 0.1.0.", "answer for it", '<a href="mailto:desk@figs.example.org" rel="noopener">',
        "To report an error, or to reply", "The author has not been asked for comment.",
    ):  # fmt: skip
        assert words in said, words
    assert f'href="{"../" * name.count("/")}corrections.html"' in said
    assert said.count("ca-badge") == len(Badge)
    assert ("To cite: " in said) != ('<p class="cite">' in body), "how to cite stands once"


def test_without_an_address_it_says_whom_to_write_to(folder, tmp_path):
    said = "".join(str(part) for part in foot(Dossier.load(write_dossier(tmp_path))))

    assert "write to whoever sent or published this page" in said
