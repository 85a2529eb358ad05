"""The opening of the index: what the audit found in one sentence, three lines and one bar, and the claims to look at first.

All of it is counted from the ratings in hindsight. "Right" alone counts claims without a slip: a claim that is right but for a
printed detail is never among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from claimaudit import formats
from claimaudit.html import Html, join, tag
from claimaudit.outcome import Verdict
from claimaudit.publish.index_rows import IndexRow, slug
from claimaudit.rated import Badge, Open, Rating
from claimaudit.show.badges import rating_badge
from claimaudit.verdict.rating import wrong_words
from claimaudit.verdict.wording import conclusion_text

_BEST_FIRST = tuple(reversed(Badge))


def forecast(rating: Rating | None) -> str:
    """What came of a claim that nothing but forecasts keep open; else nothing. It is neither right nor wrong."""
    reason = rating.reason if rating and rating.badge is Badge.UNPROVEN else ""
    return next((word for open_, word in _CAME.items() if reason.split("; ")[0] == open_.value), "")


def _forecast(row: IndexRow) -> str:
    return forecast(row.rating)


_CAME = {Open.CAME_TRUE: "came true", Open.NOT_IN_TIME: "not in time", Open.FORECAST: "not yet due"}


def _gets_wrong(row: IndexRow) -> bool:
    """Whether a printed part is refuted; of an unproven claim only where its reason names it."""
    rating = row.rating
    if not rating or rating.badge is not Badge.UNPROVEN:
        return bool(rating and rating.refuted)
    return any(wrong_words(part) in rating.reason.split("; ") for part in rating.refuted)


_LISTS = (
    ("wrong", "What it gets wrong", _gets_wrong),
    ("context", "What needs context", lambda row: bool(row.rating and row.rating.context)),
    ("unproven", "What could not be checked", lambda row: row.badge is Badge.UNPROVEN and not _forecast(row)),
    ("forecasts", "Forecasts", lambda row: bool(_forecast(row))),
    ("changed", "What changed since publication", lambda row: row.changed),
)
"""The short lists: anchor, title, and which claims stand in them. A claim may stand in more than one."""


def counts(rows: Iterable[IndexRow]) -> Counter[Badge]:
    """How many claims have each badge in hindsight."""
    return Counter(row.badge for row in rows if row.badge)


def headline(rows: Sequence[IndexRow]) -> str:
    """What the audit found, in one sentence without full stop."""
    of = "the article’s only claim" if len(rows) == 1 else f"the article’s {len(rows)} claims"
    return headline_of([row.badge for row in rows], of, sum(bool(_forecast(row)) for row in rows))


def headline_of(badges: Sequence[Badge | None], of: str, forecasts: int = 0) -> str:
    """The same from the badges (``None``: not judged) of what ``of`` names: ``the article’s 3 claims``.

    ``forecasts`` of the unproven ones could not be proven because they speak of the future.
    """
    many, all_ = Counter(badge for badge in badges if badge), len(badges)
    if not many:
        return f"{formats.count(all_, 'claim')}; no verdict could be computed"
    right = many[Badge.RIGHT]
    if all_ == 1:
        (badge,) = many
        words = {Badge.RIGHT_BUT: "right, but for a detail or missing context"}.get(badge, badge.value.lower())
        return formats.capital(f"{of} is {words}")
    if right == all_:
        return formats.capital(f"{_all(of)} are right")
    lead = f"{right or 'none'} of {of} {'is' if right < 2 else 'are'} right"
    lead = "neither claim tested here is right" if of == "2 claims" and not right else lead
    said = (
        (Badge.RIGHT_BUT, "right but for a slip"),
        (Badge.PARTLY_RIGHT, "right only in part"),
        (Badge.WRONG, "wrong"),
    )
    rest = [f"{many[badge]} {_verb(many[badge], 'is', 'are')} {words}" for badge, words in said if many[badge]]
    open_, missing = many[Badge.UNPROVEN], all_ - many.total()
    of_them = f", {forecasts} of them {_verb(forecasts, 'a forecast', 'forecasts')}" * bool(forecasts)
    speak = f"{forecasts} {_verb(forecasts, 'is a forecast', 'are forecasts')}"
    rest += [speak if open_ == forecasts else f"{open_} could not be proven{of_them}"] * bool(open_)
    rest += [f"{missing} could not be judged"] * bool(missing)
    return formats.capital(f"{lead}; {_listed(rest)}")


def three_lines(rows: Sequence[IndexRow]) -> Html:
    """What is right, what slips, what could not be checked and what came of forecasts, a line each."""
    pairs = (
        ("What is right", _right(rows)),
        ("What it gets wrong", _slips(rows)),
        ("What could not be checked", _unchecked(rows)),
        ("Forecasts", _forecasts(rows)),
    )
    said = [tag("div", tag("dt", name), tag("dd", words)) for name, words in pairs if str(words)]
    return tag("dl", *said, class_="three-lines")


def bar(rows: Sequence[IndexRow]) -> Html:
    """All claims as one bar, best rating first, each stretch as long as its share; below it the same in words."""
    many = [(badge, count) for badge in _BEST_FIRST if (count := counts(rows)[badge])]
    if not many:
        return Html("")
    said = ", ".join(f"{count} {badge.value.lower()}" for badge, count in many)
    stretches = [
        tag(
            "span",
            tag("span", str(count)),
            " ",
            tag("span", badge.value.rstrip(","), class_="word"),
            class_=f"stretch rated-{slug(badge)}",
            style=f"flex-grow:{count}",
        )
        for badge, count in many
    ]
    words = [
        tag("li", tag("span", class_=f"swatch rated-{slug(badge)}"), tag("b", str(count)), f" {_short(badge)}")
        for badge, count in many
    ]
    drawn = tag("div", *stretches, class_="rating-bar", role="img", aria_label=f"Claims by rating: {said}")
    return tag("div", drawn, tag("ul", *words, class_="rating-words"), class_="by-rating", id="ratings")


def short_lists(rows: Sequence[IndexRow]) -> Html:
    """The claims to look at first, each with its badge and its sentence; a list that would be empty is left out."""
    parts = []
    for anchor, title, belongs in _LISTS:
        found = [row for row in rows if belongs(row)]
        if found:
            items = [_item(row, changed=anchor == "changed") for row in sorted(found, key=_worst_first)]
            summary = tag("summary", tag("h2", f"{title} ({len(found)})", id=anchor))
            parts.append(tag("details", summary, tag("ul", *items, class_="briefs"), class_="more"))
    return tag("div", *parts, class_="ca short-lists") if parts else Html("")


def then_line(row: IndexRow) -> str:
    """How a claim that is rated otherwise today was rated by what was public when the article appeared; else nothing."""
    before = row.at_publication
    if not (row.changed and before):
        return ""
    return f"Rated “{before.rating.words}” using only what was public on {formats.day(before.as_of)}."


# -- the lines ----------------------------------------------------------------------------------------------------------


def _right(rows: Sequence[IndexRow]) -> str:
    right = [row for row in rows if row.badge is Badge.RIGHT]
    if not right:
        return ""
    domains = Counter(row.claim.domain for row in right)
    split = " and ".join(f"{count} {domain}" for domain, count in domains.most_common())
    loose = sum(bool(row.rating and row.rating.unsettled) for row in right)
    more = (
        f"; in {loose} of them a quotation or a detail could not be confirmed, and the rating says so" if loose else ""
    )
    return f"{formats.count(len(right), 'claim')} ({split}){more}."


def _slips(rows: Sequence[IndexRow]) -> Html:
    """The claims that are wrong, right in part or but for something: the article's words, and what is so, a line each.

    The lists below lead on: links here would stand between a keyboard and the search.
    """
    said = [
        tag("div", tag("b", f"{words}:"), f" {_quoted(row)} {_sentence(row)} ({row.claim.claim_id})")
        for words, belongs in _GROUPS
        for row in rows
        if belongs(row)
    ]
    return join(said)


_GROUPS = (
    ("Wrong", lambda row: row.badge is Badge.WRONG),
    ("Right in part", lambda row: row.badge is Badge.PARTLY_RIGHT),
    ("Right but for a slip", lambda row: row.badge is Badge.RIGHT_BUT),
    ("Unproven, and wrong in part", lambda row: row.badge is Badge.UNPROVEN and _gets_wrong(row)),
)


def _quoted(row: IndexRow) -> str:
    """The article's own words, where the claim has some; else what it says."""
    return f"“{row.claim.quotation}”." if row.claim.quotation else f"{row.claim.paraphrase.rstrip('.')}."


def _sentence(row: IndexRow) -> str:
    return conclusion_text(row.hindsight) if row.hindsight else ""


def _unchecked(rows: Sequence[IndexRow]) -> str:
    own = [row for row in rows if row.badge is Badge.UNPROVEN and not _forecast(row)]
    missing = sum(row.badge is None for row in rows)
    if not own:
        return f"{formats.count(missing, 'claim')} could not be judged." if missing else ""
    kinds = Counter(_why_open(row) for row in own)
    named = _listed([f"{count} {words}" for words, count in kinds.most_common()])
    more = f" {missing} could not be judged." if missing else ""
    return f"{formats.count(len(own), 'claim')}: {named}.{more}"


def _forecasts(rows: Sequence[IndexRow]) -> str:
    came = Counter(word for row in rows if (word := _forecast(row)))
    if len(came) == 1:
        ((word, many),) = came.items()
        return f"{formats.count(many, 'claim')}, {word}."
    return (
        f"{formats.count(came.total(), 'claim')}: {_listed([f'{n} {word}' for word, n in came.items()])}."
        if came
        else ""
    )


def _why_open(row: IndexRow) -> str:
    reason = row.rating.reason if row.rating else ""
    if reason.startswith("disputed"):
        return "disputed between sources"
    if reason.startswith(Open.UNREAD.value):
        return "in a text that could not be read"
    return (
        "shown in part"
        if " shown" in reason and not reason.startswith(("not", "nothing"))
        else "not shown by open sources"
    )


# -- pieces -------------------------------------------------------------------------------------------------------------


def _item(row: IndexRow, *, changed: bool) -> Html:
    shown: Verdict | None = row.hindsight
    assert shown
    link = tag("a", row.claim.claim_id, href=row.page)
    then = then_line(row) if changed else ""
    more = [tag("span", then, class_="soft")] if then else []
    said = tag("span", conclusion_text(shown), class_="said")
    return tag("li", tag("p", link, " ", rating_badge(shown.rating), class_="brief-head"), said, *more)


def _worst_first(row: IndexRow) -> tuple[int, int]:
    return (row.badge.rank if row.badge else len(Badge)), row.claim.paragraph


def _short(badge: Badge) -> str:
    return "Right, but with a slip or missing context" if badge is Badge.RIGHT_BUT else badge.value


def _all(of: str) -> str:
    """``all of the article’s 3 claims``, ``all 3 claims``, ``both claims``."""
    return "both claims" if of == "2 claims" else f"all of {of}" if of.startswith("the ") else f"all {of}"


def _verb(many: int, one: str, more: str) -> str:
    return one if many == 1 else more


def _listed(items: Sequence[str]) -> str:
    *most, last = items or [""]
    return f"{', '.join(most)}{',' * (len(most) > 1)} and {last}" if most else last
