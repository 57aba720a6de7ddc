"""Nobody answers: the clock presumes, the case goes on, and whoever complained reads it on their phone."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests import makers
from tests.browser.people import people
from tests.browser.serving import Served


def test_the_silence_of_the_factory_leads_on(browser: Browser, own_house: Served) -> None:
    story = makers.Story.filed(own_house.desk).taken()
    with people(browser, own_house) as folk:
        worker = folk.complainant()
        worker.number = story.receipt
        worker.show()
        worker.stands("answer")
        expect(worker.page.locator("ol.path .silence")).to_contain_text(worker.say("Each side reads, first view"))

        own_house.pass_days(30)
        worker.show()
        worker.stands("joint_review")
        worker.reads(
            worker.say(
                "The factory did not answer in time. Until somebody decides, what you complain of counts as true."
            )
        )
        timeline = worker.page.locator("ol.timeline")
        assert timeline.get_by_text(worker.say("The factory did not answer: presumed as claimed")).count() == 1
        assert timeline.get_by_text(worker.say("by the clock")).count() >= 1

        factory = folk.staff("lotus-hr", "party")
        factory.open(story.ref)
        factory.reads(factory.say("No answer: what is claimed counts as true, until somebody decides"))

        own_house.pass_days(30)  # the panel is silent too
        worker.show()
        worker.stands("decision")
