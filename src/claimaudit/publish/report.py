"""A finished notebook as one self-contained page.

Code is folded, exploring cells and their widgets are left out, and the page holds nothing that depends on when, where
or how often it was made: the same notebook gives the same bytes.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import pass_context
from mistune import HTMLRenderer
from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets.config import Config

from claimaudit.html import Html
from claimaudit.inert import SHOWN
from claimaudit.publish import displays
from claimaudit.publish.arranged import ANCHORS, arranged, code_switch, contents_of
from claimaudit.publish.clean import EDGE, Cleaner
from claimaudit.publish.page import Meta, facts, page
from claimaudit.publish.plain_tables import fitted
from claimaudit.publish.rows_shown import shortened
from claimaudit.publish.stand_ins import Attachments

LEFT_OUT = "explore"
"""The tag of cells that only make sense in JupyterLab."""
CELL = "\1"
"""Parts a body into its cells."""
_PARAMETERS = {"parameters": "Default parameters", "injected-parameters": "Parameters of this run"}
_ENDS = re.compile(r"^\*\*(Caveats|Limits|Not found|What we could not find)\.\*\*[ \t]*", re.MULTILINE)
"""Paragraphs that a page gives a heading of their own."""
_TRIAL = re.compile(r"^(?:\*\*Change this\.\*\*|#+ Change this\s*\n).*?(?:\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
"""What a reader may try out in the notebook, which a page cannot."""
_RUN_AGAIN = re.compile(r"(?<=[.!?]) Change a line and run it again: nothing here writes a file\.")
"""The same in a sentence."""
_TITLES = {"Caveats": "Limits", "Not found": "What we could not find"}
_LINKED = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x07")
"""Sequences of a terminal that are no colours: titles, links, the bell."""
_UNSTYLED = re.compile(r'<span class="(?!(?:k|kn|kc|ow|c1|sd|s1|s2|sa|mi|mf)")\w+">([^<]*)</span>')
_SPLIT = re.compile(r'(<span class="(\w+)">[^<]*)</span><span class="\2">([^<]*)')
"""Marks of code that the stylesheet does not set apart, and neighbours of one kind."""


def export(notebook_node: NotebookNode, *, title: str, meta: Meta | None = None) -> str:
    """The report of an executed notebook as HTML.

    ``title`` names the page; it is the heading too when the notebook has none of its own.
    """
    meta = meta or Meta()
    exporter = _exporter()
    body, _ = exporter.from_notebook_node(prepared(notebook_node))
    cleaner = Cleaner(ANCHORS)
    pieces, attached = [], iter(exporter.attached)
    for cell in body.split(CELL):
        pieces.append(cleaner.clean(cell, [*islice(attached, cell.count(EDGE) // 2)], framed=True))
    whole = arranged(pieces, title, facts(meta.facts))
    if '<div class="code">' in whole:
        whole = f"{whole}\n{code_switch()}"
    whole = fitted(shortened(linked_rows(whole)))
    return page(title, Html(whole), meta=meta, headings=contents_of(whole, cleaner.headings))


@cache
def _exporter() -> _Exporter:
    """One a process: its templates are compiled once."""
    templates = Path(__file__).with_name("templates")
    return _Exporter(
        config=Config(),
        template_name="claimaudit",
        extra_template_basedirs=[str(templates)],
        exclude_anchor_links=True,
        optimistic_validation=True,  # once in the end, not after each of its steps
    )


class _Exporter(HTMLExporter):
    """nbconvert's exporter without its second look at the finished page, which the cleaner takes (half of the time).

    ``attached`` holds the attachments of each piece of HTML that comes from the notebook, in the page's order.
    """

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **kw: Any) -> tuple[str, dict]:
        self.attached: list[Attachments] = []
        highlight = Highlight2HTML(pygments_lexer="python", parent=self)
        self.register_filter("highlight_code", lambda *args, **kw: _lighter(highlight(*args, **kw)))
        self.register_filter("piece", self.piece)
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    def piece(self, html: str, attached: Attachments | None = None) -> str:
        """HTML from the notebook, marked off from the page's own."""
        self.attached.append(attached or {})
        return f"{EDGE}{_unmarked(html)}{EDGE}"

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Markdown as a piece of HTML; pictures attached to the cell are put in by the cleaner."""
        attached = context.get("cell", {}).get("attachments", {})
        for name in attached:  # names with spaces and brackets, as they were before front ends wrote them encoded
            source = source.replace(f"](attachment:{name})", f"](attachment:{quote(name)})")
        renderer = _Renderer(escape=False, exclude_anchor_links=self.exclude_anchor_links)
        return self.piece(MarkdownWithMath(renderer=renderer).render(source), attached)


class _Renderer(IPythonRenderer):
    """Leaves pictures as the Markdown names them: the one of nbconvert gives up the page where an attachment is missing."""

    def image(self, *arguments: Any, **options: Any) -> str:
        return HTMLRenderer.image(self, *arguments, **options)


def prepared(notebook_node: NotebookNode) -> NotebookNode:
    """A copy with what a report shows: no exploring cells, no warnings, no widgets, no traces of the run."""
    notebook = copy.deepcopy(notebook_node)
    notebook.metadata = NotebookNode({"language_info": {"name": "python"}})
    kept = [cell for cell in notebook.cells if LEFT_OUT not in cell.metadata.get("tags", [])]
    for cell in kept:
        if cell.cell_type == "markdown":
            cell.source = _RUN_AGAIN.sub("", _TRIAL.sub("", cell.source))
    notebook.cells = [part for cell in kept for part in _parted(cell)]
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        fold = next((words for tag, words in _PARAMETERS.items() if tag in tags), "Code")
        cell.metadata = NotebookNode({"fold": fold})
        cell.source = _unmarked(cell.source)
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [shown for output in cell.outputs for shown in _shown(output)]
    return notebook


def _parted(cell: NotebookNode) -> list[NotebookNode]:
    """A cell of text as several where paragraphs in it are the report's limits, or what was not found."""
    if cell.cell_type != "markdown" or not _ENDS.search(cell.source):
        return [cell]
    before, *parts = _ENDS.split(cell.source)
    sources = [before] if before.strip() else []
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        sources.append(f"## {_TITLES.get(name, name)}\n\n{text.strip()[:1].upper()}{text.strip()[1:]}")
    name = str(cell.get("id", "cell"))[:48]
    return [
        NotebookNode({**cell, "id": f"{name}-part-{number}", "metadata": NotebookNode(), "source": source})
        for number, source in enumerate(sources)
    ]


def linked_rows(html: str) -> str:
    """A page in which cells of tables that hold the id of an observation, as pandas writes them, lead to its evidence row."""
    known = set(re.findall(r'\sid="row-([^"]*)"', html))

    def link(cell: re.Match[str]) -> str:
        name = cell[3]
        return f'<{cell[1]}{cell[2]}><a href="#row-{name}">{name}</a></{cell[1]}>' if name in known else cell[0]

    return re.sub(r"<(t[hd])((?:\s[^>]*)?)>([^<>\s]+)</\1>", link, html) if known else html


def broken_links(html: str) -> list[str]:
    """Anchors a page links to but does not have."""
    anchors = set(re.findall(r'\sid="([^"]*)"', html))
    return sorted({name for name in re.findall(r'\shref="#([^"]*)"', html) if name not in anchors})


def _shown(output: Any) -> Iterator[Any]:
    """What a report shows of an output: what was printed, the one form of a display, an error; no warnings."""
    if output.output_type == "stream":
        if output.name == "stdout":
            text = _LINKED.sub("", output.text).replace("\r\n", "\n")
            output.text = _unmarked(_last_state(text))
            yield output
    elif output.output_type == "error":
        output.ename, output.evalue = map(_unmarked, (output.ename, output.evalue))
        yield output
    elif form := displays.shown(output.data):
        output.data = NotebookNode(form)
        yield output


def _lighter(code: str) -> str:
    """Highlighted code without the marks that the stylesheet does not set apart, neighbours of one kind under one mark."""
    code = code.replace('<div class=" highlight hl-python">', '<div class="highlight">').replace("<span></span>", "")
    code, found = _UNSTYLED.sub(r"\1", code), 1
    while found:
        code, found = _SPLIT.subn(r"\1\3", code)
    return code


def _unmarked(text: str) -> str:
    """A text that cannot be taken for the marks between cells and pieces."""
    return text.replace(EDGE, SHOWN).replace(CELL, SHOWN)


def _last_state(text: str) -> str:
    """Lines that were written over by carriage returns (bars of progress) as they stood in the end."""
    if "\r" not in text:
        return text
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
