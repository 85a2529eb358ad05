"""Whatever the evidence says, no file of the site shows "Right" without each refuted printed part, or a strict label as a rating.

Claims are invented and their parts' labels drawn; ratings, sentences and files are made by the functions of every build.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Claim, Label, Part, Role, Templates, TestKind
from claimaudit.outcome import Cited, Finding, Grounds, Verdict
from claimaudit.publish.index_rows import Report
from claimaudit.publish.site import Site, site_files
from claimaudit.rated import Open
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.parts import assess_claim
from samples import RULE, write_dossier

ATOM = "{http://www.w3.org/2005/Atom}"
POINT, BESIDE = (Role.CORE, Role.LINK), (Role.DETAIL, Role.QUOTE, Role.CONTEXT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_dossier(tmp_path_factory.mktemp("dossier"))


@functools.cache
def load(folder: Path) -> Dossier:
    return Dossier.load(folder)


def token(part: Part) -> str:
    """A word that stands in all that is said of a part, and nowhere else."""
    return "q" + part.part_id.replace(".", "x").lower()


@st.composite
def parts(draw, claim_id: str):
    roles = [Role.CORE, *draw(st.lists(st.sampled_from(POINT), max_size=2))]
    roles += draw(st.lists(st.sampled_from(BESIDE), max_size=4))
    return tuple(
        _part(claim_id, number, role, draw(st.booleans()), draw(st.booleans())) for number, role in enumerate(roles)
    )


def _part(claim_id: str, number: int, role: Role, worded: bool, templated: bool) -> Part:
    part = Part(f"{claim_id}.p{number}", claim_id, "", role, TestKind.EVENT)
    name = token(part)
    own = Templates(holds=f"there was {name}", fails=f"there was no {name}", open=f"of {name} nothing is known")
    return replace(
        part,
        text=f"There was {name}",
        name=name,
        wrong=f"not {name}" if worded and role is not Role.CONTEXT else "",
        misleads=f"{name} changes it" if role is Role.CONTEXT else "",
        templates=own if templated else Templates(),
    )


@st.composite
def drawn_claims(draw):
    """Claims, and a label for each part at each of the two dates."""
    out = []
    for number in range(draw(st.integers(1, 4))):
        name = f"X{number}"
        own = draw(parts(name))
        claim = Claim(name, number + 1, "military", "figs", "the author", "event", f"Words of claim {name}", "", own)
        labels = [draw(st.lists(st.sampled_from(Label), min_size=len(own), max_size=len(own))) for _ in range(2)]
        out.append((claim, labels))
    return out


def judged(part: Part, label: Label, view: Dossier) -> Verdict:
    found = Cited(Finding(part.part_id, "customs", 0.1, 0.9, (), "a count"))
    grounds = Grounds(part, against=found if label is Label.REFUTED else None, first=found)
    return Verdict(
        part.claim_id, part.part_id, view.vintage, view.day, label, 0.5, 0.5, 0.5, (), (), grounds=grounds, open=Open.EVIDENCE
    )  # fmt: skip


def built(folder: Path, drawn) -> tuple[dict[str, bytes], list[Verdict]]:
    """The site of the drawn claims, and their verdicts."""
    dossier = load(folder)
    whole = replace(dossier, claims=tuple(claim for claim, _ in drawn))
    views = (dossier.at_publication(), dossier.hindsight())
    verdicts = []
    for claim, labels in drawn:
        for view, own in zip(views, labels, strict=True):
            found = [judged(part, label, view) for part, label in zip(claim.parts, own, strict=True)]
            verdicts += [assess_claim(claim, found, RULE), *found]
    audit = Audit("figs", "Figs", None, whole, views, tuple(verdicts))
    return site_files(Site(whole, {"figs": audit}, (Report("figs.html", "Figs", "figs"),))), verdicts


def slips(verdict: Verdict) -> list[Part]:
    """All printed parts that are refuted."""
    return [part.part for part in verdict.parts if part.part.role.is_printed and part.label is Label.REFUTED]


def in_badge(part: Part, badge: str) -> bool:
    """Whether a badge names a part: a quote that has neither words of its own nor a name is one that was "not said so"."""
    nameless = part.role is Role.QUOTE and not (part.wrong or part.name)
    return ("not said so" if nameless else token(part)) in badge


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@settings(max_examples=60)
@given(drawn=drawn_claims())
def test_right_never_stands_without_each_printed_part_that_is_wrong(folder, drawn):
    files, verdicts = built(folder, drawn)
    claims = {(verdict.claim_id, verdict.vintage.value): verdict for verdict in verdicts if not verdict.part_id}
    index = files["index.html"].decode()
    rows = dict(re.findall(r'<li id="claim-(\w+)"(.*?)</li>', index, re.DOTALL))
    briefs = re.findall(
        r'<li><p class="brief-head"><a href="[^"]*?(\w+)(?:\.html)?">.*?</a>(.*?)</li>', index, re.DOTALL
    )
    reviews = {item["identifier"]: item for item in json.loads(files["claimreview.json"])["@graph"]}

    for (name, vintage), verdict in claims.items():
        if vintage != "hindsight":
            continue
        rated = reviews[name]["reviewRating"]
        for slip in slips(verdict):
            assert token(slip) in words(rows[name])
            assert token(slip) in reviews[name]["reviewBody"]
            assert all(token(slip) in words(brief) for own, brief in briefs if own == name)
            assert in_badge(slip, rated["alternateName"]) or not rated["alternateName"].startswith("Right")
            assert rated.get("ratingValue", 0) < 5
        assert not slips(verdict) or [own for own, _ in briefs if own == name]

    for row in json.loads(files["verdicts.json"])["verdicts"]:
        if not row["part_id"] and row["rating"].startswith("Right"):
            assert all(in_badge(slip, row["rating_reason"]) for slip in slips(claims[row["claim_id"], row["vintage"]]))

    for entry in ET.fromstring(files["feed.xml"]).findall(f"{ATOM}entry"):
        title = entry.findtext(f"{ATOM}title")
        name = title.partition(":")[0]
        for vintage, rating in zip(("at_publication", "hindsight"), re.findall("“([^”]*)”", title), strict=True):
            if rating.startswith("Right"):
                assert all(in_badge(slip, rating) for slip in slips(claims[name, vintage]))


@settings(max_examples=40)
@given(drawn=drawn_claims())
def test_a_strict_label_is_never_shown_as_a_claims_rating(folder, drawn):
    files, verdicts = built(folder, drawn)
    texts = [words(files["index.html"].decode().partition("</head>")[2]), files["feed.xml"].decode()]
    texts += [json.dumps(item) for item in json.loads(files["claimreview.json"])["@graph"]]

    for label in Label:
        assert not [text for text in texts if re.search(rf"\b{label.words}\b", text, re.IGNORECASE)], label
    for verdict in verdicts:
        if not verdict.part_id and verdict.vintage.value == "hindsight":
            assert verdict.rating.badge.value in texts[0]
