"""A slow line: what the first page and the filing form weigh on the wire, in Khmer, for a phone that was never here."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.people import Complainant, people
from tests.browser.serving import Served

MOST, REQUESTS = 14_000, 3
"""Bytes with all headers: what a fresh connection may send before it waits for an answer; and how often it may ask."""


def test_a_page_and_all_that_it_needs_fit_the_first_round(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        for address in ("/", "/file", "/s/KH-0412", "/follow"):
            check(folk.complainant(), address)


def check(worker: Complainant, address: str) -> None:
    wire = worker.context.new_cdp_session(worker.page)
    wire.send("Network.enable")
    asked: list[str] = []
    sizes: list[float] = []
    wire.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    worker.page.goto(address, wait_until="networkidle")
    assert worker.page.evaluate("document.documentElement.lang") == "km"
    assert len(asked) <= REQUESTS, asked
    assert sum(sizes) <= MOST, dict(zip(asked, sizes, strict=True))
