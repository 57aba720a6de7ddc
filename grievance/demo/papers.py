"""Papers that people of the demo photograph; all of it is invented."""

from __future__ import annotations

import io

LINES = (
    "PAY SLIP    SEPTEMBER",
    "Basic wage          208.00",
    "Overtime  22 h       22.00",
    "Taken off           -40.00",
)


def pay_slip() -> bytes:
    """A photo of a pay slip, as JPEG."""
    from PIL import Image, ImageDraw

    paper = Image.new("RGB", (480, 320), "#f4f1e8")
    draw = ImageDraw.Draw(paper)
    for no, line in enumerate(LINES):
        draw.text((40, 40 + 60 * no), line, fill="#222222", font_size=26)
    sent = io.BytesIO()
    paper.save(sent, "jpeg", quality=80)
    return sent.getvalue()
