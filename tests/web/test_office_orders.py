"""The work list stands in other orders by links, and is narrowed to a procedure; an order that there is not is ignored."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from grievance.casework import assigning
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.rows import ListView
from grievance.casework.showing import worklists
from grievance.store import lists
from tests.makers import ROLES, Clock, Story, viewer
from tests.web.staff import BASE, Staff

OFFICE = ROLES["officer"]
SORTS = ("turn", "stage", "site", "about", "lane", "officer", "filed", "time")


@pytest.fixture
def stories(desk: Desk, clock: Clock) -> list[Story]:
    """Five cases in the order of filing: the second is urgent, the third with the factory, the fourth given to somebody."""
    made = []
    for no in range(5):
        made.append(Story.filed(desk, danger=no == 1))
        clock.at += timedelta(minutes=20)
    made[2].taken()
    assigning.assign(desk, viewer("sophea"), made[3].ref, "sophea", seen=made[3].view("officer").seq)
    return made


def shown(desk: Desk, sort: str, page: int = 1, /, roles: frozenset[str] = OFFICE, **wanted: str) -> ListView:
    return worklists.worklist(desk, viewer("sophea"), {"sort": sort, **wanted}, roles=roles, page=page)


def refs(view: ListView) -> list[str]:
    return [row.ref for row in view.rows]


def test_each_order_is_right_and_runs_both_ways(desk: Desk, stories: list[Story]) -> None:
    filed = [story.ref for story in stories]
    assert refs(shown(desk, "filed")) == filed
    assert refs(shown(desk, "-filed")) == filed[::-1]
    by_time = shown(desk, "")
    assert refs(shown(desk, "-time")) == refs(by_time)[::-1]
    assert refs(shown(desk, "turn"))[0] == filed[3], "what is one's own stands first"
    assert refs(shown(desk, "turn"))[-1] == filed[2], "the office before the factory"
    assert refs(shown(desk, "-turn"))[0] == filed[2]
    assert refs(shown(desk, "stage"))[-1] == filed[2], "the furthest along its path stands last"
    assert refs(shown(desk, "site"))[0] == filed[2], "what has no site yet stands last"
    assert refs(shown(desk, "lane"))[0] == filed[1]
    assert refs(shown(desk, "officer"))[0] == filed[3]
    assert refs(shown(desk, "about"))[0] == filed[2]
    for sort in SORTS:
        assert sorted(refs(shown(desk, sort))) == sorted(filed), sort
        assert sorted(refs(shown(desk, f"-{sort}"))) == sorted(filed), sort


def test_what_an_order_does_not_tell_apart_stands_by_time(desk: Desk, stories: list[Story]) -> None:
    alike = [row for row in shown(desk, "").rows if row.ref not in (stories[1].ref, stories[2].ref)]
    for sort in ("lane", "-lane"):
        rows = [row for row in shown(desk, sort).rows if row.ref in {one.ref for one in alike}]
        assert [row.ref for row in rows] == [row.ref for row in alike]


def test_pages_hold_each_case_once(desk: Desk, stories: list[Story], monkeypatch: pytest.MonkeyPatch) -> None:
    for sort in (turned for one in SORTS for turned in (one, f"-{one}")):
        whole = refs(shown(desk, sort))
        with monkeypatch.context() as patch:
            patch.setattr(worklists, "PAGE", 2)
            pages = [shown(desk, sort, page) for page in (1, 2, 3)]
        assert [ref for page in pages for ref in refs(page)] == whole, sort
        assert [page.pages for page in pages] == [3, 3, 3], sort


def test_an_order_that_there_is_not_is_ignored(app: Flask, desk: Desk, stories: list[Story]) -> None:
    officer, by_time = Staff(app, "sophea"), refs(shown(desk, ""))
    for sort in ("nonsense", "--filed", "-nonsense", "due_at", "turn,stage", "\0", "x" * 300):
        view = shown(desk, sort)
        assert (refs(view), view.order) == (by_time, ""), sort
        assert officer.client.get("/office", query_string={"sort": sort}, base_url=BASE).status_code == 200, sort


# asvs: 15.2.2
def test_a_list_too_long_to_sort_says_so(
    app: Flask, desk: Desk, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SORTED", 3)
    view = shown(desk, "stage")
    assert (view.only, view.more, view.total, len(view.rows)) == (3, True, 3, 3)
    assert set(refs(view)) == set(refs(shown(desk, ""))[:3]), "those that are due soonest"
    assert "these are the 3 cases that are due soonest" in Staff(app, "sophea").read("/office?sort=stage")
    assert shown(desk, "filed").only == 0, "an index holds for all"
    assert shown(desk, "stage", who="me").only == 0, "narrowed, it is short enough"


def test_a_word_that_is_searched_keeps_the_order(
    desk: Desk, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Story.filed(desk).taken()
    assert refs(shown(desk, "filed", q="overtime")) == [stories[2].ref, other.ref]
    assert refs(shown(desk, "-filed", q="overtime")) == [other.ref, stories[2].ref]
    assert sorted(refs(shown(desk, "stage", q="overtime"))) == sorted([stories[2].ref, other.ref])
    with monkeypatch.context() as patch:
        patch.setattr(lists, "PLENTY", -1)
        assert refs(shown(desk, "-filed", q="overtime")) == [other.ref, stories[2].ref]


def test_only_the_office_reads_in_the_order_of_filing(desk: Desk, stories: list[Story]) -> None:
    """A factory is told the week: the order within it would tell more."""
    for story in (stories[0], stories[4]):
        story.taken()
    wanted = {"sort": "-filed"}
    theirs = worklists.worklist(desk, viewer("lotus-hr"), wanted, roles=ROLES["respondent"])
    assert theirs.order == ""
    assert len(theirs.rows) == 3


def test_a_copy_that_was_changed_is_found(desk: Desk, stories: list[Story]) -> None:
    assert verifying.verify(desk)[1] == []
    with desk.store.write() as tx:
        tx.exec_driver_sql("UPDATE seats SET filed_at = 1")
        tx.exec_driver_sql("UPDATE cases SET procedure = 'kh/worker-9@1'")
    found = {str(one) for one in verifying.verify(desk)[1]}
    assert any("lists do not show it" in one for one in found)
    assert any("row's procedure" in one for one in found)


def test_the_list_is_narrowed_to_a_procedure_or_a_track(app: Flask, desk: Desk, stories: list[Story]) -> None:
    everything = sorted(story.ref for story in stories)
    for law in ("kh/worker-1", "worker", "kh/worker-1@1"):
        assert sorted(refs(shown(desk, "", law=law))) == everything, law
    for law in ("kh/employer-1", "employer", "kh/work", "kh/worker-9@1", "%", "kh_worker-1"):
        assert refs(shown(desk, "", law=law)) == [], law
    page = Staff(app, "sophea").get("/office?law=kh/worker-1&sort=stage").text
    assert '<option value="kh/worker-1" selected>' in page
    assert 'name="sort" value="stage"' in page


def test_the_heads_are_links_that_keep_filters(app: Flask, desk: Desk, stories: list[Story]) -> None:
    officer = Staff(app, "sophea")
    page = officer.get("/office?who=nobody&page=1").text
    assert (
        '<th scope="col" role="columnheader" aria-sort="ascending"> <a href="/office?who=nobody&amp;sort=-time"' in page
    )
    assert 'href="/office?who=nobody&amp;sort=stage"' in page
    assert page.count("aria-sort=") == 1
    turned = officer.get("/office?who=nobody&sort=-stage").text
    assert re.search(r'aria-sort="descending">Case', turned)
    assert 'href="/office?who=nobody&amp;sort=stage"' in turned
    assert 'href="/office?who=nobody"' in turned, "back to the order of time"
    for _ in range(26):
        Story.filed(desk, about=())
    assert "sort=-filed&amp;who=nobody&amp;page=2" in officer.get("/office?sort=-filed&who=nobody").text


def test_planted_an_order_that_is_not_kept_is_noticed(
    desk: Desk, stories: list[Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "sort", lambda _tx, ids, _order: list(ids))
    with pytest.raises(AssertionError):
        test_each_order_is_right_and_runs_both_ways(desk, stories)
