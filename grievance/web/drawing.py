"""Draws a text for a phone camera, in the page itself: no image is loaded, and nothing is stored."""

from __future__ import annotations

import re
from functools import lru_cache

import segno
from markupsafe import Markup

MASK = 3
"""Of the eight patterns that a code may be drawn with. Any can be read; to try all and take the best costs eight times."""

QUIET, DARK = 4, re.compile(rb"\x01+")


@lru_cache(maxsize=8)
def drawn(address: str) -> Markup:
    """An address that many pages show, such as that of the page that asks for the number; it is remembered."""
    return drawn_once(address)


def drawn_once(text: str) -> Markup:
    """A text that nobody else may see, such as a secret: nothing keeps it. A stroke for each run of dark fields."""
    rows = segno.make(text, error="m", micro=False, mask=MASK).matrix
    runs = (
        f"M{run.start() + QUIET} {y + QUIET}.5h{run.end() - run.start()}"
        for y, row in enumerate(rows)
        for run in DARK.finditer(row)
    )
    size = len(rows) + 2 * QUIET
    drawing = f'<svg viewBox="0 0 {size} {size}" class="code"><path stroke="#000" d="{"".join(runs)}"/></svg>'
    return Markup(drawing)  # noqa: S704  drawn from fields alone
