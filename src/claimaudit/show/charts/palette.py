"""The colours of charts, and what tells series and labels apart beside them: markers, dashes.

Labels have the same colours in the stylesheets, which cannot import: ``cards.css`` and ``publish/page.css``.
"""

from __future__ import annotations

from typing import Any

from claimaudit.model import Label

INK, SOFT, FAINT = "#1d2733", "#5b6470", "#d5d9de"
"""Text and the main series, secondary text, rules."""
COLOURS = ("#14406b", "#b5472a", "#0d766e", "#6d6f73", "#7b4fa0", "#8a6412")
"""Dark enough for text on white, apart for colour-blind readers; series differ by marker and dash as well."""
PALE = "#949494"
"""What stands beside what matters."""
SHADES = ("#f3f5f7", "#9db4cb", COLOURS[0])
"""From light to dark, for heat maps."""
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES: tuple[Any, ...] = ("", (5, 2), (1.5, 1.5), (6, 2, 1.5, 2), (3, 1, 1, 1, 1, 1), (9, 3))
LABELS = {
    Label.SUPPORTED: "#14406b",
    Label.REFUTED: "#a63c22",
    Label.CONFLICTING: "#5d3a80",
    Label.NOT_ENOUGH_EVIDENCE: "#fff",  # an open mark, drawn by its outline
}
"""The fill of a label's mark."""
