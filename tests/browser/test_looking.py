"""A page that differs in its words alone is not asked about again; one in which anything lacks is, and is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import faults


def page_of(main: str) -> str:
    head = '<!doctype html><html lang="en" dir="ltr"><meta charset="utf-8"><title>A page – B</title>'
    return f"{head}<body><main><h1>Cases</h1>{main}</main></body></html>"


SOUND = '<ul><li>Of <a href="/a">One</a>, <li>Of <a href="/b">two</a>, </ul><p id="why">Why</p>'
SOUND += '<label for="x">Name</label><input id="x" aria-describedby="why">'
LONGER = SOUND.replace("</ul>", '<li>Of <a href="/d">three</a>, </ul>').replace("Why", "Why not").replace('"/a', '"/c')


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_other_words_are_the_same_page(page: Page) -> None:
    known: set[str] = set()
    page.set_content(page_of(SOUND))
    assert faults(page, known=known) == []
    before = set(known)
    page.set_content(page_of(LONGER))
    assert faults(page, known=known) == []
    assert known == before


@pytest.mark.parametrize(
    ("sound", "planted", "told"),
    [
        (">One<", "><", "link-name"),
        ('for="x"', 'for="y"', "label"),
        (' id="x"', "", "label"),
        ('<input id="x"', '<input id="x" role="slidr"', "aria-roles"),
        (">Why not", ' style="color:#ccc;background:#fff">Why not', "color-contrast"),
        ("<label", '<div style="background:#444"><label', "color-contrast"),
        ("<label", '<div style="opacity:.3"><label', "color-contrast"),
        ('<input id="x"', '<input id="x" value="x" style="color:#ccc"', "color-contrast"),
        ("<li>", "<b>no item</b><li>", "list"),
        ("</ul>", '</ul><a href="/e">e</a><br><a href="/f">f</a>', "target-size"),
    ],
)
def test_a_planted_fault_is_another_page(page: Page, sound: str, planted: str, told: str) -> None:
    known: set[str] = set()
    page.set_content(page_of(SOUND))
    assert faults(page, known=known) == []
    assert sound in LONGER
    page.set_content(page_of(LONGER.replace(sound, planted)))
    assert any(f": {told}: " in one for one in faults(page, known=known))
