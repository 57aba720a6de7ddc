"""Signing in through an organisation in a real browser: there and back between two sites, with strict cookies and policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests import providers
from tests.browser.looking import faults, laid_out
from tests.browser.people import Somebody
from tests.browser.serving import Served, served
from tests.providers import Provider

KNOWN: set[str] = set()
SIZE: ViewportSize = {"width": 360, "height": 640}


@dataclass
class Apart:
    """The house at `localhost` and the provider at `127.0.0.1`: two sites, as browsers count them."""

    house: Served
    provider: Provider


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, founded: Path) -> Iterator[Apart]:
    folder = tmp_path_factory.mktemp("apart")
    with providers.running("house-at-lotus") as provider:
        oidc = providers.write(folder, {"factory-lotus": provider})
        with served(folder / "data", founded, oidc=oidc) as found:
            yield Apart(Served(found.address.replace("127.0.0.1", "localhost"), found.desk), provider)


@pytest.fixture
def apart(both: Apart) -> Apart:
    both.provider.person = {"sub": "vuthy-1", "email": "factory@demo.test", "email_verified": True}
    return both


def looked_at(page: Page, scripts: bool) -> list[str]:
    """What is wrong with the page in front of us. axe-core is a script itself."""
    return faults(page, known=KNOWN) if scripts else laid_out(page)


def on_the_way(page: Page, link: Locator, to: str) -> list[str]:
    """What is wrong with the page in between, which leads on by itself: held up to be looked at, and left by its link."""
    page.route(to, lambda route: route.fulfill(status=204))
    with page.expect_response(to):
        link.click(no_wait_after=True)
    expect(page.locator("h1")).to_have_text("You are signed in")
    page.wait_for_load_state()
    wrong = looked_at(page, scripts=True)
    page.unroute(to)
    page.get_by_role("link", name="Go on").click()
    return wrong


@pytest.mark.parametrize("scripts", [True, False])
def test_there_and_back_and_the_strict_cookie_stays_strict(apart: Apart, browser: Browser, scripts: bool) -> None:
    address = apart.house.address
    context = browser.new_context(base_url=address, locale="en-US", viewport=SIZE, java_script_enabled=scripts)
    somebody = Somebody(context, "en")
    page = somebody.go("/account/sign-in")
    wrong = looked_at(page, scripts)
    answers = []
    page.on("response", lambda answer: answers.append((answer.url, answer.status)))
    to_the_provider = page.get_by_role("link", name="Sign in through Lotus Stitch Co., Ltd.")
    if scripts:
        wrong += on_the_way(page, to_the_provider, f"{address}/party")
    else:
        to_the_provider.click()
    expect(page).to_have_url(f"{address}/party")
    assert [url for url, _ in answers if url.startswith(f"{apart.provider.issuer}/authorize")], (
        "it went to another site"
    )
    assert [status for url, status in answers if "/back?" in url] == [200], "a page led on, no redirect"
    expect(page.locator("header")).to_contain_text("Vuthy, Lotus Stitch")
    cookies = {one["name"]: one for one in context.cookies()}
    assert cookies["__Host-session"]["sameSite"] == "Strict"
    assert "__Host-through" not in cookies
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("through Lotus Stitch Co., Ltd.")
    wrong += looked_at(page, scripts)
    assert wrong + somebody.complaints == []
    context.close()


def test_whoever_is_not_known_reads_what_to_do(apart: Apart, browser: Browser) -> None:
    apart.provider.person |= {"sub": "dara-2", "email": "nobody@demo.test"}
    context = browser.new_context(base_url=apart.house.address, locale="en-US", viewport=SIZE)
    somebody = Somebody(context, "en")
    page = somebody.go("/account/sign-in")
    page.get_by_role("link", name="Sign in through Lotus Stitch Co., Ltd.").click()
    expect(page.locator("h1")).to_have_text("Not signed in")
    expect(page.get_by_role("alert")).to_contain_text("invite you")
    page.wait_for_load_state()
    assert faults(page, known=KNOWN) == []
    page.get_by_role("link", name="Sign in here").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.goto("/account")
    expect(page).to_have_url(f"{apart.house.address}/account/sign-in")
    context.close()
