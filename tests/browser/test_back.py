"""The browser's own ways: “back” shows no receipt again, the Enter key sends nothing by mistake, a language keeps the words."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Error, expect

from tests.browser.people import people
from tests.browser.serving import Served


# asvs: 14.3.1
def test_back_shows_no_number_again(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant()
        worker.page.goto("/file")
        worker.fill_in()
        worker.press("Send")
        number = re.sub(r"\D", "", worker.page.inner_text(".receipt"))
        worker.page.click("a.home")
        worker.page.wait_for_url(f"{house.address}/")
        try:
            worker.page.go_back(timeout=5000)
        except Error:  # the browser asks whether to send the form again: it keeps nothing
            return
        assert number not in re.sub(r"\D", "", worker.page.inner_text("body"))


def test_enter_sends_nothing_and_a_language_keeps_the_words_without_scripts(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        page = folk.complainant("en", java_script_enabled=False).page
        page.goto("/file")
        page.fill("#workplace", "Lotus Stitch")
        page.press("#workplace", "Enter")
        expect(page.locator("#problem")).to_have_count(0)
        assert page.url.endswith("/file")
        page.click(".tongues button")
        expect(page.locator("html")).to_have_attribute("lang", "km")
        expect(page.locator("#workplace")).to_have_value("Lotus Stitch")
