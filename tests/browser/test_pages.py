"""Every page of every door, in English and Khmer, narrow and wide: open to everybody, sound, and never sideways.

axe-core finds nothing against WCAG 2.0 to 2.2, A and AA; no console complains; the policy of the pages holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Page

from grievance import demo
from grievance.demo.staging import Tale
from tests import makers
from tests.browser import touring
from tests.browser.looking import faults
from tests.browser.people import PROCEDURE, Complainant, People, Somebody, Staff
from tests.browser.serving import Served, empty_house, running
from tests.browser.touring import Stop, at

LANGUAGES = ("en", "km")
TOUCH = 44  # pixels


@dataclass(frozen=True)
class Shown:
    """The demo as it is served, and the receipt of one case at each stage that the demo reaches."""

    house: Served
    receipts: dict[str, str]


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Shown]:
    """One demo for all tours of a process: they look and change nothing, but for the complaints that they file."""
    folder = tmp_path_factory.mktemp("demo")
    folder.chmod(0o700)
    tales: list[Tale] = []
    first_scene = Tale._file

    def remembered(tale: Tale) -> None:
        first_scene(tale)
        tales.append(tale)

    desk = makers.desk_of(empty_house(folder))
    with patch.object(Tale, "_file", remembered):
        demo.load(desk)
    bearers = {tale.receipt: makers.following.show_receipt(desk, tale.receipt) for tale in tales}
    receipts: dict[str, str] = {}
    for tale in tales:
        view = makers.reading.case(desk, bearers[tale.receipt], "", roles=makers.ROLES["complainant"])
        receipts.setdefault(view.stage, tale.receipt)
    with running(folder) as address:
        yield Shown(Served(address, desk), receipts)
    desk.store.engine.dispose()


@contextmanager
def folk(browser: Browser, shown: Shown) -> Iterator[People]:
    found = People(browser, shown.house.address)
    try:
        yield found
    finally:
        for somebody in found.all:
            somebody.context.close()


def look(somebody: Somebody, stops: list[Stop], *, start: str = "/", least: int = 0) -> list[str]:
    """What is wrong at these stops, in each language. `start`: a page on which the language is chosen."""
    wrong: list[str] = []
    for tongue in LANGUAGES:
        somebody.page.goto(f"{start}?lang={tongue}")  # the browser remembers it
        somebody.tongue = tongue
        somebody.complaints.clear()
        for stop in stops:
            stop.go(somebody)
            read = somebody.page.evaluate("document.documentElement.lang")
            found = [] if read == tongue else [f"it is read in {read}"]
            found += faults(somebody.page, least=least)
            found += [f"console: {complaint}" for complaint in somebody.complaints]
            somebody.complaints.clear()
            wrong += [f"{stop.name} ({tongue}): {one}" for one in found]
    return wrong


def sound(wrong: list[str]) -> None:
    assert not wrong, "\n".join(["", *wrong])


def sending(address: str) -> Callable[[Somebody], object]:
    """A stop that sends the form of this page empty."""
    return lambda somebody: send(somebody, address)


def send(somebody: Somebody, address: str, **answers: object) -> Page:
    """The form of this page with these answers and no other."""
    somebody.page.goto(address)
    somebody.answer(answers)
    with somebody.page.expect_navigation():  # what the browser itself would hold back, other browsers send
        somebody.page.locator("main form button.go:not([type=button])").first.evaluate(
            "it => { it.form.noValidate = true; it.form.requestSubmit(it) }"
        )
    return somebody.page


def test_the_pages_that_are_open_to_everybody(browser: Browser, shown: Shown) -> None:
    def sent(somebody: Somebody, **more: object) -> None:
        assert isinstance(somebody, Complainant)
        somebody.page.goto("/file")
        somebody.fill_in_only({"workplace": "KH-0412", "words": "…", **more})
        with somebody.page.expect_navigation():
            somebody.press("Send")

    def too_old(somebody: Somebody) -> None:
        somebody.page.goto("/follow")
        somebody.page.locator("[name=page_token]").evaluate("it => { it.value = '00' }")
        somebody.page.locator("#number").fill("1")
        with somebody.page.expect_navigation():
            somebody.page.locator("main form button.go").click()

    stops = [
        *map(at, ("/", "/file", "/s/KH-0412", "/s/KH-9999", "/follow", "/follow?again=1", "/nothing/here")),
        Stop("an empty form", lambda it: send(it, "/file")),
        Stop("a name beside nobody", lambda it: sent(it, anonymity="anonymous", name="A")),
        Stop("a receipt", sent),
        Stop("a receipt of somebody in danger", lambda it: sent(it, urgent=["danger"], restatement="yes")),
        Stop("a wrong number", lambda it: send(it, "/follow", number="1234")),
        Stop("a page that was open for too long", too_old),
    ]
    with folk(browser, shown) as found:
        # Without its script the filing form is one page, and all of it is looked at. (axe itself is a script.)
        plain = Somebody(found.context(), "en")
        plain.context.route("**/static/site.*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        phone = Complainant(found.context(), "en")
        sound(look(phone, stops, least=TOUCH))
        sound(look(plain, [at("/file"), Stop("an empty form", lambda it: send(it, "/file"))], least=TOUCH))


def test_the_pages_of_whoever_complains(browser: Browser, shown: Shown) -> None:
    known: set[str] = set()
    wrong = []
    assert len(shown.receipts) >= len(PROCEDURE.stages) - 3
    with folk(browser, shown) as found:
        for stage, receipt in shown.receipts.items():
            worker = Complainant(found.context(), "en")
            worker.number = receipt
            worker.show()
            links = worker.page.eval_on_selector_all(
                "main a[href^='/case/']", "all => all.map(it => it.getAttribute('href'))"
            )
            forms = list(touring.kinds(links, known))
            stops = [Stop(stage, lambda it: it.page.goto("/case")), *map(at, forms)]
            stops += [Stop(f"{form}, empty", sending(form)) for form in forms[:2]]
            wrong += look(worker, stops, least=TOUCH)
            worker.context.close()
    sound(wrong)


STAFF = [
    ("sophea", "office", "/office"),
    ("lotus-hr", "party", "/party"),
    ("mekong-hr", "party", "/party"),
    ("w1", "panel", "/panel"),
    ("n1", "panel", "/panel"),
    ("m1", "panel", "/panel"),
    ("chan", "account", "/account"),
]


@pytest.mark.parametrize(("person", "door", "start"), STAFF)
def test_the_pages_of_people_with_an_account(
    browser: Browser, shown: Shown, person: str, door: str, start: str
) -> None:
    with folk(browser, shown) as found:
        somebody = Staff(found.context(), "en").sign_in(person, door)
        addresses = touring.crawl(somebody.page, start, lambda link: link.startswith(start))
        assert len(addresses) > 1 or door == "account"
        stops = [at(address) for address in addresses]
        forms = [address for address in addresses if touring.is_move(address)]
        stops += [Stop(f"{form}, empty", sending(form)) for form in forms]
        if door == "account":
            stops += [at("/account/nothing"), at("/office/cases/AAAA-AAAA")]
        sound(look(somebody, stops, start=start))


def test_signing_in(browser: Browser, shown: Shown) -> None:
    stops = [
        at("/account/sign-in"),
        Stop("nothing typed", lambda it: send(it, "/account/sign-in")),
        Stop(
            "a wrong password", lambda it: send(it, "/account/sign-in", mail="nobody@demo.test", password="wrong wrong")
        ),
    ]
    with folk(browser, shown) as found:
        sound(look(Somebody(found.context(), "en"), stops))
