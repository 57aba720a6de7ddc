"""A passkey in a real browser, with an authenticator that Chromium lends: made, used to sign in, and as the second step."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from grievance.casework.house import verifying
from grievance.demo.cast import PASSWORD
from tests.browser.people import Staff
from tests.browser.serving import Served
from tests.makers import Story, viewer


@pytest.fixture
def named_house(own_house: Served) -> Served:
    """As `own_house`, reached by its name: browsers keep passkeys for names, never for numbers."""
    return Served(own_house.address.replace("127.0.0.1", "localhost"), own_house.desk)


def lend(context: BrowserContext, page: Page) -> None:
    """An authenticator with a finger on it, for this page."""
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    lent = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    more = {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**lent, **more}})


def test_made_once_and_used_three_ways(named_house: Served, browser: Browser) -> None:
    context = browser.new_context(base_url=named_house.address, locale="en-US", viewport={"width": 360, "height": 640})
    officer = Staff(context, "en").sign_in("sophea", "office")
    page = officer.page
    lend(context, page)

    page.goto("/account/steps/passkey")
    page.get_by_label("Name of the device").fill("Telephone")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    expect(page.locator("ol.codes li")).to_have_count(10)

    page.goto("/account")
    page.locator("main").get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{named_house.address}/office")

    page.goto("/account")
    page.locator("main").get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_label("Mail address").fill("officer@demo.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("h1")).to_have_text("The second step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{named_house.address}/office")
    page.goto("/account/steps")
    expect(page.locator("main")).to_contain_text("Telephone")
    assert officer.complaints == [], "the policy of the pages lets the script do all this"
    context.close()


def test_a_position_is_signed_where_it_stands(named_house: Served, browser: Browser) -> None:
    story = Story.filed(named_house.desk).taken().answered().reviewed()
    person = next(one for one in story.seated("panel") if viewer(one).language == "en")
    story.position("take_view", "upheld", person=person)
    context = browser.new_context(base_url=named_house.address, locale="en-US", viewport={"width": 360, "height": 640})
    panellist = Staff(context, "en").sign_in(person, "panel")
    page = panellist.page
    lend(context, page)
    page.goto("/account/steps/passkey")
    page.get_by_label("Name of the device").fill("Telephone")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator("ol.codes li")).to_have_count(10)
    page.goto(f"/panel/cases/{story.ref}/sign/position")
    assert page.evaluate("document.documentElement.scrollWidth") == 360, "the mark is wider than a telephone"
    page.get_by_role("button", name="Sign with my passkey").click()
    expect(page.locator("section.own")).to_contain_text("You have signed this with a passkey.")
    assert not verifying.verify(named_house.desk)[1]
    assert panellist.complaints == []
    context.close()
