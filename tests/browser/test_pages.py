"""Every page of every door, in English or Khmer, narrow and wide: open to everybody, sound, and never sideways.

axe-core finds nothing against WCAG 2.0 to 2.2, A and AA; no console complains; the policy of the pages holds. Of what has many
pages, cases and forms, one is looked at in one language and the next in the other; `make trials` looks at each in both.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from playwright.sync_api import Browser, expect

from tests.browser import tours
from tests.browser.looking import faults, judged, laid_out
from tests.browser.people import PHONE, PROCEDURE, people
from tests.browser.touring import Stop
from tests.browser.tours import STAFF, TOURS, Shown, Visit
from tests.sharing import once


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """One demo for all tours of a process: they look and change nothing, but for the complaints that they file."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(once(tmp_path_factory, "demo", tours.make_demo), folder)
    with tours.the_demo(folder) as found:
        yield found


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory, founded: Path) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("empty") / "data"
    shutil.copytree(founded, folder)
    with tours.no_cases(folder) as found:
        yield found


KNOWN: set[str] = set()
"""What axe-core was asked about by the tours of this process: a tour asks about what no tour before it has met."""


def look(visit: Visit, stop: Stop) -> list[str]:
    """How every page is laid out; axe-core judges the kinds that it has not met, a form with its faults in it."""
    wrong = laid_out(visit.somebody.page, least=visit.least)
    return wrong if stop.before else wrong + judged(visit.somebody.page, KNOWN)


def look_at_all(visit: Visit, _: Stop) -> list[str]:
    return faults(visit.somebody.page, least=visit.least)


def sound(wrong: list[str]) -> None:
    assert not wrong, "\n".join(["", *wrong])


def together(names: Iterable[str]) -> list[ParameterSet]:
    """Tours through the same door go to the same process: what axe-core has judged there it need not judge again."""
    doors = {"names": "custody", **{name: door for name, (_, door, _) in STAFF.items()}}
    return [pytest.param(name, marks=pytest.mark.xdist_group(f"door {doors.get(name, 'intake')}")) for name in names]


# asvs: 3.7.1
@pytest.mark.parametrize("tour", together(TOURS))
def test_every_page_is_sound(browser: Browser, shown: Shown, tour: str) -> None:
    sound(tours.take(tour, browser, shown, look, turns=True))


def test_the_demo_shows_most_stages(shown: Shown) -> None:
    assert len(shown.receipts) >= len(PROCEDURE.stages) - 3


# What administrators and coordinators see is there without a case, too, and the tours above have seen it.
@pytest.mark.parametrize("tour", together(name for name, (_, door, _) in STAFF.items() if door != "account"))
def test_every_page_is_sound_where_there_are_no_cases(browser: Browser, empty: Shown, tour: str) -> None:
    sound(tours.take(tour, browser, empty, look, turns=True))


FOLDED = """() => [...document.querySelectorAll("main details > :not(summary)")]
  .filter(it => !it.closest(".noprint") && it.textContent.trim() && !it.checkVisibility()).map(it => it.textContent.trim())"""


@pytest.mark.xdist_group("door intake")
def test_a_closed_case_is_short_on_a_phone_and_whole_on_paper(browser: Browser, shown: Shown) -> None:
    """What is long or old is folded; paper has it all, and so has the page of whoever has an old phone."""
    with people(browser, shown.house) as folk:
        worker = folk.complainant(java_script_enabled=False)
        worker.show(shown.receipts["closed"])
        page = worker.page
        assert page.evaluate("document.documentElement.scrollHeight") <= 6 * PHONE["height"]
        assert page.evaluate("document.documentElement.lang") == "km"
        told = page.locator("details:has(#story) > .timeline").evaluate("it => it.textContent.trim()")
        assert told in page.evaluate(FOLDED)
        page.emulate_media(media="print")
        assert page.evaluate(FOLDED) == []
        page.emulate_media(media="screen")
        worker.follow("Open all parts of this page, to read or print them")
        expect(worker.link("Show less")).to_be_visible()
        assert page.evaluate(FOLDED) == []
        worker.follow("Show less")
        expect(worker.link("Open all parts of this page, to read or print them")).to_be_visible()
        assert told in page.evaluate(FOLDED)


@pytest.mark.trial
@pytest.mark.parametrize("tour", TOURS)
def test_every_page_is_sound_in_each_language_at_each_width(browser: Browser, shown: Shown, tour: str) -> None:
    """For half an hour: axe-core is asked about every single page four times, and no page is left to one language."""
    sound(tours.take(tour, browser, shown, look_at_all))
