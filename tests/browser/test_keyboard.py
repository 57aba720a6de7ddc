"""Without a mouse: filing, following and the work list by Tab, Space, Enter and a few letters."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests import makers
from tests.browser.people import COMPLAINT, PROCEDURE, Somebody, people
from tests.browser.serving import Served

FOCUSED = """() => {
  const it = document.activeElement;
  return {id: it.id, name: it.name || "", value: it.value || "", tag: it.localName, type: it.type || "",
          words: (it.innerText || it.textContent || "").trim(), shown: it.matches(":focus-visible")};
}"""


def tab_to(page: Page, *, most: int = 60, **wanted: str) -> None:
    """Press Tab until what has the focus fits; a focus that nobody can see is a fault."""
    for _ in range(most):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        if all(part in now[name] if name == "words" else part == now[name] for name, part in wanted.items()):
            assert now["shown"], f"the focus on {wanted} cannot be seen"
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def test_filing_and_following_by_keyboard(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant()
        page, keys = worker.page, worker.page.keyboard
        page.goto("/")
        tab_to(page, words=worker.say("Make a complaint"))
        keys.press("Enter")
        arrives(worker, "Make a complaint")

        next_part(worker, {"workplace": "KH-0412"}, 1)
        tab_to(page, name="about", value="wages")
        keys.press("Space")
        next_part(worker, {}, 2)
        next_part(worker, {}, 3)
        next_part(worker, {"words": str(COMPLAINT["words"])}, 4)
        for no in range(5, 9):
            next_part(worker, {}, no)
        tab_to(page, words=worker.say("Send"), tag="button")
        keys.press("Enter")
        number = worker.keep()

        page.goto("/")
        tab_to(page, words=worker.say("See my case"))
        keys.press("Enter")
        arrives(worker, "See my case")
        tab_to(page, id="number")
        keys.type(number)
        keys.press("Enter")
        arrives(worker, PROCEDURE.stages["received"].label)
        tab_to(page, name="message")
        keys.type("សួស្តី")
        tab_to(page, words=worker.say("Send"))
        keys.press("Enter")
        worker.reads("សួស្តី")


def arrives(worker: Somebody, heading: str) -> None:
    """The page with this heading is there, all of it, and its scripts have run."""
    expect(worker.page.get_by_role("heading", level=1)).to_have_text(worker.say(heading))
    worker.page.wait_for_load_state()


def next_part(worker: Somebody, typed: dict[str, str], no: int) -> None:
    """Type, go to “Next”, press it; the next part has the focus then."""
    for name, text in typed.items():
        tab_to(worker.page, name=name)
        worker.page.keyboard.type(text)
    tab_to(worker.page, words=worker.say("Next"), tag="button")
    worker.page.keyboard.press("Space")
    expect(worker.page.locator(f"#p{no + 1} h2")).to_be_focused()


def test_the_work_list_by_keyboard(browser: Browser, house: Served) -> None:
    for no in range(3):
        makers.Story.filed(house.desk, about=("wages",), danger=no == 0)
    with people(browser, house) as folk:
        officer = folk.staff("sophea", "office")
        page, keys = officer.go("/office"), officer.page.keyboard
        links = page.locator(".list tbody a")
        keys.press("j")
        expect(links.nth(0)).to_be_focused()
        keys.press("j")
        keys.press("j")
        expect(links.nth(2)).to_be_focused()
        keys.press("k")
        expect(links.nth(1)).to_be_focused()
        keys.press("/")
        expect(page.locator("#q")).to_be_focused()
        keys.type("jk/")  # letters are letters where somebody types
        expect(page.locator("#q")).to_have_value("jk/")
        page.locator("#q").fill("")
        page.locator("h1").click()
        keys.press("j")
        address = links.nth(0).get_attribute("href")
        keys.press("Enter")
        expect(page).to_have_url(f"{house.address}{address}")

        # The keys can be switched off, and stay off (WCAG 2.1.4).
        page.goto("/office")
        officer.press("Switch these keys off")
        page.reload()
        keys.press("j")
        expect(links.nth(0)).not_to_be_focused()
        officer.press("Switch these keys on")
        keys.press("j")
        expect(links.nth(0)).to_be_focused()
