"""Two officers at once: the second is told that the case moved, and loses nothing that was typed."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from grievance.core.errors import Stale
from tests import makers
from tests.browser.people import PROCEDURE, people
from tests.browser.serving import Served

LONG = "In their words, but not theirs: overtime is paid at the ordinary rate."


def test_the_second_officer_is_told_and_keeps_the_text(browser: Browser, house: Served) -> None:
    story = makers.Story.filed(house.desk)
    story.do("officer", "acknowledge", greeting="We have read it.")
    with people(browser, house) as folk:
        first, second = folk.staff("sophea", "office"), folk.staff("rith", "office")
        second.open(story.ref)
        second.page.locator('main a[href$="/restate"]').first.click()
        second.answer({"title": "Overtime", "restatement": LONG, "could_have_written": "៦៤"})
        first.move(story.ref, "restate", title="Overtime unpaid", restatement="It is unpaid.", could_have_written="60")

        send = second.page.locator("main form button.go")
        send.click()
        told = second.page.get_by_role("alert")
        expect(told).to_contain_text(second.say(Stale().said.text))
        assert second.page.locator("[name=restatement]").input_value() == LONG
        assert second.page.locator("[name=title]").input_value() == "Overtime"
        assert story.view("officer").restatement == "It is unpaid."
        second.reads("It is unpaid.")  # what the first one wrote stands beside it

        send.click()  # having read it, they may send theirs
        expect(second.page).to_have_url(f"{house.address}/office/cases/{story.ref}?done=restate")
        assert story.view("officer").restatement == LONG

        # A move that is not possible any more: the reason, and the text.
        second.page.locator('main a[href$="/reject"]').first.click()
        second.answer({"ground": "no_facts", "reasons": LONG, "other_ways": "The inspectorate."})
        first.move(
            story.ref, "assess", category="wages", severity="serious", lane="U3", respondent="KH-0412", issues=["wages"]
        )
        story.do("officer", "release")  # by a desk whose lot lets it go out at once
        first.move(story.ref, "admit", reasons="It can be checked.")
        send.click()
        expect(second.page.get_by_role("heading", level=1)).to_have_text(second.say(PROCEDURE.moves["reject"].label))
        assert second.page.locator("[name=reasons]").input_value() == LONG
        assert story.view("officer").stage == "answer"
