"""The reasons of the method's numbers are read from the file that holds the numbers."""

from __future__ import annotations

from claimaudit.dossier.method_reasons import reasons

TEXT = """\
# The whole file.

[first]
# Why the table
# is so.
a = 1
# Why b.
b = "x # y"  # and more
[first.second]
c = { why = "a # in a text" }  # c's own
# -- a divider ---

# Why the list.
[[list]]
name = "n"
"""


def test_comments_are_found_by_what_they_explain():
    assert reasons(TEXT) == {
        "": "The whole file.",
        "first": "Why the table is so.",
        "first.b": "Why b. and more",
        "first.second.c": "c's own",
        "list": "Why the list.",
    }


def test_every_table_of_the_projects_method_says_why(project):
    found = project.method.reasons

    for name in ("grades.reliability", "grades.credibility", "widths", "pool", "labels", "floor", "sweep"):
        assert len(found[name]) > 40, name
    for topic, numbers in project.method.topics.items():
        alone = all(
            f"topics.{topic}.{key}" in found or (isinstance(v, dict) and v.get("why")) for key, v in numbers.items()
        )
        assert alone or f"topics.{topic}" in found, topic
