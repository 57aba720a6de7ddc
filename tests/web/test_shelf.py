"""The empty form is made once a minute for everybody, and carries nothing of anybody but a fresh ticket."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.demo import cast
from grievance.store.tables import sites
from grievance.web.front import KEY, Front
from grievance.web.shelf import FRESH, MOST, Shelf

TICKET = re.compile(r'name="ticket" value="([\w-]{64})"')


def forms(app: Flask, count: int, path: str = "/file") -> list[str]:
    return [app.test_client().get(path).text for _ in range(count)]


# asvs: 14.2.2
def test_two_phones_get_the_same_form_with_a_ticket_each(app: Flask) -> None:
    one, other = forms(app, 2)
    tickets = [found[1] for page in (one, other) if (found := TICKET.search(page))]
    assert len(set(tickets)) == 2
    assert TICKET.sub("", one) == TICKET.sub("", other)
    assert "page_token" not in one, "a token of one browser must not be on a page for all"
    assert "\ue000" not in one


def test_a_form_in_one_language_is_not_shown_in_another(app: Flask) -> None:
    pages = {tag: app.test_client().get("/file", headers={"Accept-Language": tag}).text for tag in ("en", "km", "en")}
    assert '<html lang="en"' in pages["en"]
    assert '<html lang="km"' in pages["km"]


def test_a_form_is_no_older_than_a_minute(app: Flask, desk: Desk) -> None:
    code = cast.SITES[0].code
    before = forms(app, 1, f"/s/{code}")[0]
    with desk.store.write() as tx:
        tx.execute(sites.update().where(sites.c.code == code).values(name="Another name"))
    assert TICKET.sub("", forms(app, 1, f"/s/{code}")[0]) == TICKET.sub("", before)
    front: Front = app.extensions[KEY]
    for key, (made, page) in list(front.shelf._pages.items()):
        front.shelf._pages[key] = (made - FRESH, page)
    assert "Another name" in forms(app, 1, f"/s/{code}")[0]


@pytest.mark.parametrize("moved", [FRESH, -timedelta(seconds=1)])
def test_a_clock_that_was_moved_makes_it_anew(desk: Desk, moved: timedelta) -> None:
    shelf, now = Shelf(), desk.now()
    pages = iter(("first", "second"))
    shown = [shelf.page("key", at, lambda: next(pages)) for at in (now, now, now + moved)]
    assert shown == ["first", "first", "second"]


def test_whoever_asks_for_many_addresses_fills_no_memory(desk: Desk) -> None:
    shelf = Shelf()
    for no in range(3 * MOST):
        shelf.page(no, desk.now(), lambda: "page")
    assert len(shelf._pages) <= MOST
