"""How a dossier's own words are written: by hand, as the project's own dossier has them, and what is refused."""

from __future__ import annotations

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.words import Words
from claimaudit.errors import DossierError
from samples import write_dossier

LISTS = """
acronyms = ["us"]
proper = ["lisbon", "korean"]
phrases = ["North Sea", "South Korean"]

[names]
PRT = "Portugal"
ESP = "Spain"
"""


@pytest.fixture
def words(tmp_path):
    folder = write_dossier(tmp_path)
    (folder / "words.toml").write_text(LISTS, encoding="utf-8")
    return Dossier.load(folder).words


def test_acronyms_proper_nouns_and_phrases_are_written_as_the_dossier_says(words):
    assert words.words("us-estimate") == "US estimate"
    assert words.words("lisbon_north_sea_ports") == "Lisbon North Sea ports"
    assert words.words("south-korean-yard") == "South Korean yard"
    assert words.words("january-count") == "January count"


def test_codes_get_their_names_alone_and_in_pairs(words):
    assert words.country("PRT") == "Portugal"
    assert words.country("PRT-ESP") == "Portugal-Spain"
    assert words.country("PRT-XXX") == "PRT-XXX"
    assert words.entity("PRT-ESP:Boeing 747") == "Portugal-Spain: Boeing 747"
    assert words.entity("PRT:ferries_over_5t") == "Portugal: ferries over 5t"
    assert words.entity("lisbon_bridge") == "Lisbon bridge"
    assert words.entity("Volga-Don canal") == "Volga-Don canal"


def test_a_dossier_without_the_file_has_plain_words(tmp_path):
    dossier = Dossier.load(write_dossier(tmp_path))

    assert dossier.words == Words()
    assert dossier.words.entity("PRT:us_ferries") == "PRT: us ferries"


def test_the_projects_own_words(project):
    assert project.words.words("iran-un-mission") == "Iran UN mission"
    assert project.words.words("samur-yalama-crossing") == "Samur Yalama crossing"
    assert project.words.entity("azov_black_sea_corridor") == "Azov Black Sea corridor"
    assert project.words.entity("RUS-IRN:Su-35") == "Russia-Iran: Su-35"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('acronyms = "us"', "words.toml:1: acronyms: 'us' is no list"),
        ("proper = [3]", "words.toml:1: proper.1: 3 is not a text"),
        ('acronym = ["us"]', "words.toml:1: acronym: the entry is not known; did you mean 'acronyms'?"),
        ("[names]\nPRT = 351", "words.toml:2: names.PRT: 351 is not a text"),
        ("phrases = [", "words.toml:1: it is not valid TOML"),
    ],
)
def test_what_is_no_list_of_words_is_told_with_its_place(tmp_path, text, fault):
    folder = write_dossier(tmp_path)
    (folder / "words.toml").write_text(text, encoding="utf-8")

    with pytest.raises(DossierError) as told:
        Dossier.load(folder)
    assert fault in str(told.value)
