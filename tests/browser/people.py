"""People at their browsers: somebody with a phone and a number, and somebody with an account; each clicks and types."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyotp
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, Request, expect

from grievance import language
from grievance.core.lawbook import read_lawbook
from grievance.demo import cast
from tests import makers
from tests.browser.serving import PATIENCE, ROOT, Served

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
PROCEDURE = read_lawbook(ROOT / "workflows").procedure("kh/worker-1@1")
KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")

Answers = Mapping[str, Any]


def said(msgid: str, tongue: str, **values: object) -> str:
    """A message as a page says it."""
    return language.translate(msgid, tongue).format(**values)


class Somebody:
    """A browser of its own with one page. What its console complains of is kept in `complaints`."""

    def __init__(self, context: BrowserContext, tongue: str) -> None:
        self.context, self.tongue = context, tongue
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(1000 * PATIENCE)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium writes every answer from 400 on to the console; a form that is refused is one, and is asked for.
        refused = re.search(r"status of (400|404|409|422|429) ", message.text)
        if message.type in ("error", "warning") and not refused:
            self.complaints.append(message.text)

    def _failed(self, request: Request) -> None:
        # Aborted is what was still on its way when somebody went on to the next page, as on a slow machine.
        if request.resource_type != "document" and request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")

    def say(self, msgid: str, **values: object) -> str:
        return said(msgid, self.tongue, **values)

    def go(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def link(self, msgid: str, **values: object) -> Locator:
        return self.page.get_by_role("link", name=self.say(msgid, **values))

    def button(self, msgid: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.say(msgid, **values), exact=True)

    def press(self, msgid: str) -> None:
        self.button(msgid).click()

    def follow(self, msgid: str) -> None:
        self.link(msgid).first.click()

    def reads(self, text: str) -> None:
        """The text stands on the page, wherever."""
        expect(self.page.locator("body")).to_contain_text(text)

    def title(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def answer(self, answers: Answers) -> None:
        """Fill the fields of the page by name: a text is typed, a choice is chosen."""
        for name, value in answers.items():
            fields = self.page.locator(f'main [name="{name}"]')
            kind = fields.first.get_attribute("type") or fields.first.evaluate("it => it.localName")
            if kind in ("radio", "checkbox"):
                for one in [value] if isinstance(value, str) else value:
                    self.page.locator(f'main [name="{name}"][value="{one}"]').check()
            elif kind == "select":
                fields.select_option(value)
            else:
                fields.fill(value)


class Complainant(Somebody):
    """Whoever complains: a phone, no account, a number of twenty digits."""

    number = ""

    def file(self, **more: Any) -> str:
        """File from the first page, part by part; returns the number that the receipt shows."""
        self.page.goto("/")
        self.follow("Make a complaint")
        self.fill_in(**more)
        self.press("Send")
        return self.keep()

    def fill_in(self, **more: Any) -> None:
        self.fill_in_only(COMPLAINT | more)

    def fill_in_only(self, answers: Answers) -> None:
        """Part by part as the page shows them, or one after the other where it shows all."""
        parts = self.page.locator("fieldset.part")
        expect(parts.first).to_be_attached()
        self.page.wait_for_load_state()  # the script has hidden all parts but one
        for no in range(parts.count()):
            part = parts.nth(no)
            names = part.locator("[name]").evaluate_all("all => [...new Set(all.map(one => one.name))]")
            self.answer({name: answers[name] for name in names if name in answers})
            if self.button("Next").is_visible():
                self.press("Next")
                expect(parts.nth(no + 1)).to_be_visible()  # the page turns by its address, a moment later

    def keep(self) -> str:
        """Write the number of the receipt down."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say("Your complaint has arrived"))
        self.page.wait_for_load_state()
        self.number = self.page.locator("bdi.receipt").inner_text().replace("\n", " ").strip()
        assert re.fullmatch(r"(\d{4}\s+){4}\d{4}", self.number), self.number
        return self.number

    def show(self, number: str = "") -> None:
        """Open the case with the number, from the first page."""
        self.page.goto("/")
        self.follow("See my case")
        self.page.locator("#number").fill(number or self.number)
        self.press("Open my case")
        expect(self.button("Close my case here")).to_be_visible()
        self.page.wait_for_load_state()

    def stands(self, stage: str) -> None:
        """The case that is open stands at this stage; the page is looked at again until it does."""
        label = self.say(PROCEDURE.stages[stage].label)
        eventually(lambda: self._looks_again() and self.title() == label, label)

    def _looks_again(self) -> bool:
        try:
            return bool(self.page.reload())
        except Error:  # the page was still on its way to the next one
            return False

    def move(self, name: str, **answers: Any) -> None:
        make_move(self, name, answers)

    def write(self, text: str) -> None:
        self.page.locator("main textarea[name=message]").fill(text)
        self.press("Send")
        self.reads(text)


COMPLAINT: dict[str, Any] = {
    "workplace": "KH-0412",
    "about": ["wages", "hours"],
    "urgent": ["none"],
    "words": "គេមិនបើកប្រាក់ថែមម៉ោងឱ្យយើងទេ។",
    "since": "សីហា",
    "many": "more",
    "want": "សូមបើកប្រាក់ដែលខ្វះ។",
    "filer": "worker",
    "anonymity": "confidential",
    "name": "ស្រី ម៉ុម",
    "restatement": "yes",
    "referral": "yes",
    "phone": "012345678",
    "safe": "evening",
}


class Staff(Somebody):
    """Somebody with an account, at the desk of one door: office, panel or party."""

    door = ""

    def sign_in(self, person: str, door: str) -> Staff:
        member = next(member for member in cast.PEOPLE if member.id == person)
        self.page.goto("/account/sign-in")
        self.answer({"mail": member.mail, "password": cast.PASSWORD})
        self.press("Sign in")
        expect(self.page).not_to_have_url(re.compile("sign-in"))
        if self.page.url.endswith("/account/second"):
            self.answer({"proof_code": pyotp.TOTP(makers.APP).now()})
            self.press("Go on")
            expect(self.page).not_to_have_url(re.compile("second"))
        self.page.wait_for_load_state()
        self.tongue = str(self.page.evaluate("document.documentElement.lang"))
        self.door = door
        return self

    def open(self, ref: str) -> Page:
        """The case, from the list."""
        self.page.goto(f"/{self.door}")
        self.page.locator(f'main a[href$="/cases/{ref}"]').click()
        expect(self.page.locator("main")).to_contain_text(ref)
        self.page.wait_for_load_state()
        return self.page

    def move(self, ref: str, name: str, **answers: Any) -> None:
        self.open(ref)
        make_move(self, name, answers)


def make_move(who: Somebody, name: str, answers: Answers) -> None:
    """From the page of a case: choose the move, answer what it asks, send it."""
    who.page.locator(f'main a[href$="/{name}"]').first.click()
    expect(who.page.get_by_role("heading", level=1)).to_have_text(who.say(PROCEDURE.moves[name].label))
    who.answer(answers)
    who.page.locator("main form button.go").click()
    expect(who.page).to_have_url(re.compile(rf"done={name}\b"))


def eventually(holds: Callable[[], bool], what: str) -> None:
    """It holds sooner or later: the clock and the second worker of the server look once a second."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"it never came to this: {what}"
        time.sleep(0.3)


@contextmanager
def people(browser: Browser, house: Served) -> Iterator[People]:
    """Everybody whom a story needs; at its end nobody's console may have complained."""
    found = People(browser, house.address)
    try:
        yield found
        complaints = found.complaints()
        assert not complaints, complaints
    finally:
        for somebody in found.all:
            somebody.context.close()


class People:
    """Opens a browser for each of the people of a story."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.all: list[Somebody] = []
        self.signed_in: dict[str, Staff] = {}

    def complaints(self) -> list[str]:
        return [complaint for somebody in self.all for complaint in somebody.complaints]

    def context(self, **how: Any) -> BrowserContext:
        return self.browser.new_context(**{"base_url": self.address, **how})

    def complainant(self, tongue: str = "km", **how: Any) -> Complainant:
        """On a phone of 360 by 640, in Khmer unless another language is named."""
        context = self.context(locale=tongue, viewport=PHONE, has_touch=True, is_mobile=True, **how)
        somebody = Complainant(context, tongue)
        self.all.append(somebody)
        return somebody

    def staff(self, person: str, door: str) -> Staff:
        """Whoever has an account; those who came before are still signed in."""
        if person not in self.signed_in:
            somebody = Staff(self.context(locale="en-US", viewport=DESK), "en")
            self.all.append(somebody)
            self.signed_in[person] = somebody.sign_in(person, door)
        return self.signed_in[person]

    def next_day(self) -> None:
        """Nobody is signed in any more."""
        for somebody in self.signed_in.values():
            self.leave(somebody)
        self.signed_in.clear()

    def leave(self, somebody: Somebody) -> None:
        """Their part is over: the browser is closed, its complaints are kept."""
        somebody.context.close()
