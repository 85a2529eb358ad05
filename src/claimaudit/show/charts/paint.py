"""The colours of a chart in its SVG: classes that follow the page, so that one drawing is right on white and on dark."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from claimaudit.show.charts.palette import COLOURS, FAINT, INK, PALE, SOFT

CLASSES = {"i": INK, "s": SOFT, "l": FAINT, "p": PALE, "w": "#ffffff", **{str(n): c for n, c in enumerate(COLOURS, 1)}}
"""The classes of colours in a chart's SVG (``f1`` fills with the first, ``s1`` draws with it); their values: ``cards.css``."""
_NEAR = 0.05
"""As far as seaborn's desaturated colours of ours are from them (in OKLab)."""
_LMS = np.array([[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]])
_OKLAB = np.array([[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]])
"""Linear RGB to cone responses, and these to OKLab: B. Ottosson, 2020, bottosson.github.io/posts/oklab."""
_LIGHT, _DARK = (0, 0.27, 0.36, 0.6, 0.86, 1), (0.95, 0.92, 0.76, 0.68, 0.4, 0.225)
"""The lightness of a colour on white, and of the same on the dark page: ink becomes light, the paper dark."""


@lru_cache(maxsize=1024)
def painted(colour: tuple[float, float, float]) -> tuple[str, str, str]:
    """The class of a colour (blank where it is none of the house's), and how it is on a light and on a dark page."""
    own = _oklab(colour)
    apart, name = min((float(np.linalg.norm(own - _oklab(to_rgb(known)))), name) for name, known in CLASSES.items())
    return name if apart < (_NEAR if name.isdigit() else 0.02) else "", to_hex(colour), on_dark(colour)


def on_dark(colour: Any) -> str:
    """A colour of a light page as it is on a dark one: its hue, with as much contrast to the paper."""
    lab = _oklab(to_rgb(colour))
    lab[0] = np.interp(lab[0], _LIGHT, _DARK)
    linear = np.clip(np.linalg.solve(_LMS, np.linalg.solve(_OKLAB, lab) ** 3), 0, 1)
    return str(to_hex(np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)))


def _oklab(colour: Any) -> np.ndarray:
    part = np.asarray(colour, dtype=float)
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    found: np.ndarray = _OKLAB @ np.cbrt(_LMS @ linear)
    return found
