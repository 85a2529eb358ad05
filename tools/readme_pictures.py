"""The two pictures of the README, by ``make pictures``: the first screen of the index, and a claim's card below its heading.

Small on purpose: a screenshot each, in 64 colours, of the pages as last built into ``reports/``.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
REPORTS, OUT = ROOT / "reports", ROOT / "docs" / "pictures"
CARD = "M07"
WIDTH, HEIGHT, COLOURS = 1000, 640, 64


def main() -> int:
    """Write ``docs/pictures/index.png`` and ``card.png``; 1 with a sentence where pages or a browser are missing."""
    browser = os.environ.get("CLAIMAUDIT_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        print("no Chromium was found: install one, or name it with CLAIMAUDIT_BROWSER", file=sys.stderr)
        return 1
    if not (REPORTS / "claims" / f"{CARD}.html").exists():
        print("there are no reports: run 'make reports' first", file=sys.stderr)
        return 1
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto((REPORTS / "index.html").as_uri())
        write("index", page.screenshot())
        page.goto((REPORTS / "claims" / f"{CARD}.html").as_uri())
        top, card = (page.locator(name).first.bounding_box() for name in ("h1", ".ca-claim"))
        clip = {"x": 0, "y": top["y"] - 8, "width": WIDTH, "height": card["y"] + card["height"] - top["y"] + 16}
        write("card", page.screenshot(clip=clip, full_page=True))
        opened.close()
    return 0


def write(name: str, raw: bytes) -> None:
    """A screenshot as a small PNG of few colours."""
    picture = Image.open(io.BytesIO(raw)).convert("RGB").quantize(COLOURS)
    picture.save(OUT / f"{name}.png", optimize=True)
    print(f"docs/pictures/{name}.png: {(OUT / f'{name}.png').stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
