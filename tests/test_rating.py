"""Badge, reason, strict label and "relayed faithfully?" of a claim from its parts: cases by hand, and what always holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.model import Label, Role
from claimaudit.rated import Badge, Conflict, Open, Printed, RatedPart, Relayed, Sources
from claimaudit.verdict.confidence import confidence
from claimaudit.verdict.labels import label_as_printed
from claimaudit.verdict.likelihood import likelihood
from claimaudit.verdict.rating import badge_of, rating, relayed
from samples import RULE

S, R, N, C = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE, Label.CONFLICTING
SOURCES, MISLEADING = Conflict.SOURCES, Conflict.MISLEADING


def part(role, label, name="", **more):
    return RatedPart(more.pop("part_id", f"{role}.{name}"), Role(role), label, name, **more)


PLANT, TARIFF = part("core", S, "plant"), part("link", S, "tariff")
MONTH = part("detail", R, "month", wrong="wrong month", right="9 May 2019")
CLOSED = part("context", S, "opening", misleads="the plant never opened")
QUOTE = part("quote", N, "quotation")


def items(*labels):
    return [part("core", label, f"item {number}") for number, label in enumerate(labels)]


CASES = {
    # -- Wrong: a core or link part is refuted and none holds
    "no plant was built": ([part("core", R, "plant")], Badge.WRONG, "", R, None),
    "no plant, and its reason is open": ([part("core", R), part("link", N)], Badge.WRONG, "", R, None),
    "no plant, and its reason is disputed": ([part("core", R), part("link", C)], Badge.WRONG, "", R, None),
    "no plant, though the month is right": ([part("core", R), part("detail", S, "month")], Badge.WRONG, "", R, None),
    # -- Partly right: one holds and one is refuted
    "two of six sectors, three open": (items(S, S, R, N, N, N), Badge.PARTLY_RIGHT, "2 of 6 hold, 3 open", R, None),
    "one of two sectors": (items(S, R), Badge.PARTLY_RIGHT, "1 of 2 holds", R, None),
    "one of four sectors, one disputed, one open": (
        items(S, R, C, N), Badge.PARTLY_RIGHT, "1 of 4 holds, 1 disputed, 1 open", R, None,
    ),
    "a plant, but not to escape the tariff": (
        [PLANT, part("link", R, "tariff")], Badge.PARTLY_RIGHT, "not for that reason", R, None,
    ),
    "a plant, but it brought no jobs": (
        [PLANT, part("link", R, "jobs", wrong="without that result")], Badge.PARTLY_RIGHT, "without that result", R, None,
    ),
    "a plant, not for the tariff, for the jobs open": (
        [PLANT, part("link", R, "tariff"), part("link", N, "jobs")], Badge.PARTLY_RIGHT, "1 of 3 holds, 1 open", R, None,
    ),
    "the effect is not so, its link is": ([part("core", R), TARIFF], Badge.PARTLY_RIGHT, "1 of 2 holds", R, None),
    "one of two sectors, in the wrong month": (
        [*items(S, R), MONTH], Badge.PARTLY_RIGHT, "1 of 2 holds; wrong month", R, None,
    ),
    # -- Unproven: a core or link part is conflicting or open
    "whether it was built is disputed": ([part("core", C)], Badge.UNPROVEN, "disputed", C, SOURCES),
    "built, its reason is disputed": ([PLANT, part("link", C)], Badge.UNPROVEN, "disputed", C, SOURCES),
    "disputed beside what is open": (items(C, N), Badge.UNPROVEN, "disputed", C, SOURCES),
    "the report was not read": ([part("core", N, open=Open.UNREAD)], Badge.UNPROVEN, "text not read", N, None),
    "the plant is shown, the report on its sum not read": (
        [PLANT, part("core", N, "sum", open=Open.UNREAD)], Badge.UNPROVEN, "text not read", N, None,
    ),
    "one text not read, one thing not shown": (
        [part("core", N, "sum", open=Open.UNREAD), part("core", N, "bank")], Badge.UNPROVEN, "nothing shown", N, None,
    ),
    "the plant will open": ([part("core", N, open=Open.FORECAST)], Badge.UNPROVEN, "forecast, open", N, None),
    "an agreement by which the plant will open": (
        [part("core", S, "agreement"), part("core", N, "opening", open=Open.FORECAST)], Badge.UNPROVEN, "forecast, open", N, None,
    ),
    "the plant has opened as foretold": (
        [part("core", N, open=Open.CAME_TRUE)], Badge.UNPROVEN, "forecast, came true", N, None,
    ),
    "the plant had not opened by the review day": (
        [part("core", N, open=Open.NOT_IN_TIME)], Badge.UNPROVEN, "forecast, not by the review day", N, None,
    ),
    "two forecasts, one of which came true": (
        [part("core", N, "opening", open=Open.CAME_TRUE), part("core", N, "jobs", open=Open.FORECAST)],
        Badge.UNPROVEN, "forecast, open", N, None,
    ),
    "a forecast and an open sum": (
        [part("core", S, "agreement"), part("core", N, "opening", open=Open.FORECAST), part("core", N, "sum")],
        Badge.UNPROVEN, "agreement shown, opening and sum not", N, None,
    ),
    "the agreement is shown, the sum not": (
        [part("core", S, "agreement"), part("core", N, "sum")], Badge.UNPROVEN, "agreement shown, sum not", N, None,
    ),
    "three things are shown": (
        [part("core", S, "agreement"), part("core", S, "bank"), part("core", S, "day"), part("link", N, "reason")],
        Badge.UNPROVEN, "agreement, bank and day shown, reason not", N, None,
    ),
    "one of two is shown, and they have no names": (
        [part("core", S, part_id="a"), part("core", N, part_id="b")], Badge.UNPROVEN, "1 of 2 shown", N, None,
    ),
    "nobody tells of the plant": ([part("core", N, "plant")], Badge.UNPROVEN, "not shown", N, None),
    "an open plant, not in that month": (
        [part("core", N, "plant"), MONTH], Badge.UNPROVEN, "not shown; wrong month", R, None,
    ),
    "misleading, but not shown": ([part("core", N), CLOSED], Badge.UNPROVEN, "not shown", N, None),
    # -- Right, but: the point holds, a detail or quote is refuted or context misleads
    "a plant in Poland, not in May": ([PLANT, TARIFF, MONTH], Badge.RIGHT_BUT, "wrong month", R, None),
    "the minister did not put it at 40 million": (
        [PLANT, part("quote", R, "minister", wrong="said by another")], Badge.RIGHT_BUT, "said by another", R, None,
    ),
    "an altered quotation without words of its own": ([PLANT, part("quote", R)], Badge.RIGHT_BUT, "not said so", R, None),
    "two quotations without words of their own": (
        [PLANT, part("quote", R, "harbour mail"), part("quote", R, "minister")],
        Badge.RIGHT_BUT, "harbour mail: not said so; minister: not said so", R, None,
    ),
    "a wrong bank without words of its own": ([PLANT, part("detail", R, "bank")], Badge.RIGHT_BUT, "wrong bank", R, None),
    "a wrong detail without a name": ([PLANT, part("detail", R)], Badge.RIGHT_BUT, "wrong detail", R, None),
    "the plant never opened": (
        [PLANT, CLOSED], Badge.RIGHT_BUT, "needs context: the plant never opened", C, MISLEADING,
    ),
    "the wrong month, and it never opened": (
        [PLANT, MONTH, CLOSED], Badge.RIGHT_BUT, "wrong month; needs context: the plant never opened", R, None,
    ),
    "the wrong month, and the quotation not found": ([PLANT, MONTH, QUOTE], Badge.RIGHT_BUT, "wrong month", R, None),
    # -- Right: what is not established is named
    "a plant to escape the tariff, in May": ([PLANT, TARIFF, part("detail", S, "month")], Badge.RIGHT, "", S, None),
    "the quotation is not found": ([PLANT, QUOTE], Badge.RIGHT, "quotation not found", S, None),
    "the text of the quotation is not read": (
        [PLANT, part("quote", N, open=Open.UNREAD)], Badge.RIGHT, "quotation not read", S, None,
    ),
    "what was said is disputed": ([PLANT, part("quote", C)], Badge.RIGHT, "quotation disputed", S, None),
    "the month is disputed": ([PLANT, part("detail", C, "month")], Badge.RIGHT, "month disputed", S, None),
    "the month is open, and so is the quotation": (
        [PLANT, QUOTE, part("detail", N, "month")], Badge.RIGHT, "month not shown; quotation not found", S, None,
    ),
    "whether the plant opened is open": (
        [PLANT, part("context", N, misleads="the plant never opened")], Badge.RIGHT, "", S, None,
    ),
    "whether the plant opened is disputed": (
        [PLANT, part("context", C, misleads="the plant never opened")], Badge.RIGHT, "", S, None,
    ),
    "a context that is not so": ([PLANT, part("context", R, "jobs")], Badge.RIGHT, "", S, None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_rating_and_label_by_hand(case):
    parts, badge, reason, label, conflict = case
    found = rating(parts)

    assert (found.badge, found.reason) == (badge, reason)
    assert label_as_printed(parts) == Printed(label, conflict)


def test_a_badge_in_one_line():
    assert rating([PLANT, MONTH]).words == "Right, but wrong month"
    assert rating([part("core", N, open=Open.UNREAD)]).words == "Unproven: text not read"
    assert rating([PLANT, QUOTE]).words == "Right: quotation not found"
    assert rating([PLANT]).words == "Right"
    assert rating([part("core", R)]).words == "Wrong"


def test_a_rating_carries_what_a_page_may_not_leave_out():
    parts = [part("core", R, "plant", right="an office"), PLANT_OF_ANOTHER, MONTH, QUOTE, CLOSED]
    found = rating(parts)

    assert [(one.name, one.right) for one in found.refuted] == [("plant", "an office"), ("month", "9 May 2019")]
    assert found.unsettled == (QUOTE,)
    assert found.context == (CLOSED,)


PLANT_OF_ANOTHER = part("core", N, "owner")


@pytest.mark.parametrize(
    ("labels", "answer"),
    [
        ([], None),
        ([S], Relayed.YES),
        ([S, S], Relayed.YES),
        ([S, R], Relayed.NO),
        ([N, R], Relayed.NO),
        ([C, R], Relayed.NO),
        ([S, N], Relayed.NOT_FOUND),
        ([N], Relayed.NOT_FOUND),
        ([C], Relayed.DISPUTED),
        ([C, N], Relayed.DISPUTED),
    ],
)
def test_relayed_faithfully(labels, answer):
    """According to the minister 40 million went over: that she said so, and the words in quotation marks."""
    quotes = [part("quote", label, part_id=f"quote.{number}") for number, label in enumerate(labels)]

    assert relayed([part("core", N, "number"), *quotes]) is answer


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: rating([TARIFF]), "no part is core"),
        (lambda: label_as_printed([CLOSED]), "no part is core"),
        (lambda: rating([PLANT, PLANT]), "two parts have one id"),
        (lambda: part("detail", S, misleads="why"), "only context misleads"),
        (lambda: part("core", S, open=Open.CAME_TRUE), "forecast"),
        (lambda: part("core", R, open=Open.UNREAD), "text not read"),
        (lambda: part("core", S, probability=1.2), "from 0 to 1"),
        (lambda: part("core", S, probability=-0.1), "from 0 to 1"),
        (lambda: Sources(2, parties=3), "3 of 2 sources"),
        (lambda: Sources(0, primary=True), "primary record"),
    ],
)
def test_what_cannot_be_rated_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# -- what always holds -------------------------------------------------------------------------------------------------


@st.composite
def any_part(draw, number, role=None):
    role = role or draw(st.sampled_from(Role))
    label = draw(st.sampled_from(Label))
    count = draw(st.integers(0, 4))
    return RatedPart(
        f"p{number}",
        role,
        label,
        draw(st.sampled_from(["", f"name {number}"])),
        draw(st.sampled_from(["", f"wrong {number}"])),
        misleads=draw(st.sampled_from(["", f"why {number}"])) if role is Role.CONTEXT else "",
        open=draw(st.sampled_from(Open)) if label is N else Open.EVIDENCE,
        probability=draw(st.none() | st.floats(0, 1)),
        sources=Sources(
            count,
            draw(st.integers(0, count)),
            bool(count) and draw(st.booleans()),
            draw(st.booleans()),
            draw(st.booleans()),
        ),
    )


@st.composite
def claims(draw):
    """Parts of one claim, the first of them core."""
    count = draw(st.integers(0, 6))
    return [draw(any_part(0, Role.CORE)), *(draw(any_part(number)) for number in range(1, count + 1))]


def everything(parts):
    return rating(parts), label_as_printed(parts), likelihood(parts), confidence(parts, RULE), relayed(parts)


@given(parts=claims(), data=st.data())
def test_the_order_of_parts_is_irrelevant(parts, data):
    assert everything(data.draw(st.permutations(parts))) == everything(parts)


def relabelled(one, label):
    return RatedPart(one.part_id, one.role, label, one.name, one.wrong, misleads=one.misleads)


BETTER = {R: [N, C, S], N: [S], C: [S], S: []}


@given(parts=claims(), data=st.data())
def test_more_support_for_a_printed_part_never_worsens_a_badge(parts, data):
    chosen = data.draw(st.sampled_from([number for number, one in enumerate(parts) if one.role.is_printed]))
    better = data.draw(st.sampled_from([*BETTER[parts[chosen].label], S]))
    raised = [relabelled(one, better) if number == chosen else one for number, one in enumerate(parts)]

    assert badge_of(raised).rank >= badge_of(parts).rank


@given(parts=claims())
def test_a_refuted_printed_part_never_leaves_a_bare_right(parts):
    found = rating(parts)
    wrong = {one for one in parts if one.role.is_printed and one.refuted}

    assert set(found.refuted) == wrong
    assert not (wrong and found.badge is Badge.RIGHT)
    if found.badge is not Badge.WRONG:
        for one in wrong:
            if one.role in (Role.DETAIL, Role.QUOTE) and one.wrong:
                assert one.wrong in found.words
    if found.badge in (Badge.RIGHT_BUT, Badge.PARTLY_RIGHT, Badge.UNPROVEN):
        assert found.reason


@given(parts=claims(), label=st.sampled_from(Label))
def test_context_never_blocks(parts, label):
    """Evidence at one remove may be anything: it moves nothing that is said of the sentence."""
    assert everything([*parts, RatedPart("extra", Role.CONTEXT, label)]) == everything(parts)


@given(parts=claims())
def test_label_and_badge_agree(parts):
    printed, badge = label_as_printed(parts), badge_of(parts)
    slips = any(one.refuted for one in parts if one.role in (Role.DETAIL, Role.QUOTE))
    agree = {
        Badge.RIGHT: {Printed(S)},
        Badge.WRONG: {Printed(R)},
        Badge.PARTLY_RIGHT: {Printed(R)},
        Badge.RIGHT_BUT: {Printed(R)} if slips else {Printed(C, MISLEADING)},
        Badge.UNPROVEN: {Printed(R)} if slips else {Printed(C, SOURCES), Printed(N)},
    }

    assert printed in agree[badge]
    assert badge is rating(parts).badge


@given(parts=claims())
def test_a_claim_with_a_forecast_at_its_point_is_never_right(parts):
    forecast = RatedPart("forecast", Role.CORE, N, open=Open.CAME_TRUE)

    assert badge_of([*parts, forecast]) not in (Badge.RIGHT, Badge.RIGHT_BUT)
    assert badge_of([forecast]) is Badge.UNPROVEN


@given(parts=claims())
def test_a_claim_relays_only_what_it_quotes(parts):
    assert (relayed(parts) is None) == (not any(one.role is Role.QUOTE for one in parts))
