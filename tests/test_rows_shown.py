"""Rows of evidence that nothing on a page refers to are left to the data, and counted."""

from __future__ import annotations

from claimaudit.publish.rows_shown import shortened

HEAD = '<tr><th colspan="5" scope="rowgroup"><b>Crates</b>: the Gazette</th></tr>'


def line(name: str) -> str:
    return f'<tr id="row-{name}"><th>{name}</th></tr>'


def table(*groups: tuple[str, ...]) -> str:
    bodies = "".join("<tbody>" + HEAD + "".join(map(line, own)) + "</tbody>" for own in groups)
    return f'<table class="ca-table ca-stack ca-rows">{bodies}</table>'


def test_rows_that_are_referred_to_stay_and_the_others_are_counted():
    shown = shortened(f'<p><a href="#row-b">95</a></p>{table(("a", "b"), ("c", "d"))}')

    assert 'id="row-b"' in shown
    assert not any(f'id="row-{name}"' in shown for name in "acd")
    assert shown.count(HEAD) == 1
    assert "3 further rows" in shown


def test_a_single_further_row_is_shown_rather_than_counted():
    page = f'<p><a href="#row-b">95</a></p>{table(("a", "b"))}'

    assert shortened(page) == page
