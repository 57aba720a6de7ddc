"""A plain phone: no JavaScript, 360 pixels, Khmer; everything that a complainant can do is done, and leaving leaves nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests import makers
from tests.browser.people import KHMER_DIGITS, Complainant, people
from tests.browser.serving import Served

ELSEWHERE = "https://www.wikipedia.org/"


def fits(page: Page) -> None:
    """Nothing has to be moved sideways to be read."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


# asvs: 2.2.2
def test_a_phone_without_javascript_files_follows_writes_and_withdraws(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        first = folk.complainant(java_script_enabled=False)
        first.page.goto("/")
        first.follow("Make a complaint")
        fits_of(first)
        assert first.button("Next").count() == 0  # it is one plain form
        first.fill_in()
        first.press("Send")
        number = first.keep()
        fits_of(first)
        folk.leave(first)

        bearer = makers.following.show_receipt(house.desk, number)
        story = makers.Story(house.desk, number, "", bearer)
        story.ref = story.view("complainant").ref

        later = folk.complainant(java_script_enabled=False)  # another phone, with the paper
        later.number = number.translate(KHMER_DIGITS)
        later.show()
        fits_of(later)
        later.write("តើខ្ញុំត្រូវរង់ចាំដល់ពេលណា?")
        officer = folk.staff("rith", "office")
        officer.open(story.ref)
        officer.reads("តើខ្ញុំត្រូវរង់ចាំដល់ពេលណា?")
        officer.answer({"message": "យើងអានវានៅសប្តាហ៍នេះ។"})
        officer.page.locator('form[action$="/messages"] button').click()
        officer.reads("យើងអានវានៅសប្តាហ៍នេះ។")
        later.page.goto("/case")
        later.reads("យើងអានវានៅសប្តាហ៍នេះ។")
        later.move("withdraw", why_withdrawn="free")
        fits_of(later)
        later.stands("withdrawn")


def fits_of(somebody: Complainant) -> None:
    # Playwright evaluates in a page whose own scripts are switched off.
    fits(somebody.page)


# asvs: 14.3.3
@pytest.mark.parametrize("java_script", [True, False])
def test_leaving_quickly_leaves_nothing_of_ours(browser: Browser, house: Served, java_script: bool) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant(java_script_enabled=java_script)
        worker.context.route(f"{ELSEWHERE}**", elsewhere)
        worker.number = makers.Story.filed(house.desk).receipt
        worker.page.goto("/?lang=km")
        worker.show()
        assert {"__Host-door", "__Host-receipt", "__Host-language"} <= {one["name"] for one in worker.context.cookies()}
        with worker.page.expect_event("requestfailed", lambda request: request.url == ELSEWHERE):
            worker.link("Leave quickly").click(no_wait_after=True)
        worker.page.wait_for_url(
            re.compile("^chrome-error:")
        )  # no name is looked up here, and where we lead is not routed
        worker.page.reload()
        expect(worker.page).to_have_url(ELSEWHERE)
        assert worker.context.cookies() == []
        worker.page.go_back()
        expect(worker.page.locator("body")).not_to_contain_text("គេមិនបើក")
        worker.page.goto(f"{house.address}/case")
        expect(worker.page).to_have_url(f"{house.address}/follow?again=1")


def elsewhere(route: Route) -> None:
    route.fulfill(body="<title>An encyclopedia</title>", content_type="text/html")


CUT = "[...document.querySelectorAll('#number')].some(it => it.scrollWidth > it.clientWidth)"


def test_a_number_can_be_compared_whole_with_the_paper(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant()
        worker.page.goto("/follow")
        worker.answer({"number": "1234 5678 1234 5678 1234"})
        worker.press("Open my case")
        expect(worker.page.locator("#number-e")).to_be_visible()
        worker.page.wait_for_load_state()
        assert not worker.page.evaluate(CUT)
        worker.page.evaluate("document.querySelector('#number').style.fontSize = '2rem'")
        assert worker.page.evaluate(CUT), "planted: it is found"


def test_a_word_without_an_end_stays_on_the_page(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant()
        worker.page.goto("/")
        worker.page.evaluate("document.querySelector('h1').textContent = 'W'.repeat(80)")
        fits(worker.page)
        worker.page.evaluate("document.body.style.overflowWrap = 'normal'")
        assert worker.page.evaluate("document.documentElement.scrollWidth > innerWidth"), "planted: it is found"
