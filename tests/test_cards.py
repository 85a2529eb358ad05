"""Cards and evidence tables: everything a reader needs is there, escaped, linked and addressable."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pandas as pd
import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import UnknownNameError
from claimaudit.html import Html, card_style, join, tag
from claimaudit.model import Label, Vintage
from claimaudit.show import card_folds, cards, evidence_html, html_tables, provenance, settings_html
from claimaudit.verdict.audit import audit
from claimaudit.verdict.sensitivity import Flip
from samples import CLAIMS, OBSERVATIONS, OTHERS, SOURCES, write_dossier

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(scope="module")
def figs(tmp_path_factory):
    return audit(Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier"))), "figs")


def test_tag_escapes_texts_and_attributes():
    shown = tag("p", "a < b", Html("<b>c</b>"), title='"x"', class_="k", hidden=True, id=None)

    assert str(shown) == '<p title="&quot;x&quot;" class="k" hidden>a &lt; b<b>c</b></p>'


def test_pieces_are_joined_and_shown_with_their_style():
    both = Html("<i>1</i>") + Html("<i>2</i>")

    assert str(both) == str(join([Html("<i>1</i>"), Html("<i>2</i>")]))
    assert both._repr_html_() == f'<style>{card_style()}</style><div class="mathjax_ignore"><i>1</i><i>2</i></div>'


def test_the_stylesheet_binds_every_rule_to_its_own_class():
    plain = re.sub(r"/\*.*?\*/", "", card_style(), flags=re.DOTALL)
    plain = plain.replace('[data-jp-theme-light="false"] ', "")  # JupyterLab's own mark of a theme
    plain = plain.replace("@position-try --ca-", ".ca --")  # a name that only a rule of ours asks for
    selectors = [part.strip() for rule in re.findall(r"([^{}]+)\{", plain) for part in re.split(r",(?![^()]*\))", rule)]

    assert [
        name
        for name in selectors
        if not name.startswith((".ca", '[data-jp-theme-light="false"] .ca', "@media", "@supports"))
    ] == []
    assert "url(" not in plain


def test_a_card_shows_badge_words_parts_both_dates_and_what_could_change(figs):
    card = str(cards.claim_card(figs, "E01"))

    for words in (
        '<section id="claim-E01"',
        '<a href="#claim-E01" class="ca-here" aria-label="Link to claim E01">link</a>',
        '>Unproven</span> <span class="ca-why">disputed</span>',
        "“about 100 crates of figs”",
        'The author, <a href="https://example.org/figs">paragraph 2</a>',
        "<dt>Relayed faithfully?</dt><dd>Source not found.</dd>",
        "<dt>Is it so?</dt><dd>Not established: disputed.</dd>",
        "Using only what was public on 14 March 2023: ",
        '>Right</span> <span class="ca-why">quotation not found</span>',
        "As of 1 June 2024: ",
        "<dt>What could change it</dt>",
        "<summary>Sources and how they weigh</summary>",
        "<summary>How sure</summary>",
        "Had the claimed figure been above 114 crates, it would be wrong.",
        "same rating in every variant of our method",
        "How we read it: ",
        "How it was split: ",
        "The harbour sold about 100 crates of figs in 2022.",
    ):
        assert words in card
    assert "Related facts, not in the text" not in card
    assert "earlier form" not in card


def test_a_card_says_where_roles_are_not_settled_and_shows_what_is_related_folded(audited):
    card = str(cards.claim_card(audited("space"), "M07"))

    assert ("Roles of its parts were taken over from an earlier form and are not yet settled." in card) is audited(
        "space"
    ).dossier.claim("M07").mapped
    assert card.index("The launch was in September 2022") < card.index('class="ca-more') < card.rindex("had launched")


def test_what_a_card_folds_says_how_sure(figs):
    then = replace(figs, views=figs.views[:1])
    card = str(cards.claim_card(then, "E01"))

    assert "<dd>Judged at one date.</dd>" in card
    assert "How likely the point is so: </strong>very likely, 95%. Tried on invented claims" in card
    assert "no likelihood is given for this rating" in str(cards.claim_card(figs, "E01"))


@pytest.mark.parametrize(
    ("survives", "word", "how_many"),
    [
        (1.0, "high", "every variant"),
        (0.98, "high", "9 of 10 variants"),
        (0.7, "fair", "7 of 10 variants"),
        (0.31, "low", "3 of 10 variants"),
    ],
)
def test_firmness_by_hand(survives, word, how_many):
    said = f"{word} (same rating in {how_many} of our method)."

    assert card_folds.firmness(survives) == said


@pytest.mark.parametrize(
    ("label", "becomes", "source", "needed", "words"),
    [
        ("supported", "conflicting", "new", 1, "One more reliable source to the contrary: it would be disputed."),
        ("refuted", "conflicting", "new", 2, "Two more reliable sources to the contrary: it would be disputed."),
        ("not_enough_evidence", "supported", "new", 5, "5 more reliable sources for it: it would hold."),
        (
            "supported",
            "supported",
            "new",
            float("inf"),
            "No number of further reliable sources that is likely to be found.",
        ),
        ("supported", "refuted", "boxes", 9, "With fewer than 9 boxes, it would be wrong."),
    ],
)
def test_what_would_change_an_answer_by_hand(label, becomes, source, needed, words):
    said = f"with fewer than 9 boxes, the label would be {Label(becomes).words}"
    name = "new independent sources" if source == "new" else source
    flip = Flip("E01.number", name, Label(label), Label(becomes), 0, needed, "", said)

    assert card_folds.change_words(flip) == words


def test_what_would_change_a_part_without_rows_leans_nowhere(tmp_path):
    """Nothing was heard, so that a source for it and one against it would turn it alike."""
    later = OBSERVATIONS.replace("gazette,gazette-2023,He said it", "audit,audit-2024,He said it")
    found = audit(Dossier.load(write_dossier(tmp_path, harbour=later)), "figs")
    flip = found.flips["E01.said", Vintage.AT_PUBLICATION][-1]

    assert (
        card_folds.change_words(flip) == "One more reliable source on one side: it would hold, or be wrong, as it says."
    )


def test_the_same_card_has_the_same_bytes(figs):
    again = audit(figs.dossier, "figs")

    assert cards.claim_card(figs, "E01") == cards.claim_card(again, "E01")


def test_evidence_rows_have_anchors_sources_and_grades(figs):
    shown = str(evidence_html.evidence_table(figs))

    assert re.findall(r'id="row-([^"]*)"', shown) == ["fig.audit", "fig.customs", "fig.gazette", "fig.named"]
    assert '<a href="https://example.org/customs">Yearbook of the customs house</a>' in shown
    assert "<b>A1</b>" in shown
    assert "95 crates (90 to 100)" in shown
    assert "Audit office, May 2024" in shown
    assert "after publication" in shown
    assert "Evidence: 4 observations" in shown
    assert '<details class="ca-more"><summary><b>E01</b> 4 observations' in shown


def test_evidence_without_weight_is_shown_too(figs):
    shown = str(evidence_html.evidence_table(audit(figs.dossier, "ferries")))

    assert 'id="row-ferry.rumour"' in shown
    assert "no weight" in shown


def test_rows_a_notebook_refers_to_can_be_added(figs):
    assert 'id="row-ferry.gun"' in str(evidence_html.evidence_table(figs, also=["ferry.gun"]))


def test_a_reference_leads_to_its_row_and_tells_its_source(figs):
    shown = str(provenance.reference(figs.dossier, "fig.gazette", "some 140"))

    assert shown == (
        '<span class="ca-cite"><a href="#row-fig.gazette" aria-describedby="row-fig.gazette" class="ca-ref">some 140</a>'
        '<span class="ca-note"><b>Figs &amp; &lt;b&gt;fables&lt;/b&gt;</b><br>The Gazette, 2 March 2023; grade C3<br>'
        "For 2022; A reporter&#x27;s own count</span></span>"
    )


def test_a_reference_to_nothing_names_the_nearest_row(figs):
    with pytest.raises(UnknownNameError, match=r"fig\.gazette"):
        provenance.reference(figs.dossier, "fig.gazete")


def test_independent_sources_are_listed_with_their_weights(figs):
    then = str(evidence_html.independent_sources_table(figs, "E01.number", Vintage.AT_PUBLICATION))
    now = str(evidence_html.independent_sources_table(figs, "E01.number"))

    assert "audit" not in then
    assert "customs" in then
    assert 'href="#row-fig.audit"' in now


def test_an_independent_source_is_named_as_a_reader_knows_it(figs, project):
    """By its publisher, a party by its state and where it was read, and never by its slug."""
    now = str(evidence_html.independent_sources_table(figs, "E01.number"))

    assert re.findall(r"<tr><th>([^<]*)</th><td>", now) == ["Customs house", "Audit office", "The Gazette"]
    assert provenance.origin_words(project, "rosstat") == project.publishers.at["rosstat", "name"]
    assert provenance.origin_words(project, "hemmati-20210530").startswith("Iran, in ")
    named = [provenance.origin_words(project, row.origin) for row in project.evidence.records.values()]
    assert not [name for name in named if re.search(r"[a-z]-\d{4}", name)]


def test_independent_sources_of_one_name_are_told_apart_by_their_day(audited):
    shown = str(evidence_html.independent_sources_table(audited("space"), "M07.space"))
    names = re.findall(r"<tr><th>([^<]*)</th>", shown)

    assert len(set(names)) == len(names)


def test_leaving_out_an_origin_is_tabled(figs):
    shown = str(evidence_html.leave_one_out_table(figs, "E01.number"))

    assert shown.count("<tr>") == 4
    assert "Would change it" in shown


def test_parameters_show_value_default_and_meaning():
    @dataclass(frozen=True)
    class Parameters:
        crates: int = field(default=100_000, metadata={"help": "crates <sold>"})
        as_of: str = ""

    shown = str(settings_html.parameters_table(Parameters(crates=90_000)))

    assert "90,000" in shown
    assert "100,000" in shown
    assert "crates &lt;sold&gt;" in shown
    assert "blank" in shown
    assert "no parameters" in str(settings_html.parameters_table(None))


def test_the_method_table_shows_every_number(figs):
    shown = str(settings_html.method_table(figs.dossier))

    for words in ("Source reliability A", "Item credibility 6", "Half-width, official", "Supported at or above", "0.8"):
        assert words in shown


def test_a_plain_table_is_accessible_and_formatted():
    frame = pd.DataFrame(
        {"place": ["a<b", None], "worth": [1.5e9, float("nan")], "share": [50.0, 1.0], "ok": [True, False]}
    )
    shown = str(html_tables.table(frame, "A caption", {"share": "percent"}))

    assert "<caption>A caption</caption>" in shown
    assert shown.count('scope="col"') == 4
    assert '<th scope="row">a&lt;b</th>' in shown
    for words in ("1.5 billion", "50%", "–", "yes"):
        assert words in shown


def test_hostile_texts_are_shown_as_text(tmp_path):
    claims = CLAIMS.replace("The harbour sold about", f"{HOSTILE.replace(chr(34), chr(39))} sold about")
    quoted = HOSTILE.replace('"', '""')
    observations = OBSERVATIONS.replace("The counted crates", f'"{quoted}"')
    sources = SOURCES.replace("Yearbook of the customs house", f'"{quoted}"')
    folder = write_dossier(tmp_path, claims=claims, sources=sources, harbour=observations)
    found = audit(Dossier.load(folder), "figs")
    parts = [
        cards.claim_card(found, "E01"),
        evidence_html.evidence_table(found),
        provenance.reference(found.dossier, "fig.customs"),
    ]
    shown = str(join([*parts, evidence_html.independent_sources_table(found, "E01.number")]))

    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "file:///etc/passwd"])
def test_only_web_addresses_become_links(url):
    from claimaudit.show.evidence_html import source_link

    assert "href" not in str(source_link("title", url))


def test_a_row_of_no_claim_that_a_report_refers_to_stands_among_the_further_rows(tmp_path):
    spare = "fig.spare,figs_sold,QUAY,2021-01-01,2021-12-31,7,,,crate,2,,,,reported,,audit,audit-2024,Nobody asks\n"
    claims = CLAIMS.replace('measure = "figs_sold"', 'measure = "figs_sold", entity = "HRB"')
    found = audit(Dossier.load(write_dossier(tmp_path, claims=claims, harbour=OBSERVATIONS + spare)), "figs")
    shown = str(evidence_html.evidence_table(found, also=["fig.spare"]))

    assert "Further rows" in shown
    assert "Nobody asks" in shown


def test_an_open_part_says_what_was_looked_for_and_a_settled_one_does_not(figs):
    verdict = figs.verdict("E01")
    open_ = next(part for part in verdict.parts if part.key == "E01.said")
    noted = replace(open_.part, note="A note. Looked for: the master's own words, in the gazette of 2023.")
    told = replace(open_, grounds=replace(open_.grounds, part=noted))

    assert open_.label is Label.NOT_ENOUGH_EVIDENCE
    assert card_folds.looked_for(told) == "Looked for: the master's own words, in the gazette of 2023."
    assert "Looked for: the master’s own words" in str(card_folds.part_list(figs, [told])).replace(
        "&#x27;", "’"
    ).replace("'", "’")
    assert card_folds.looked_for(replace(told, label=Label.SUPPORTED)) == ""
    assert card_folds.looked_for(open_) == ""


def test_organs_of_one_state_are_one_source_with_what_it_says(tmp_path):
    """Two organs of one state speak in its cause: one source, under the state's name, and both sayings beside it."""
    origins = OTHERS["origins.csv"].replace("customs,voice,,customs-house,,0,", "customs,voice,,customs-house,HRB,0,")
    origins = origins.replace("audit,voice,,,,0,", "audit,voice,,,HRB,0,")
    rows = OBSERVATIONS.replace("95,90,100,crate,1,,,,", "95,90,100,crate,1,,own,,").replace(
        "65,crate,1,,,,", "65,crate,1,,own,,"
    )
    found = audit(Dossier.load(write_dossier(tmp_path, origins=origins, harbour=rows)), "figs")
    shown = str(evidence_html.independent_sources_table(found, "E01.number"))
    state = re.search(r"<tr><th[^>]*>Organs of .*?</tr>", shown)[0]

    assert shown.count("Organs of ") == 1
    assert "95 crates (90 to 100 crates)" in state
    assert "60 crates (55 to 65 crates)" in state


def test_a_year_among_the_settings_has_no_comma_and_a_quantity_has_one():
    @dataclass(frozen=True)
    class Settings:
        from_year: int = 1396
        arms_since: int = 2014
        draws: int = 4000

    cells = re.findall(r"<td[^>]*>([^<]+)</td>", str(settings_html.parameters_table(Settings())))

    assert cells == ["1396", "1396", "2014", "2014", "4,000", "4,000"]
