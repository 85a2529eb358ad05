"""A small, valid dossier on disk, for tests that need one of their own."""

from __future__ import annotations

import re
from pathlib import Path

from claimaudit.dossier.method import usual_text
from claimaudit.dossier.rules import ConfidenceRule

RULE = ConfidenceRule(strong=3, strong_with_record=2, moderate=2)
"""The codebook's rule of confidence."""
DATA = Path(__file__).parents[1] / "data"

ARTICLE = """\
title = "Figs and Ferries"
author = "A. Writer"
publisher = "The Harbour Post"
published = 2023-03-14
url = "https://example.org/figs"
language = "en"
compiled = 2024-06-01
"""

CLAIMS = """\
[[claims]]
id = "E01"
paragraph = 2
domain = "economic"
topic = "figs"
speaker = "the author"
speech = "relayed"
kind = "quantity"
quotation = "about 100 crates of figs"
split_note = "The sale of that size, and that the harbour master named it, are the sentence"
paraphrase = "The harbour sold about 100 crates of figs in 2022"
best_reading = "Sales of figs were near 100 crates, as the customs house counts them"

  [[claims.parts]]
  id = "E01.number"
  text = "Sales in 2022 were about 100 crates"
  role = "core"
  test = "about"
  unit = "crate"
  value = 100
  tolerance = 0.2
  evidence = [{ measure = "figs_sold" }]

  [[claims.parts]]
  id = "E01.said"
  text = "The harbour master named the figure"
  role = "quote"
  test = "statement"
  evidence = [{ measure = "figure_named" }]

[[claims]]
id = "M01"
paragraph = 3
domain = "military"
topic = "ferries"
speaker = "a harbour source"
speech = "own"
kind = "event"
quotation = "a ferry was armed"
split_note = "The gun is all the sentence says"
paraphrase = "A ferry was armed"
best_reading = "At least one ferry carried a gun"

  [[claims.parts]]
  id = "M01.armed"
  text = "A ferry carried a gun by March 2023"
  role = "core"
  test = "event"
  evidence = [{ measure = "ferry_armed" }]
"""

SOURCES = """\
source_id,title,publisher,url,published,kind,language,license,reliability,departure,copy_of,seen
customs-2022,Yearbook of the customs house,customs-house,https://example.org/customs,2023-02-01,official-statistics,en,,,,,full
gazette-2023,Figs & <b>fables</b>,the-gazette,https://example.org/gazette?a=1&b=2,2023-03-02,press,en,,,,,excerpt
audit-2024,Audit of the harbour,audit-office,,2024-05,official-statistics,en,,,,,full
"""

PUBLISHERS = """\
publisher,name,reliability,reason
customs-house,Customs house,A,Counts every crate
the-gazette,The Gazette,C,Prints what it hears at the quay
audit-office,Audit office,A,Recounts with two clerks
"""

OBSERVATIONS = """\
observation_id,measure,entity,start,end,value,low,high,unit,credibility,said,stake,step,basis,variant,origin,source_id,note
fig.customs,figs_sold,HRB,2022-01-01,2022-12-31,95,90,100,crate,1,,,,official,,customs,customs-2022,The counted crates
fig.gazette,figs_sold,HRB,2022-01-01,2022-12-31,140,,,crate,3,,,,reported,loose-count,gazette,gazette-2023,A reporter's own count
fig.audit,figs_sold,HRB,2022-01-01,2022-12-31,60,55,65,crate,1,,,,measured,,audit,audit-2024,Recount after the fire
fig.named,figure_named,HRB,2023-03-01,2023-03-01,1,,,flag,2,,,,reported,,gazette,gazette-2023,He said it at the quay
ferry.gun,ferry_armed,HRB,2023-01-05,2023-01-05,1,,,event,2,,,,reported,,gazette,gazette-2023,A gun on the foredeck
ferry.rumour,ferry_armed,HRB,2023-01-05,2023-01-05,0,,,event,6,,,,reported,,audit,audit-2024,Could not be judged
"""

OTHERS = {
    "article.toml": ARTICLE,
    "claims.toml": CLAIMS,
    "publishers.csv": PUBLISHERS,
    "sources.csv": SOURCES,
    "observations/harbour.csv": OBSERVATIONS,
    "measures.csv": """\
measure,unit,forward,meaning
figs_sold,crate,0,Crates of figs sold in a year
figure_named,flag,0,The harbour master named the figure
ferry_armed,event,0,A ferry carried a gun
""",
    "units.csv": """\
unit,dimension,factor,meaning
crate,crates,1,crate of figs
flag,flag,1,yes or no
event,event,1,it happened or not
""",
    "origins.csv": """\
origin,kind,depends_on,publisher,state,unnamed,note
customs,voice,,customs-house,,0,
gazette,voice,,the-gazette,,0,
audit,voice,,,,0,
""",
}


def write_dossier(folder: Path, **changed: str) -> Path:
    """Write the dossier into ``folder`` and return it.

    ``changed`` replaces whole files, named without their ending: ``write_dossier(tmp_path, claims="...")``. The method
    is the project's own but for numbers that are calibrated, which are round: what is worked out by hand stays as it is.
    """
    for name, text in OTHERS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed.get(path.stem, text), encoding="utf-8")
    (folder / "method.toml").write_text(method(), encoding="utf-8")
    return folder


CALIBRATED = {
    "grades.credibility": {"1": 0.98, "2": 0.85, "3": 0.65},
    "pool": {"dependence": 0.5},
    "labels": {"supported": 0.8, "refuted": 0.2},
}
"""Numbers of the method that the samples have of their own."""


def method() -> str:
    """The whole method, the package's and the project's, with the samples' own numbers; each must stand there once."""
    text = f"{usual_text()}\n{(DATA / 'method.toml').read_text(encoding='utf-8')}"
    for table, numbers in CALIBRATED.items():
        before, head, rest = text.partition(f"\n[{table}]\n")
        own, mark, after = rest.partition("\n[")
        for key, value in numbers.items():
            own, found = re.subn(rf"(?m)^{key} = [\d.]+$", f"{key} = {value}", own)
            assert found == 1, f"{table}.{key}"
        text = before + head + own + mark + after
    return text
