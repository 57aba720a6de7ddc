"""Right to left: the pages mirror themselves, numbers stay whole, and what no catalogue has keeps its own direction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import WIDTHS, faults
from tests.browser.people import people
from tests.browser.serving import Served, served
from tests.browser.tours import TOUCH

TONGUE = "ur"

# Who stands at which edge: [selector of what begins the line, selector of what ends it].
ENDS = """pairs => pairs.filter(([first, last]) => {
  const [a, b] = [first, last].map(one => document.querySelector(one)?.getBoundingClientRect());
  return a && b && a.right <= b.right;
}).map(pair => `${pair[0]} is not to the right of ${pair[1]}`)"""

# A number of a case, a site or a receipt is one piece in one line, whatever stands around it.
BROKEN = """() => [...document.querySelectorAll("main bdi:not([lang])")].filter(it => /\\d/.test(it.textContent)).filter(it => {
  const parts = it.matches(".receipt") ? [...it.children] : [it];
  const apart = getComputedStyle(it).unicodeBidi.startsWith("isolate");
  return !apart || parts.some(part => new Set([...part.getClientRects()].map(box => box.top)).size > 1);
}).map(it => `broken: ${it.outerHTML}`)"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, founded: Path) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("house") / "data", founded, moving=True, languages=f"en,km,{TONGUE}") as found:
        yield found


KNOWN: set[str] = set()


def wrong_on(page: Page, *ends: tuple[str, str], least: int = 0) -> list[str]:
    """What is wrong with the page in front of us. `ends`: pairs of which the first begins the line."""
    found = (
        [] if page.evaluate("getComputedStyle(document.body).direction") == "rtl" else ["it runs from left to right"]
    )
    found += faults(page, least=least, known=KNOWN)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += page.evaluate(BROKEN)
    return [f"{page.url}: {one}" for one in found + page.evaluate(ENDS, [list(pair) for pair in ends])]


def test_every_page_of_the_complaint_and_the_case_runs_from_right_to_left(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant(TONGUE)
        page, top, wrong = worker.page, (".top b", "#leave"), list[str]()
        for address in ("/", "/file", "/follow", "/nothing/here"):
            page.goto(address)
            wrong += wrong_on(page, top, (".sees svg", ".sees span"), least=TOUCH)
        worker.file()
        wrong += wrong_on(page, top, least=TOUCH)
        worker.show()
        wrong += wrong_on(page, top, least=TOUCH)
        ref = page.locator("main bdi.num").first.inner_text()
        officer = folk.staff("sophea", "office")
        for address in ("/office", f"/office/cases/{ref}", f"/office/cases/{ref}/acknowledge"):
            officer.page.goto(f"{address}?lang={TONGUE}")
            assert ref in officer.page.locator("main").inner_text()
            # The clocks stay in sight at the end of the line, which is the left; the path goes the same way.
            wrong += wrong_on(officer.page, ("nav.row b", "a[href='/account']"), (".two > div", ".stay"),
                              (".across li:first-child", ".across li:last-child"))  # fmt: skip
        assert wrong == []


def test_planted_a_page_that_is_not_mirrored_is_found(browser: Browser, house: Served) -> None:
    with people(browser, house) as folk:
        page = folk.complainant(TONGUE).page
        page.goto("/follow")
        page.evaluate("document.querySelector('.top > div').style.direction = 'ltr'")
        page.evaluate("""() => {
          const number = document.createElement("bdi");
          number.textContent = "24VW E169 ".repeat(9);
          document.querySelector("main").append(number);
        }""")
        found = " ".join(wrong_on(page, (".top b", "#leave")))
        assert ".top b is not to the right of #leave" in found
        assert "broken: <bdi>24VW" in found
