"""A finished notebook as one self-contained page.

Code is folded, exploring cells and their widgets are left out, and the page holds nothing that depends on when, where
or how often it was made: the same notebook gives the same bytes.
"""

from __future__ import annotations

import copy
import re
from importlib import resources
from typing import Any

from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode
from traitlets.config import Config

from claimaudit.html import Html, escape
from claimaudit.publish.page import Cleaner, Meta, facts, page

LEFT_OUT = "explore"
"""The tag of cells that only make sense in JupyterLab."""
_PARAMETERS = {"parameters": "Show the default parameters", "injected-parameters": "Show the parameters of this run"}
_WIDGET = "application/vnd.jupyter.widget-view+json"


def export(notebook_node: NotebookNode, *, title: str, meta: Meta | None = None) -> str:
    """The report of an executed notebook as HTML.

    ``title`` names the page; it is the heading too when the notebook has none of its own.
    """
    meta = meta or Meta()
    with resources.as_file(resources.files("claimaudit.publish").joinpath("templates")) as templates:
        exporter = _Exporter(
            config=Config(),
            template_name="claimaudit",
            extra_template_basedirs=[str(templates)],
            exclude_anchor_links=True,
        )
        body, _ = exporter.from_notebook_node(prepared(notebook_node))
    cleaner = Cleaner()
    cleaned = cleaner.clean(body)
    if not any(heading.level == 1 for heading in cleaner.headings):
        cleaned = f"<h1>{escape(title)}</h1>\n{cleaned}"
    if meta.facts:
        cleaned = cleaned.replace("</h1>", f"</h1>\n{facts(meta.facts)}", 1)
    return page(title, Html(cleaned), meta=meta, headings=cleaner.headings)


class _Exporter(HTMLExporter):
    """nbconvert's exporter without its second look at the finished page, which the cleaner takes (half of the time)."""

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **kw: Any) -> tuple[str, dict]:
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="python", parent=self))
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


def prepared(notebook_node: NotebookNode) -> NotebookNode:
    """A copy with what a report shows: no exploring cells, no warnings, no widgets, no traces of the run."""
    notebook = copy.deepcopy(notebook_node)
    notebook.metadata = NotebookNode({"language_info": {"name": "python"}})
    notebook.cells = [cell for cell in notebook.cells if LEFT_OUT not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        fold = next((words for tag, words in _PARAMETERS.items() if tag in tags), "Show the code")
        cell.metadata = NotebookNode({"fold": fold})
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [output for output in cell.outputs if _shown(output)]
    return notebook


def broken_links(html: str) -> list[str]:
    """Anchors a page links to but does not have."""
    anchors = set(re.findall(r'\sid="([^"]*)"', html))
    return sorted({name for name in re.findall(r'\shref="#([^"]*)"', html) if name not in anchors})


def _shown(output: Any) -> bool:
    if output.output_type == "stream":
        return output.name == "stdout"
    return _WIDGET not in output.get("data", {})
