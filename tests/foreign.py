"""A dossier of another text, whose topics and claims are called as this project's are: as small as the form allows, no code."""

from __future__ import annotations

from pathlib import Path

ARTICLE = """\
title = "A harbour in winter"
author = ""
publisher = "Harbour Council"
published = 2022-05-04
url = ""
language = "pt"
compiled = 2024-02-01

[audit]
title = "The harbour, audited"
authors = ["Quay Desk"]
publisher = "Quay Desk Checks"
version = "2"
base_url = "https://checks.example/harbour/"
"""

CLAIMS = """\
[[claims]]
id = "E14"
paragraph = 1
domain = "public works"
topic = "energy"
speaker = "the author"
speech = "own"
kind = "quantity"
quotation = "burned about 40 tonnes of coal"
split_note = "The amount is all it says"
paraphrase = "The ferry burned about 40 tonnes of coal"
best_reading = "In the winter of 2021"

  [[claims.parts]]
  id = "E14.latest"
  text = "The ferry burned about 40 tonnes of coal in the winter"
  role = "core"
  test = "about"
  unit = "tonne"
  value = 40
  tolerance = 0.2
  evidence = [{ measure = "coal_burned" }]

[[claims]]
id = "M02"
paragraph = 2
domain = "voices"
topic = "opinion"
speaker = "the harbour master"
speech = "saying"
kind = "quotation"
quotation = "said the quay was empty"
split_note = "That he said so is all it says"
paraphrase = "The harbour master said the quay was empty"
best_reading = "At any time that winter"

  [[claims.parts]]
  id = "M02.said"
  text = "The harbour master said that the quay was empty"
  role = "core"
  test = "statement"
  evidence = [{ measure = "emptiness_said" }]
  note = "Looked for, and not found: his own log; a witness. He may keep none."

[[claims]]
id = "E22"
paragraph = 3
domain = "public works"
topic = "trade"
speaker = "the author"
speech = "own"
kind = "trend"
quotation = "fewer crates, and a hidden stock"
split_note = "The fall and the stock are all it says"
paraphrase = "Fewer crates were landed, and some were hidden"
best_reading = "From one year to the next"

  [[claims.parts]]
  id = "E22.fall"
  text = "Fewer crates were landed than the year before"
  role = "core"
  test = "trend"
  direction = "fall"
  evidence = [
    { measure = "crates_landed", start = 2020-01-01, end = 2020-12-31, role = "before" },
    { measure = "crates_landed", start = 2021-01-01, end = 2021-12-31, role = "after" },
  ]

  [[claims.parts]]
  id = "E22.hidden"
  text = "Some crates were hidden"
  role = "core"
  test = "model"
"""

TOPICS = """\
[models]
trade = "quay.stocks"

[trade]
title = "What was landed"
order = 1
[energy]
title = "Coal for the ferry"
question = "Was as much coal burned as printed?"
order = 2
caveats = ["Coal is weighed wet."]
not_found = ["the stoker's own book"]
"""

OTHERS = {
    "article.toml": ARTICLE,
    "claims.toml": CLAIMS,
    "topics.toml": TOPICS,
    "words.toml": "[source_kinds]\nlogbook = true\n",
    "publishers.csv": """\
publisher,name,reliability,reason,x_seen_by
ferry-line,Ferry Line,A,Weighs its coal,Ana
quay-news,Quay News,B,Prints what it hears,
""",
    "sources.csv": """\
source_id,title,publisher,url,published,kind,language,license,reliability,departure,copy_of,seen,archived,x_shelf
log-2021,Log of the ferry,ferry-line,,2022-01-10,logbook,pt,,,,,full,https://archive.example/log,7b
news-2022,Winter on the quay,quay-news,https://news.example/winter,2022-03-01,press,pt,,,,,full,,
""",
    "observations/winter.csv": """\
observation_id,measure,entity,start,end,value,low,high,unit,credibility,said,stake,step,basis,variant,origin,source_id,note,x_page
coal.log,coal_burned,ferry,2021-01-01,2021-12-31,41,40,42,tonne,1,,,,measured,,log,log-2021,Weighed at the bunker,12
coal.news,coal_burned,ferry,2021-01-01,2021-12-31,70,,,tonne,3,,,,reported,,news,news-2022,A guess of the stoker,
said.news,emptiness_said,harbour-master,2022-02-02,2022-02-02,1,,,flag,2,2,,,reported,,news,news-2022,The quay is empty,
crates.2020,crates_landed,quay,2020-01-01,2020-12-31,900,890,910,crate,1,,,,measured,,log,log-2021,Counted at the crane,
crates.2021,crates_landed,quay,2021-01-01,2021-12-31,500,490,510,crate,1,,,,measured,,log,log-2021,Counted at the crane again,
""",
    "measures.csv": """\
measure,unit,forward,meaning
coal_burned,tonne,0,Coal the ferry burned
emptiness_said,flag,0,The harbour master said so
crates_landed,crate,0,Crates landed in a year
""",
    "units.csv": """\
unit,dimension,factor,meaning
tonne,mass,1,1000 kg
crate,crates,1,a crate
flag,flag,1,yes or no
""",
    "origins.csv": """\
origin,kind,depends_on,publisher,state,unnamed,note
log,voice,,ferry-line,,0,
news,voice,,quay-news,,0,
""",
}


def write(folder: Path, **changed: str) -> Path:
    """Write the dossier; ``changed`` replaces files named without their ending, or by ``""`` leaves them out."""
    for name, text in OTHERS.items():
        path = folder / name
        if text := changed.get(path.stem, text):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder
