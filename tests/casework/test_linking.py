"""A link stands in both cases or in neither, and nobody learns of a case in which they are not seated."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from grievance.casework import linking
from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import verifying
from grievance.casework.showing import exporting
from grievance.core import visibility
from grievance.core.errors import Hidden, Invalid, Stale
from grievance.store import links as store_links
from tests.makers import ROLES, Clock, Story, viewer
from tests.store.attacks import tamper


def office(story: Story) -> Viewer:
    found = story.who("officer")
    assert isinstance(found, Viewer)
    return found


def join(story: Story, other: Story, kind: str = "duplicate", once: str = "") -> None:
    seen = story.view("officer").seq
    linking.link(story.desk, office(story), story.ref, other.ref, kind, "Same line, same week.", seen=seen, once=once)


def test_both_cases_say_it_each_from_its_side(desk: Desk) -> None:
    first, again = Story.filed(desk), Story.filed(desk)
    join(again, first, "earlier")
    assert [(link.ref, link.how) for link in again.view("officer").links] == [(first.ref, "earlier")]
    assert [(link.ref, link.how) for link in first.view("officer").links] == [(again.ref, "later")]
    told = [line for line in first.view("officer").timeline if line.what == "Linked with another case"]
    assert told[0].facts[0][0] == again.ref
    assert told[0].texts[0][1] == "Same line, same week."
    assert verifying.verify(desk) == (2, [])


def test_a_link_is_taken_away_with_a_reason(desk: Desk) -> None:
    first, second = Story.filed(desk), Story.filed(desk)
    join(first, second)
    seen = first.view("officer").seq
    with pytest.raises(Invalid):
        linking.unlink(desk, office(first), first.ref, second.ref, "duplicate", " ", seen=seen)
    linking.unlink(desk, office(first), first.ref, second.ref, "duplicate", "Another line.", seen=seen)
    assert first.view("officer").links == second.view("officer").links == ()
    assert "Not linked with another case any more" in [line.what for line in second.view("officer").timeline]
    assert verifying.verify(desk) == (2, [])
    join(first, second)


def test_what_cannot_be_linked_is_named(desk: Desk) -> None:
    first, second = Story.filed(desk), Story.filed(desk)
    join(first, second, once="mark")
    join(first, second, once="mark")  # tapped twice
    assert len(first.view("officer").links) == 1
    seen = first.view("officer").seq
    for other, kind, reason, field in (
        (second.ref, "duplicate", "Again", "other"),
        (first.ref, "duplicate", "Itself", "other"),
        ("AAAA-BBBB", "duplicate", "None", "other"),
        (second.ref, "nothing", "No such kind", "kind"),
        (second.ref, "same_site", "", "reason"),
    ):
        with pytest.raises(Invalid) as wrong:
            linking.link(desk, office(first), first.ref, other, kind, reason, seen=seen)
        assert list(wrong.value.fields) == [field]
    with pytest.raises(Stale):
        linking.link(desk, office(first), first.ref, second.ref, "same_site", "Late", seen=seen - 1)
    with pytest.raises(Hidden):
        linking.link(desk, viewer("lotus-hr"), first.ref, second.ref, "same_site", "Not mine", seen=seen)


def test_nobody_but_the_office_of_both_learns_of_it(desk: Desk) -> None:
    first, second = Story.filed(desk).taken(), Story.filed(desk).taken()
    join(first, second, "retaliation")
    for role in ("complainant", "respondent", "brand"):
        assert second.ref not in repr(first.view(role)), role
        assert second.ref not in exporting.export(desk, first.who(role), first.ref).decode(), role


def unseat(desk: Desk, story: Story) -> None:
    """The office's seat in a case is over, as where another programme takes it."""
    with desk.store.write() as tx:
        tx.execute(
            text("UPDATE seats SET until_at = 1 WHERE role = 'officer' AND case_id = "
                 "(SELECT id FROM cases WHERE ref = :ref)"), {"ref": story.ref}
        )  # fmt: skip


def other_id(desk: Desk, story: Story) -> str:
    with desk.store.read() as tx:
        return str(tx.execute(text("SELECT id FROM cases WHERE ref = :ref"), {"ref": story.ref}).scalar_one())


def test_an_officer_without_a_seat_in_the_other_finds_no_trace_of_it(desk: Desk) -> None:
    first, second = Story.filed(desk), Story.filed(desk)
    join(first, second)
    whole = json.loads(exporting.export(desk, office(first), first.ref))
    assert whole["whole"]
    assert second.ref in json.dumps(whole)
    unseat(desk, second)
    view = first.view("officer")
    assert view.links == ()
    assert "Linked with another case" not in [line.what for line in view.timeline]
    content = exporting.export(desk, office(first), first.ref).decode()
    assert not json.loads(content)["whole"]
    for trace in (second.ref, other_id(desk, second), "Linked", "Same line"):
        assert trace not in content, trace


def test_without_that_guard_they_would_find_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Story.filed(desk), Story.filed(desk)
    join(first, second)
    unseat(desk, second)
    monkeypatch.setattr("grievance.core.disclosure.sees_link", lambda role, *, seated: role in visibility.OFFICE)
    assert second.ref in exporting.export(desk, office(first), first.ref).decode()


@pytest.mark.parametrize(
    ("attack", "noticed"),
    [
        ("DELETE FROM links WHERE kind = 'earlier'", "the links are not what the ledger says"),
        ("UPDATE links SET kind = 'duplicate' WHERE kind = 'later'", "a link is not entered in both cases"),
    ],
)
def test_verify_notices_links_that_nobody_made(desk: Desk, attack: str, noticed: str) -> None:
    first, second = Story.filed(desk), Story.filed(desk)
    join(second, first, "earlier")
    tamper(desk.store.engine, attack)
    assert noticed in {difference.what for difference in verifying.verify(desk)[1]}


def test_half_a_link_cannot_be_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Story.filed(desk), Story.filed(desk)
    kept = store_links.keep

    def dies(tx: object, changes: list[object]) -> None:
        kept(tx, changes[:1])  # type: ignore[arg-type]
        raise RuntimeError

    monkeypatch.setattr("grievance.store.ledger.links.keep", dies)
    with pytest.raises(RuntimeError):
        join(first, second)
    assert first.view("officer").links == second.view("officer").links == ()
    assert verifying.verify(desk) == (2, [])


def test_cases_that_look_alike_are_found(desk: Desk, clock: Clock) -> None:
    first = Story.filed(desk).taken()
    clock.pass_days(10)
    same, other = Story.filed(desk).taken(), Story.filed(desk, about=("osh",))
    found = linking.look(desk, office(first), first.ref, roles=ROLES["officer"]).alike
    assert [one.ref for one in found] == [same.ref]
    assert [said.text for said in found[0].why] == [
        "Same site and subject, filed within {weeks} weeks",
        "The restatements are alike",
    ]
    assert other.ref not in [one.ref for one in found]
    join(first, same)
    assert linking.look(desk, office(first), first.ref, roles=ROLES["officer"]).alike == ()
    late = Story.filed(desk)
    clock.pass_days(90)
    later = Story.filed(desk)
    assert later.ref not in [
        one.ref for one in linking.look(desk, office(late), late.ref, roles=ROLES["officer"]).alike
    ]


def test_what_looks_alike_elsewhere_is_not_told(desk: Desk) -> None:
    first, second = Story.filed(desk).taken(), Story.filed(desk).taken()
    unseat(desk, second)
    assert linking.look(desk, office(first), first.ref, roles=ROLES["officer"]).alike == ()
    with pytest.raises(Hidden):
        linking.look(desk, viewer("lotus-hr"), first.ref, roles=ROLES["officer"])
