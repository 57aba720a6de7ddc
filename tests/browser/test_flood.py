"""While very many complaints come in: a phone works for some seconds, and the complaint is there without a second press."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from grievance.casework import filing
from grievance.casework.showing import following
from tests import makers
from tests.browser.people import people
from tests.browser.serving import Served

SLOWER = 6
"""How many times slower than this machine a cheap phone is taken to be. It needs less than a second; one that needed more than
twenty would be asked to wait (`LONGEST` in static/work.js), and show no receipt here."""
AT_ONCE = 10_000
"""Milliseconds: half of what a script would work for that lets nobody leave."""
FOR_EVER = 32
"""Zero bits that no phone finds."""


def test_a_phone_works_and_then_the_complaint_is_there(browser: Browser, own_house: Served) -> None:
    for n in range(60):
        filing.file(own_house.desk, "kh", makers.complaint(language=f"{n}"), following.new_ticket(own_house.desk))
    with people(browser, own_house) as folk:
        worker = folk.complainant()
        wire = worker.context.new_cdp_session(worker.page)
        worker.page.goto("/file")
        worker.fill_in()
        expect(worker.page.locator("#effort")).to_be_hidden()
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        # However long it works, whoever has to leave this page at once can.
        hurried = folk.complainant()
        hurried.page.goto("/file")
        hurried.fill_in()
        hurried.page.locator("#effort").evaluate("(note, bits) => { note.dataset.bits = bits; }", FOR_EVER)
        hurried.press("Send")
        expect(hurried.page.locator("#effort")).to_be_focused()
        hurried.page.locator("#leave").click(timeout=AT_ONCE)
        expect(hurried.page).not_to_have_url(re.compile("/file"), timeout=AT_ONCE)
        worker.press("Send")
        expect(worker.page.locator(".receipt")).to_be_visible()
        assert worker.complaints == []
    assert own_house.cases() == 61
