"""Claim cards as HTML, for notebooks and reports alike; what is folded at their foot is in ``card_folds.py``.

A card answers at a glance: the rating with its reason, how strong the evidence is, the article's words, the one sentence that
stands alone, each printed part with what was found, then and now, and what could change it.
"""

from __future__ import annotations

from claimaudit import __version__, formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.inert import web_address
from claimaudit.model import Article, Claim, Label, Vintage
from claimaudit.outcome import Verdict
from claimaudit.rated import Badge, Rating
from claimaudit.show.badges import part_mark, rating_badge
from claimaudit.show.card_folds import folds, part_list, side_words
from claimaudit.show.changed import condition
from claimaudit.show.provenance import claimed_words, from_anchor, linked
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.sensitivity import Flip
from claimaudit.verdict.without import rated_with
from claimaudit.verdict.wording import conclusion, reason

MAPPED = "Roles of its parts were taken over from an earlier form and are not yet settled."


def claim_card(audit: Audit, claim_id: str) -> Html:
    """A claim with all that the audit says on it; a link to ``#claim-M01`` leads here."""
    claim = audit.dossier.claim(claim_id)
    name = f"claim-{claim.claim_id}"
    verdict, _ = audit.of(claim.claim_id, audit.views[-1].vintage)
    return tag(
        "section",
        tag(
            "div",
            condition(audit, claim),
            tag("header", _head(audit.dossier, claim, verdict), _words(audit.dossier, claim, name)),
            tag("p", linked(audit.dossier, conclusion(verdict)), class_="ca-conclusion"),
            marked_parts(audit, verdict),
            tag("p", MAPPED, class_="ca-soft") if claim.mapped else Html(""),
            _lines(audit, verdict),
            *(tag("p", answer.words, class_="ca-soft") for answer in audit.dossier.responses if answer.asked),
            class_="ca-part",
        ),
        folds(audit, claim, verdict),
        id=name,
        class_="ca ca-claim",
        aria_labelledby=f"{name}-title",
        data_badge=verdict.rating.badge.name,
        data_reason=verdict.rating.reason,
    )


def marked_parts(audit: Audit, verdict: Verdict) -> Html:
    """The printed parts of a claim, each with its mark and what was found; parts that are wrong are never left out."""
    return part_list(audit, [part for part in verdict.parts if part.part.role.is_printed])


def verdict_part(audit: Audit, key: str, vintage: Vintage) -> Html:
    """One part at one as-of date: its mark, how likely it is to hold, and why."""
    verdict = audit.verdict(key, vintage)
    likely = tag("span", tag("strong", formats.probability(verdict.probability)), " likely to hold", class_="ca-likely")
    return tag(
        "div",
        tag("p", tag("strong", formats.capital(vintage.words)), f", {formats.day(verdict.as_of)}", class_="ca-when"),
        tag("p", part_mark(verdict.label), " ", likely),
        tag("p", verdict_reason(audit, key, vintage), class_="ca-reason"),
        class_="ca-verdict",
    )


def claim_part(audit: Audit, claim_id: str, vintage: Vintage) -> Html:
    """A claim at one as-of date in short: its rating, the one sentence, and its printed parts with their marks."""
    verdict = audit.verdict(claim_id, vintage)
    head = tag("p", tag("strong", claim_id), " ", rating_badge(verdict.rating))
    said = tag("p", linked(audit.dossier, conclusion(verdict)), class_="ca-conclusion")
    return tag("div", head, said, marked_parts(audit, verdict), class_="ca-verdict")


def verdict_reason(audit: Audit, key: str, vintage: Vintage = Vintage.HINDSIGHT) -> Html:
    """Why the verdict is what it is, every finding linked to its row."""
    return linked(audit.dossier, reason(audit.verdict(key, vintage)))


def said_then(audit: Audit, claim_id: str) -> list[tuple[str, Verdict]]:
    """The claim at each earlier date whose rating is not the one in hindsight, with that date in words."""
    now = audit.verdict(claim_id, audit.views[-1].vintage)
    earlier = [(formats.day(view.day), audit.verdict(claim_id, view.vintage)) for view in audit.views[:-1]]
    return [(day, verdict) for day, verdict in earlier if verdict.rating.words != now.rating.words]


# -- head --------------------------------------------------------------------------------------------------------------


def unseen(claim_id: str) -> Html:
    """The claim's id for screen readers, so that links that look alike have names of their own."""
    return tag("span", f", claim {claim_id}", class_="ca-unseen")


def citation(article: Article, verdict: Verdict) -> str:
    """How to cite the rating of a claim: version, claim, rating, day of the evidence, and the address where there is one."""
    where = f" {claim_address(article, verdict.claim_id)}" if article.imprint.base_url else ""
    return (
        f"claimaudit, version {__version__}: claim {verdict.claim_id} of “{article.title}”, rated “{verdict.rating.words}”. "
        f"Evidence as of {formats.day(verdict.as_of)}.{where}"
    )


def claim_address(article: Article, claim_id: str) -> str:
    """The address of a claim's page on the web, where the dossier says at which address its pages stand; else blank."""
    return article.imprint.address(f"claims/{claim_id}.html") if article.imprint.base_url else ""


def _head(dossier: Dossier, claim: Claim, verdict: Verdict) -> Html:
    """Id, rating, strength of the evidence (else how likely it is), which leads to the sources, the link here, how to cite."""
    sure, likely = (verdict.rated.confidence, verdict.rated.likelihood) if verdict.rated else (None, None)
    here = tag(
        "a", "link", href=f"#claim-{claim.claim_id}", class_="ca-here", aria_label=f"Link to claim {claim.claim_id}"
    )
    words = (
        f"Evidence: {sure.words}"
        if sure
        else f"How likely it is so: {likely.word}"
        if likely
        else "How this was worked out"
    )
    told = tag("a", words, unseen(claim.claim_id), href=f"#{from_anchor(claim.claim_id)}", class_="ca-strength ca-from")
    name = tag("span", claim.claim_id, class_="ca-id")
    cite = tag(
        "details",
        tag("summary", "cite", unseen(claim.claim_id)),
        tag("p", citation(dossier.article, verdict)),
        class_="ca-citing",
    )
    return tag("div", name, rating_badge(verdict.rating), told, here, cite, class_="ca-head")


def _words(dossier: Dossier, claim: Claim, name: str) -> Html:
    """The article's words where the claim quotes them, else the paraphrase; who says it, and the paragraph."""
    title = f"\N{LEFT DOUBLE QUOTATION MARK}{claim.quotation}\N{RIGHT DOUBLE QUOTATION MARK}" if claim.quotation else ""
    place, address = f"paragraph {claim.paragraph}", web_address(dossier.article.url)
    where = tag("a", place, href=address) if address else place
    said = tag("p", f"{_speaker(claim)}, ", where, class_="ca-said")
    key = tag("span", f"{claim.claim_id} ", class_="ca-unseen")  # seen above it; here for contents and screen readers
    return join([tag("h3", key, claimed_words(title or claim.paraphrase), id=f"{name}-title"), said])


def _speaker(claim: Claim) -> str:
    return "The author" if claim.speaker == "author" else formats.capital(claim.speaker)


# -- one line each -----------------------------------------------------------------------------------------------------


def _lines(audit: Audit, verdict: Verdict) -> Html:
    """Relayed faithfully and is it so; then and now; what could change it."""
    rating, relayed = verdict.rating, verdict.rated.relayed if verdict.rated else None
    lines: list[tuple[str, Html | str]] = []
    if relayed is not None:
        lines += [("Relayed faithfully?", f"{formats.capital(relayed.value)}."), ("Is it so?", is_it_so(rating))]
    lines += [("Then and now", _then_and_now(audit, verdict)), ("What could change it", _change(audit, verdict))]
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", words)) for name, words in lines), class_="ca-lines")


def is_it_so(rating: Rating) -> str:
    """The answer on the substance, apart from whether somebody said it."""
    return {
        Badge.RIGHT: "Yes.",
        Badge.RIGHT_BUT: f"Yes, but {rating.reason}.",
        Badge.UNPROVEN: f"Not established: {rating.reason}.",
        Badge.PARTLY_RIGHT: f"In part: {rating.reason}.",
        Badge.WRONG: "No.",
    }[rating.badge]


def _then_and_now(audit: Audit, verdict: Verdict) -> Html | str:
    """One line where the rating was the same, else the earlier answer beside the one above."""
    key = verdict.claim_id
    other = said_then(audit, key)
    if not other:
        days = " and ".join(formats.day(view.day) for view in audit.views[:-1])
        return f"The same with only what was public on {days}." if days else "Judged at one date."
    lines = [
        tag(
            "div", f"Using only what was public on {day}: ", rating_badge(then.rating), ". ",
            linked(audit.dossier, conclusion(then)), class_="ca-answer",
        )
        for day, then in other
    ]  # fmt: skip
    now = tag(
        "div", f"As of {formats.day(verdict.as_of)}: ", rating_badge(verdict.rating), ", as above.", class_="ca-answer"
    )
    return join([*lines, now])


def _change(audit: Audit, verdict: Verdict) -> str:
    """Whether one more source on the deciding question would give another rating; the question stands under "How sure"."""
    flip, part = one_more_source(audit, verdict), verdict.deciding
    if flip is None or part is None:
        return "Nothing likely."
    side = " to the contrary"
    if part.label not in (Label.SUPPORTED, Label.REFUTED):
        side = side_words(flip)
    return f"One more reliable source{side} would change this."


def one_more_source(audit: Audit, verdict: Verdict) -> Flip | None:
    """The flip by one new source on the part that decides, where the rating would then read otherwise."""
    part = verdict.deciding
    for flip in audit.flips[part.part_id, verdict.vintage] if part else ():
        if flip.source == "new independent sources" and flip.threshold == 1:
            claim, rule = audit.dossier.claim(verdict.claim_id), audit.dossier.method.confidence
            after = rated_with(claim, verdict, {flip.part_id: flip.becomes}, rule)
            return flip if after.words != verdict.rating.words else None
    return None
