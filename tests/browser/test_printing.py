"""Paper: the receipt prints on one sheet with its number, and without what only a screen can use."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.people import people
from tests.browser.serving import Served

A4 = ViewportSize(width=794, height=1123)  # CSS pixels


def test_the_receipt_prints(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant()
        worker.file()
        page = worker.page
        page.emulate_media(media="print")
        page.set_viewport_size(A4)
        number = page.locator("bdi.receipt")
        expect(number).to_be_visible()
        expect(page.locator("svg.code")).to_be_visible()
        expect(worker.button("See my case")).to_be_hidden()
        expect(page.locator("#leave")).to_be_hidden()
        # On white paper: dark letters, even where the screen is dark.
        page.emulate_media(media="print", color_scheme="dark")
        ink = number.evaluate("it => getComputedStyle(it).color")
        assert max(map(int, re.findall(r"\d+", ink)[:3])) < 110, ink

        paper = page.pdf(format="A4", print_background=False)
        assert paper.startswith(b"%PDF-")
        sheets = len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))
        assert 1 <= sheets <= 2
        box = number.bounding_box()
        assert box
        assert box["y"] + box["height"] < A4["height"] / 2  # at the top of the first sheet
