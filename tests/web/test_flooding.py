"""While very many complaints come in: the form asks for work or a wait, refuses nobody; officers see clusters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from grievance.casework.showing import worklists
from tests import makers
from tests.casework.test_flooding import WORDS, solve
from tests.makers import Clock
from tests.web.staff import Staff
from tests.web.test_intake import Phone, hidden, number_on


@pytest.fixture
def app(database: str, tmp_path: Path, clock: Clock, keys: Path) -> Iterator[Flask]:
    """A house that asks from the third complaint on, and gathers from the fifth."""
    more = {"GRIEVANCE_KEYS": str(keys), "GRIEVANCE_FLOOD_ASK": "2", "GRIEVANCE_FLOOD_BULK": "4"}
    made = makers.house(tmp_path, database, clock, **more)
    yield made
    makers.desk_of(made).store.engine.dispose()


def waiting(app: Flask) -> int:
    """What the work list of an officer says of the lane."""
    desk = makers.desk_of(app)
    return worklists.worklist(desk, makers.viewer("sophea"), {}, roles=makers.ROLES["officer"]).bulk


def worked(phone: Phone, **changes: str) -> str:
    """File with the work done; the number."""
    ticket = hidden(phone.get("/file").text, "ticket")
    answer = phone.file(ticket=ticket, work=solve(ticket), **changes)
    assert answer.status_code == 200
    return number_on(answer.text)


def test_in_calm_times_the_form_asks_nothing_and_carries_nothing_more(app: Flask) -> None:
    phone = Phone(app)
    page = phone.get("/file").text
    assert "work.js" not in page
    assert "waited" not in page
    assert phone.file().status_code == 200


# asvs: 2.4.1
def test_without_a_script_one_waits_and_loses_nothing(app: Flask, clock: Clock) -> None:
    phone = Phone(app)
    for n in range(2):
        phone.file(words=f"Number {n} of some that came in before the house began to ask for anything.")
    ticket = hidden(phone.get("/file").text, "ticket")
    first = phone.file(ticket=ticket, words="What I wrote <b>stays</b>")
    assert first.status_code == 429
    assert "Please wait 20 seconds, then press “Send” again." in first.text
    assert "What I wrote &lt;b&gt;stays&lt;/b&gt;" in first.text
    again = {"ticket": hidden(first.text, "ticket"), "waited": hidden(first.text, "waited")}
    assert again["ticket"] == ticket
    clock.at += timedelta(seconds=12)
    soon = phone.file(words="What I wrote <b>stays</b>", **again)
    assert soon.status_code == 429
    assert "Please wait 8 seconds" in soon.text
    assert hidden(soon.text, "waited") == again["waited"]
    clock.at += timedelta(seconds=9)
    arrived = phone.file(words="What I wrote <b>stays</b>", **again)
    assert arrived.status_code == 200
    assert number_on(phone.file(words="What I wrote <b>stays</b>", **again).text) == number_on(arrived.text)


def test_with_work_it_goes_through_at_once(app: Flask) -> None:
    phone = Phone(app)
    for n in range(2):
        phone.file(words=f"Number {n} of some that came in before the house began to ask for anything.")
    page = phone.get("/file").text
    assert re.search(r'src="/static/work\.[0-9a-f]+\.js" defer', page)
    assert 'data-bits="12"' in page
    assert worked(phone)


def test_an_employer_is_asked_too(app: Flask) -> None:
    phone = Phone(app)
    for n in range(2):
        phone.file(words=f"Number {n} of some that came in before the house began to ask for anything.")
    assert 'data-bits="12"' in phone.get("/employer").text


def test_officers_see_clusters_take_one_out_and_set_the_rest_aside(app: Flask, clock: Clock) -> None:
    phone = Phone(app)
    for n in range(2):
        phone.file(words=WORDS.format(n=n))
    numbers = [worked(phone, words=WORDS.format(n=n)) for n in range(2, 8)]
    officer = Staff(app, "sophea")
    assert "4 cases wait in the bulk lane" in officer.read("/office")
    lane = officer.get("/office/bulk").text
    (address,) = re.findall(r'href="(/office/bulk/[0-9a-f]{16})"', lane)
    page = officer.get(address).text
    assert "4 complaints like these" in page
    assert "The supervisor of line" in page
    assert "&lt;time" not in page
    ref = re.findall(r'name="case" value="([^"]+)"', page)[0]
    assert officer.send(f"{address}/out", on=address).status_code == 422, "nothing was ticked"
    assert officer.send(f"{address}/out", on=address, case=ref, once="o").location.endswith("done=out")
    assert "3 complaints like these" in officer.get(address).text
    empty = officer.send(f"{address}/aside", on=address, reason=" ", once="p")
    assert empty.status_code == 422
    assert 'id="reason-e"' in empty.text
    nothing = officer.send(f"{address}/out", on=address)
    assert 'id="reason-e"' not in nothing.text, "it is not the reason that is missing"
    reason = "One text from a machine, <b>sent</b> many times."
    done = officer.send(f"{address}/aside", on=address, reason=reason, once="q")
    assert "Set aside. For a day you can take them up again" in officer.read(done.location)
    phone.open(numbers[-1])
    told = phone.get("/case").text
    if "An officer set this complaint aside" not in told:  # it is the one that was taken out
        phone.open(numbers[-2])
        told = phone.get("/case").text
    assert "An officer set this complaint aside" in told
    assert "One text from a machine, &lt;b&gt;sent&lt;/b&gt; many times." in told
    assert "Taken up again" in officer.read(officer.send(f"{address}/up", on=address, once="r").location)
    assert "Very many complaints came in" in phone.get("/case").text
    officer.send(f"{address}/out", on=address, which="all", once="s")
    assert "Nothing waits here." in officer.read("/office/bulk")
    assert waiting(app) == 0


@pytest.mark.parametrize("who", ["lotus-hr", "w1", "north-buyer"])
def test_to_others_there_is_no_lane(app: Flask, who: str) -> None:
    phone = Phone(app)
    for n in range(2):
        phone.file(words=WORDS.format(n=n))
    for n in range(2, 6):
        worked(phone, words=WORDS.format(n=n))
    address = re.findall(r'href="(/office/bulk/[0-9a-f]{16})"', Staff(app, "sophea").get("/office/bulk").text)[0]
    stranger = Staff(app, who)
    assert "Nothing waits here." in stranger.read("/office/bulk")
    assert stranger.get(address).status_code == 404
    sent = stranger.send(f"{address}/out", on="/account", which="all", once="x")
    assert sent.location.endswith("/office/bulk")
    assert waiting(app) == 2


def test_planted_without_the_question_everybody_files_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grievance.casework.flooding.asked", lambda *_: None)
    with pytest.raises(AssertionError):
        test_without_a_script_one_waits_and_loses_nothing(app, Clock())
