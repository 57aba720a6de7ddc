"""Many complaints at once: none is refused, those that overflow wait beside others like them, and none is ever dropped."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from grievance.casework import bulk, escalating, filing, flooding, moving
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.pressure import Flood, work_fits
from grievance.casework.showing import following, reading, worklists
from grievance.core.errors import Invalid, Refused
from grievance.store.tables import cases, outbox, sketches
from tests.makers import ROLES, Clock, Story, complaint, viewer

WORDS = (
    "The supervisor of line {n} takes money from everybody who wants to work overtime, and shouts at who does not pay."
)
GENUINE = "ខ្ញុំធ្លាក់ពីជណ្តើរ ហើយគេមិនឱ្យខ្ញុំទៅពេទ្យទេ។ ដៃខ្ញុំបាក់។"
"""A fall from a staircase, and no hospital: like nothing of the flood."""


def solve(ticket: str, bits: int = 12) -> str:
    """What static/work.js does."""
    found: list[str] = []
    for no in range(8):
        at = 0
        while int.from_bytes(hashlib.sha256(f"{ticket}.{no}.{at}".encode()).digest()[:4], "big") >> (32 - bits):
            at += 1
        found.append(str(at))
    return ".".join(found)


def told(desk: Desk) -> Counter[tuple[str, str]]:
    with desk.store.read() as tx:
        return Counter((row.person, row.kind) for row in tx.execute(select(outbox.c.person, outbox.c.kind)))


def send(desk: Desk, words: str, **changes: object) -> str:
    changed = complaint(account={"workplace": "Lotus Stitch", "words": words}, **changes)
    return filing.file(desk, "kh", changed, following.new_ticket(desk)).digits


@pytest.fixture
def flooded(desk: Desk) -> Desk:
    """A house that asks from the third complaint on, and gathers from the fifth."""
    return replace(desk, flood=Flood(ask=2, most=4))


@pytest.fixture
def full(flooded: Desk) -> Desk:
    """Twelve of one flood and one that is genuine; four came before it overflowed."""
    for n in range(12):
        send(flooded, WORDS.format(n=n))
    send(flooded, GENUINE, site="KH-0412", about=("osh",), danger=True)
    return flooded


def refs(desk: Desk, cluster: str) -> list[str]:
    return [one.ref for one in bulk.cluster(desk, viewer("sophea"), cluster).cases]


def cluster_with(desk: Desk, words: str) -> str:
    for one in bulk.lane(desk, viewer("sophea")).clusters:
        if any(words in case.words for case in bulk.cluster(desk, viewer("sophea"), one.id).cases):
            return one.id
    raise AssertionError(words)


def test_in_calm_times_nothing_is_asked_gathered_or_sketched(desk: Desk) -> None:
    story = Story.filed(desk)
    assert flooding.level(desk) == "calm"
    assert flooding.asked(desk, following.new_ticket(desk), "", "") is None
    assert bulk.lane(desk, viewer("sophea")).waiting == 0
    assert not story.view("officer").bulk
    with desk.store.read() as tx:
        assert tx.execute(select(sketches)).all() == []


def test_what_overflows_waits_beside_what_is_like_it(full: Desk) -> None:
    lane = bulk.lane(full, viewer("sophea"))
    assert (lane.total, lane.waiting) == (2, 9)
    assert sorted(one.waiting for one in lane.clusters) == [1, 8]
    assert lane.clusters[-1].urgent == 1
    with full.store.read() as tx:
        assert len(tx.execute(select(sketches)).all()) == 2
    assert verifying.verify(full) == (13, [])


def test_planted_every_text_alike_makes_one_heap(full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flooding, "alike", lambda *_: True)
    send(full, "Something that nobody else has said here at all, in no way and at no time.")
    assert bulk.lane(full, viewer("sophea")).total == 2


def test_who_writes_something_else_each_time_is_gathered_by_place(
    flooded: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flooding, "MOST", 2)
    for n in range(12):
        send(flooded, hashlib.sha256(str(n).encode()).hexdigest() * 3, site="KH-0412")
    lane = bulk.lane(flooded, viewer("sophea"))
    assert sorted(one.waiting for one in lane.clusters) == [1, 1, 6]


def test_each_officer_gets_one_letter_an_hour(full: Desk, clock: Clock) -> None:
    assert max(count for (_, kind), count in told(full).items() if kind == "many") == 1
    assert max(count for (_, kind), count in told(full).items() if kind != "many") <= 2, "what came before it began"
    clock.at += timedelta(minutes=5)
    send(full, WORDS.format(n=99))
    assert max(told(full).values()) <= 2
    clock.at += timedelta(hours=1)
    for n in range(8):
        send(full, WORDS.format(n=n))
    assert max(count for (_, kind), count in told(full).items() if kind == "many") == 2


def test_the_clocks_of_the_bulk_lane_run_and_fill_no_letters(full: Desk, clock: Clock) -> None:
    """Silence buries nothing there either: what is urgent goes to the chairs after its four hours."""
    before = told(full)
    clock.at += timedelta(hours=5)
    escalating.sweep(full)
    cluster = cluster_with(full, "ជណ្តើរ")
    (ref,) = refs(full, cluster)
    assert reading.case(full, viewer("sophea"), ref, roles=ROLES["officer"]).stage == "urgent_chairs"
    grown = told(full) - before
    assert grown
    assert set(grown.values()) == {1}
    assert {kind for _, kind in grown} == {"many"}


def test_it_stands_behind_everything_else_in_the_work_list(full: Desk) -> None:
    rows = worklists.worklist(full, viewer("sophea"), {}, roles=ROLES["officer"]).rows
    waiting = {ref for one in bulk.lane(full, viewer("sophea")).clusters for ref in refs(full, one.id)}
    assert [row.ref in waiting for row in rows] == [False] * 4 + [True] * 9


def test_one_is_taken_out_as_genuine(full: Desk) -> None:
    cluster = cluster_with(full, "ជណ្តើរ")
    (ref,) = refs(full, cluster)
    before = told(full)
    assert bulk.take_out(full, viewer("sophea"), cluster, [ref], once="a") == 1
    assert bulk.lane(full, viewer("sophea")).waiting == 8
    rows = worklists.worklist(full, viewer("sophea"), {}, roles=ROLES["officer"]).rows
    assert rows[0].ref == ref, "danger stands first again"
    assert told(full) - before
    with pytest.raises(Refused):
        bulk.take_out(full, viewer("sophea"), cluster, [ref], once="b")
    assert verifying.verify(full) == (13, [])


def test_a_cluster_is_set_aside_with_a_reason_and_taken_up_again(full: Desk, clock: Clock) -> None:
    cluster = cluster_with(full, "supervisor")
    with pytest.raises(Invalid):
        bulk.set_aside(full, viewer("sophea"), cluster, " ", once="a")
    assert bulk.set_aside(full, viewer("sophea"), cluster, "The same text from a machine.", once="b") == 8
    assert bulk.set_aside(full, viewer("sophea"), cluster, "The same text from a machine.", once="b") == 0, "sent twice"
    clock.at += timedelta(hours=23)
    assert bulk.finish(full) == 0
    assert bulk.take_up(full, viewer("sophea"), cluster, once="c") == 8
    clock.at += timedelta(hours=23)
    assert bulk.finish(full) == 0
    assert bulk.cluster(full, viewer("sophea"), cluster).cluster.aside == 0
    assert verifying.verify(full) == (13, [])


def test_a_day_later_each_is_declined_with_its_number_its_reason_and_its_review(flooded: Desk, clock: Clock) -> None:
    numbers = [send(flooded, WORDS.format(n=n)) for n in range(6)]
    cluster = cluster_with(flooded, "supervisor")
    bulk.set_aside(flooded, viewer("sophea"), cluster, "The same text from a machine.", once="a")
    clock.at += timedelta(hours=25)
    escalating.sweep(flooded)
    assert bulk.finish(flooded) == 2
    assert bulk.finish(flooded) == 0
    assert bulk.lane(flooded, viewer("sophea")).waiting == 0
    mine = following.show_receipt(flooded, numbers[-1])
    view = reading.case(flooded, mine, "", roles=ROLES["complainant"])
    assert view.stage == "rejected"
    assert any("The same text from a machine." in body for line in view.timeline for _, body in line.texts)
    assert "ask_review" in {move.name for move in view.moves if move.why_not is None}
    assert verifying.verify(flooded) == (6, [])


def test_an_urgent_one_that_is_set_aside_is_declined_too(full: Desk, clock: Clock) -> None:
    cluster = cluster_with(full, "ជណ្តើរ")
    (ref,) = refs(full, cluster)
    bulk.set_aside(full, viewer("sophea"), cluster, "Not a fall.", once="a")
    clock.at += timedelta(hours=25)
    escalating.sweep(full)
    assert bulk.finish(full) == 1
    assert reading.case(full, viewer("sophea"), ref, roles=ROLES["officer"]).stage == "rejected"


def test_whoever_comes_back_with_the_number_is_read_by_itself(full: Desk, clock: Clock) -> None:
    number = send(full, WORDS.format(n=77))
    cluster = cluster_with(full, "supervisor")
    bulk.set_aside(full, viewer("sophea"), cluster, "The same text from a machine.", once="a")
    mine = following.show_receipt(full, number)
    view = reading.case(full, mine, "", roles=ROLES["complainant"])
    assert view.aside_on is not None
    moving.write_message(full, mine, "", "It is true, and I stand at line 77.")
    assert view.ref not in refs(full, cluster)
    clock.at += timedelta(hours=25)
    bulk.finish(full)
    after = reading.case(full, viewer("sophea"), view.ref, roles=ROLES["officer"])
    assert (after.stage, after.bulk) == ("received", "")


def test_planted_a_message_that_takes_nothing_out_would_bury_it(full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grievance.core.fold.moving._alone", lambda case, _: case)
    with pytest.raises(AssertionError):
        test_whoever_comes_back_with_the_number_is_read_by_itself(full, Clock(full.now()))


@pytest.mark.parametrize("who", ["lotus-hr", "w1", "north-buyer"])
def test_whoever_sits_in_no_office_sees_no_lane(full: Desk, who: str) -> None:
    assert bulk.lane(full, viewer(who)).clusters == ()
    cluster = cluster_with(full, "supervisor")
    for verb in (bulk.take_up, lambda d, v, c, *, once: bulk.take_out(d, v, c, (), once=once)):
        with pytest.raises(Refused):
            verb(full, viewer(who), cluster, once="x")


# asvs: 2.4.1
def test_work_belongs_to_its_ticket(flooded: Desk) -> None:
    mine, other = following.new_ticket(flooded), following.new_ticket(flooded)
    work = solve(mine)
    assert work_fits(mine, work, 12)
    for wrong in (work[:-2], work + ".1", "", "a.b", work.replace(".", ",")):
        assert not work_fits(mine, wrong, 12)
    assert not work_fits(other, work, 12)


def test_a_wait_belongs_to_its_ticket_and_cannot_be_skipped(flooded: Desk, clock: Clock) -> None:
    for n in range(3):
        send(flooded, WORDS.format(n=n))
    mine, other = following.new_ticket(flooded), following.new_ticket(flooded)
    first = flooding.asked(flooded, mine, "", "")
    assert first is not None
    assert first.seconds == 20
    clock.at += timedelta(seconds=15)
    again = flooding.asked(flooded, mine, "", first.token)
    assert again is not None
    assert (again.seconds, again.token) == (5, first.token), "pressing again begins nothing anew"
    clock.at += timedelta(seconds=6)
    assert flooding.asked(flooded, mine, "", first.token) is None
    for token in (first.token[:-2], "", "x" * 80):
        assert flooding.asked(flooded, mine, "", token) is not None
    assert flooding.asked(flooded, other, "", first.token) is not None
    assert flooding.asked(flooded, mine, solve(mine), "") is None
    clock.at += timedelta(days=2)
    for n in range(3):
        send(flooded, WORDS.format(n=n))
    assert flooding.asked(flooded, mine, "", first.token) is not None, "a wait of the day before yesterday"


def test_a_form_that_was_filed_before_is_asked_nothing(flooded: Desk) -> None:
    ticket = following.new_ticket(flooded)
    filing.file(flooded, "kh", complaint(), ticket)
    for n in range(3):
        send(flooded, WORDS.format(n=n))
    assert flooding.asked(flooded, ticket, "", "") is None


def test_sketches_are_gone_after_a_day(full: Desk, clock: Clock) -> None:
    clock.pass_days(1.1)
    assert flooding.forget_sketches(full) == 2


def test_a_sketch_tells_nothing_without_the_key(full: Desk) -> None:
    """Another house makes another sketch of the same words."""
    mine = flooding.sketch_of(full, GENUINE)
    assert flooding.alike(mine, flooding.sketch_of(full, GENUINE + " ជួយផង"))

    class Elsewhere:
        vault = type("Vault", (), {"mac": staticmethod(lambda *_: bytes(32))})()

    assert not flooding.alike(mine, flooding.sketch_of(Elsewhere(), GENUINE))  # type: ignore[arg-type]


def test_clusters_hold_cases_of_the_house_alone(full: Desk) -> None:
    with full.store.read() as tx:
        found = Counter(tx.execute(select(cases.c.bulk)).scalars())
    assert found[""] == 4
