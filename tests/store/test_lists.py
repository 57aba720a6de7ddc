"""A list holds what its viewer is seated in, in the order of the dates; counts stop where nobody reads them any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from grievance.casework import assigning, finding, linking
from grievance.casework.desk import Desk
from grievance.casework.rows import ListView
from grievance.casework.showing import reading, worklists
from grievance.store import lists, narrowing
from tests import makers

OFFICE = makers.ROLES["officer"]
FILTERS = ("turn", "lane", "about", "stage", "site", "law", "linked", "who")
"""Each finds cases by an index of its own."""


def shown(desk: Desk, page: int = 1, /, viewer: str = "sophea", **wanted: str) -> ListView:
    return worklists.worklist(desk, makers.viewer(viewer), wanted, roles=OFFICE, page=page)


@pytest.fixture
def refs(desk: Desk, clock: makers.Clock) -> list[str]:
    """Four cases, filed a day apart, the oldest first; the first is late by now and the last has been taken."""
    stories = []
    for _ in range(4):
        stories.append(makers.Story.filed(desk))
        clock.at += timedelta(days=1)
    stories[-1].taken()
    clock.at += timedelta(days=6)
    return [story.ref for story in stories]


def test_the_soonest_due_comes_first_and_tabs_count(desk: Desk, clock: makers.Clock, refs: list[str]) -> None:
    view = shown(desk)
    assert sorted(row.ref for row in view.rows) == sorted(refs)
    dates = [row.due.at for row in view.rows if row.due]
    assert dates == sorted(dates)
    late = [row.ref for row in view.rows if row.due and row.due.at <= clock.at]
    week = [row.ref for row in view.rows if row.due and row.due.at <= clock.at + timedelta(days=7)]
    assert late, "the story holds a late case"
    assert view.counts == {"open": "4", "late": str(len(late)), "week": str(len(week)), "ended": "0"}
    assert [row.ref for row in shown(desk, view="late").rows] == late
    assert [row.ref for row in shown(desk, view="week").rows] == week
    assert shown(desk, view="ended").rows == ()


# asvs: 8.4.1
def test_who_holds_no_seat_finds_nothing_by_any_way(desk: Desk, refs: list[str]) -> None:
    ways: list[dict[str, str]] = [
        {},
        {"q": "overtime"},
        {"q": refs[-1]},
        {"q": "KH-0412"},
        {"who": "nobody"},
        {"view": "late"},
        {"linked": "1"},
        {"site": "KH-0412"},
        {"law": "worker"},
        {"turn": "officer"},
    ]
    for wanted in ways:
        assert shown(desk, 1, "mekong-hr", **wanted).rows == ()
        claims = replace(makers.viewer("mekong-hr"), held=OFFICE)  # what the header of a page goes by opens nothing
        assert worklists.worklist(desk, claims, wanted, roles=OFFICE).rows == ()
    assert [row.ref for row in shown(desk, q=refs[0]).rows] == [refs[0]]


def test_a_word_is_found_alike_first_in_the_index_and_from_the_top(
    desk: Desk, refs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ways: list[dict[str, str]] = [
        {"q": "overtime"},
        {"q": "KH-0412"},
        {"q": "overtime", "turn": "officer"},
        {"q": "no"},
    ]
    for wanted in ways:
        by_index = shown(desk, 1, **wanted)
        with monkeypatch.context() as patch:
            patch.setattr(lists, "PLENTY", -1)
            assert shown(desk, 1, **wanted) == by_index
    assert [row.ref for row in shown(desk, q="overtime").rows] == [refs[-1]]


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_finds_alike_first_in_its_index_and_from_the_top(
    desk: Desk, refs: list[str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sophea = makers.viewer("sophea")
    linking.link(desk, sophea, refs[0], refs[-1], "same_site", "Both of one line.", seen=seq(desk, refs[0]))
    assigning.assign(desk, sophea, refs[-1], "sophea", seen=seq(desk, refs[-1]))
    wanted = {name: fitting(desk, refs[-1])[name]}
    assert refs[-1] in {row.ref for row in shown(desk, **wanted).rows}
    for more in ({}, {"sort": "filed"}, {"sort": "-site"}, {"view": "week"}, {"view": "ended"}, {"q": "overtime"}):
        found = shown(desk, 1, **wanted, **more)
        with monkeypatch.context() as patch:
            for holder in (narrowing, lists):
                patch.setattr(holder, "PLENTY", -1)
            assert shown(desk, 1, **wanted, **more) == found, more


def seq(desk: Desk, ref: str) -> int:
    return reading.case(desk, makers.viewer("sophea"), ref, roles=OFFICE).seq


def fitting(desk: Desk, ref: str) -> dict[str, str]:
    """For each filter what finds this case."""
    with desk.store.read() as tx:
        case = finding.find(tx, makers.viewer("sophea"), ref).case
    fits = {"turn": case.turn, "lane": case.lane, "about": case.category, "stage": case.stage, "site": case.site}
    return {**fits, "law": "worker", "linked": "1", "who": "sophea"}


def test_a_long_list_says_that_there_are_more(desk: Desk, refs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MANY", 2)
    monkeypatch.setattr(worklists, "PAGE", 1)
    lists._tabs.cache_clear()
    view = shown(desk)
    assert (view.total, view.more, view.counts["open"]) == (2, True, "2+")
    walked = [shown(desk, page) for page in range(1, 5)]
    assert sorted(row.ref for page in walked for row in page.rows) == sorted(refs)
    assert [page.pages for page in walked] == [2, 3, 4, 2]
    monkeypatch.setattr(lists, "SEVERAL", 2)
    narrowed = shown(desk, who="nobody")
    assert (narrowed.total, narrowed.more) == (2, True)
