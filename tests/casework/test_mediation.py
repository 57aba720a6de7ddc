"""Mediation: sessions and their invitations, attendance, statements for the mediator alone, versions and signatures."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from grievance.casework import finding, wording
from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.house import verifying
from grievance.casework.parties import TextView
from grievance.casework.showing import exporting
from grievance.core.errors import Invalid, Refused
from grievance.core.procedure import Procedure
from grievance.store import cases
from grievance.vault import DOOR_COMPARTMENTS, DOOR_SECRETS
from tests.casework.test_canaries import dumped, found_in
from tests.makers import Clock, Story, desk_of, house, viewer

MINE, THEIRS = "CANARYaside of the worker", "CANARYaside of the factory"
PLACE = "CANARYplace, second floor"
REMEDY = {"issue": 1, "kind": "back_pay", "beneficiaries": 2, "amount": "90", "currency": "USD", "due": "2026-06-01"}


@pytest.fixture
def story(desk: Desk, clock: Clock) -> Story:
    """The panel stays silent, both parties took part: mediation, with a mediator drawn by lot."""
    story = Story.filed(desk).taken().answered().reviewed()
    while story.view("officer").stage != "mediation":
        clock.pass_days(1)
        sweep(desk)
    return story


def mediator(story: Story) -> str:
    with story.desk.store.read() as tx:
        return finding.find(tx, story.who("officer"), story.ref).case.seated("mediator")[0].holder


def call(story: Story, clock: Clock, days: float = 2) -> str:
    at = (clock.at + timedelta(days=days)).isoformat()
    facts = {"session_on": at, "session_length": "2"}
    story.do("mediator", "hold_session", facts, person=mediator(story), place=PLACE)
    return at


def everybody_else(story: Story) -> list[str]:
    return [str(story.view("panel", person)) for person in story.seated("panel")] + [str(story.view("officer"))]


def test_both_parties_and_the_mediator_see_a_session_and_the_panel_does_not(story: Story, clock: Clock) -> None:
    call(story, clock)
    for role, person in [("complainant", ""), ("respondent", ""), ("mediator", mediator(story))]:
        (session,) = story.view(role, person).sessions
        assert (session.place, session.cancelled, session.over) == (PLACE, False, False)
        assert session.until - session.at == timedelta(hours=2)
    for person in story.seated("panel"):
        assert story.view("panel", person).sessions == ()
        assert PLACE not in str(story.view("panel", person))
    assert story.view("brand").sessions == ()
    assert verifying.verify(story.desk) == (1, [])


def test_a_session_lies_ahead_is_put_off_and_cancelled_with_a_reason(story: Story, clock: Clock) -> None:
    person = mediator(story)
    with pytest.raises(Invalid):
        call(story, clock, days=-1)
    with pytest.raises(Refused, match="No session"):
        story.do("mediator", "cancel_session", {"which_session": "1"}, person=person, reasons="x")
    call(story, clock)
    later = (clock.at + timedelta(days=4)).isoformat()
    facts = {"which_session": "1", "session_on": later, "session_length": "1"}
    story.do("mediator", "put_off_session", facts, person=person, place="Elsewhere", reasons="Illness.")
    (session,) = story.view("respondent").sessions
    assert (session.place, session.at.isoformat()) == ("Elsewhere", later)
    assert "Illness." in str(story.view("complainant").timeline)
    story.do("mediator", "cancel_session", {"which_session": "1"}, person=person, reasons="No room.")
    assert [one.cancelled for one in story.view("complainant").sessions] == [True]
    with pytest.raises(Refused, match="No session"):
        story.do("mediator", "cancel_session", {"which_session": "1"}, person=person, reasons="x")


def test_attendance_is_noted_when_the_session_has_begun(story: Story, clock: Clock) -> None:
    person = mediator(story)
    call(story, clock)
    facts = {"which_session": "1", "came_complainant": "came", "came_respondent": "absent"}
    with pytest.raises(Invalid):
        story.do("mediator", "note_attendance", facts, person=person)
    clock.pass_days(3)
    story.do("mediator", "note_attendance", facts, person=person)
    assert story.view("respondent").sessions[0].came == {"complainant": "came", "respondent": "absent"}


def test_what_is_written_to_the_mediator_alone_is_read_by_the_mediator_alone(story: Story) -> None:
    story.do("complainant", "write_aside", aside=MINE)
    story.do("respondent", "write_aside", aside=THEIRS)
    read = str(story.view("mediator", mediator(story)))
    assert MINE in read
    assert THEIRS in read
    own, theirs = str(story.view("complainant")), str(story.view("respondent"))
    assert (MINE in own, THEIRS in own) == (True, False)
    assert (MINE in theirs, THEIRS in theirs) == (False, True)
    for page in (*everybody_else(story), str(story.view("brand"))):
        assert MINE not in page
        assert THEIRS not in page


def test_the_number_does_not_open_what_the_factory_wrote_to_the_mediator(story: Story) -> None:
    """Not by a rule of a page: no key of the receipt was used to seal it."""
    story.do("complainant", "write_aside", aside=MINE)
    story.do("respondent", "write_aside", aside=THEIRS)
    with story.desk.store.read() as tx:
        held = finding.find(tx, story.who("officer"), story.ref)
        wraps = [set(item.wraps) for item in cases.items_of(tx, held.case.id) if item.name == "aside"]
    assert wraps == [{"mediation", "box"}, {"mediation", "statements"}]


def read_at(doors: str, story: Story, database: str, folder: Path, keys: Path, clock: Clock) -> Story:
    """The case in a process that opens these doors alone, with their keys and no others."""
    alone = tmp_keys(keys, folder / doors, doors)
    app = house(folder, database, clock, GRIEVANCE_KEYS=str(alone), GRIEVANCE_DOORS=doors)
    return Story(desk_of(app), story.receipt, story.ref, story.bearer)


def tmp_keys(keys: Path, place: Path, doors: str) -> Path:
    place.mkdir(mode=0o700)
    for half in keys.glob("*.pub"):
        shutil.copy2(half, place)
    for name in {*DOOR_COMPARTMENTS[doors], *DOOR_SECRETS[doors]}:
        shutil.copy2(keys / f"{name}.key", place)
    return place


def its_own_statement(story: Story, alone: Callable[[str], Story]) -> None:
    story.do("complainant", "write_aside", aside=MINE)
    story.do("respondent", "write_aside", aside=THEIRS)
    party, office = alone("party"), alone("office")
    read = str(party.view("respondent")), exporting.export(party.desk, viewer("lotus-hr"), story.ref).decode()
    for told in read:
        assert THEIRS in told
        assert MINE not in told
    assert THEIRS not in str(party.view("brand"))
    assert THEIRS not in str(office.view("officer"))


@pytest.fixture
def alone(story: Story, database: str, tmp_path: Path, keys: Path, clock: Clock) -> Iterator[Callable[[str], Story]]:
    opened: list[Story] = []

    def at(doors: str) -> Story:
        opened.append(read_at(doors, story, database, tmp_path, keys, clock))
        return opened[-1]

    yield at
    for one in opened:
        one.desk.store.engine.dispose()


def test_a_factory_reads_its_own_statement_where_the_partys_door_stands_alone(
    story: Story, alone: Callable[[str], Story]
) -> None:
    its_own_statement(story, alone)


def test_planted_sealed_for_the_mediator_alone_it_would_not(
    story: Story, alone: Callable[[str], Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wording, "readers", lambda name, *_: (wording.compartment(name),))
    with pytest.raises(AssertionError):
        its_own_statement(story, alone)


def signed(text: TextView) -> list[str]:
    return [party.role for party in text.parties if party.signed]


def test_a_new_version_asks_for_both_signatures_again(story: Story) -> None:
    person = mediator(story)
    sign = {"facts": {"agreement": True}, "signature": "I agree"}
    story.do("mediator", "offer_remedy", {"remedy": REMEDY}, person=person)
    story.do("mediator", "propose_settlement", {"no_waiver": True}, person=person, settlement_text="First.")
    story.do("complainant", "agree_settlement", **sign)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="signed this text already"):
        story.do("complainant", "agree_settlement", **sign)  # type: ignore[arg-type]
    assert [signed(text) for text in story.view("respondent").settlement] == [["complainant"]]
    story.do("respondent", "ask_for_change", comment="Two instalments.")
    story.do("mediator", "revise_settlement", {"no_waiver": True}, person=person, settlement_text="Second.")
    texts = story.view("complainant").settlement
    assert [(text.version, text.text, signed(text)) for text in texts] == [(1, "First.", []), (2, "Second.", [])]
    story.do("respondent", "agree_settlement", **sign)  # type: ignore[arg-type]
    assert story.view("officer").stage == "settlement", "the complainant signed another version"
    story.do("complainant", "agree_settlement", **sign)  # type: ignore[arg-type]
    view = story.view("officer")
    assert (view.stage, view.decided) == ("remedy_plan", "settled")


def test_a_table_that_changes_asks_for_both_signatures_again(story: Story) -> None:
    person = mediator(story)
    story.do("mediator", "offer_remedy", {"remedy": REMEDY}, person=person)
    story.do("mediator", "propose_settlement", {"no_waiver": True}, person=person, settlement_text="First.")
    story.do("complainant", "agree_settlement", {"agreement": True}, signature="I agree")
    story.do("respondent", "offer_remedy", {"remedy": REMEDY | {"amount": "1"}})
    story.do("respondent", "agree_settlement", {"agreement": True}, signature="Vuthy")
    assert story.view("officer").stage == "settlement"


def test_a_signature_is_read_by_the_office_and_by_nobody_else(story: Story) -> None:
    person = mediator(story)
    story.do("mediator", "offer_remedy", {"remedy": REMEDY}, person=person)
    story.do("mediator", "propose_settlement", {"no_waiver": True}, person=person, settlement_text="First.")
    story.do("complainant", "agree_settlement", {"agreement": True}, signature="CANARYsignature")
    assert "CANARYsignature" in str(story.view("officer"))
    for role, who in [("respondent", ""), ("brand", ""), ("mediator", person)]:
        assert "CANARYsignature" not in str(story.view(role, who))


def test_no_canary_of_a_mediation_is_in_the_database(story: Story, clock: Clock, tmp_path: Path) -> None:
    person = mediator(story)
    call(story, clock)
    story.do("complainant", "write_aside", aside=MINE)
    story.do("respondent", "write_aside", aside=THEIRS)
    story.do("mediator", "offer_remedy", {"remedy": REMEDY}, person=person)
    story.do("mediator", "propose_settlement", {"no_waiver": True}, person=person, settlement_text="CANARYtext")
    story.do("complainant", "agree_settlement", {"agreement": True}, signature="CANARYsignature")
    seat = story.view("officer").seats[0]
    facts = {"which_seat": str(seat.no), "conflict": "union"}
    story.do("respondent", "challenge_seat", facts, conflict_reasons="CANARYconflict")
    written = (PLACE, MINE, THEIRS, "CANARYtext", "CANARYsignature", "CANARYconflict")
    canaries = {canary: canary for canary in written}
    assert {found for pile in dumped(story.desk, tmp_path).values() for found in found_in(pile, canaries)} == set()
    assert verifying.verify(story.desk) == (1, [])


def test_an_export_holds_ones_own_aside_and_nobody_elses(story: Story, clock: Clock) -> None:
    call(story, clock)
    story.do("complainant", "write_aside", aside=MINE)
    story.do("respondent", "write_aside", aside=THEIRS)
    panel = next(iter(story.seated("panel")))
    read = {
        "complainant": (True, False, True),
        "respondent": (False, True, True),
        "officer": (False, False, True),
        "brand": (False, False, False),
        panel: (False, False, False),
        mediator(story): (True, True, True),
    }
    for who, expected in read.items():
        party = who in ("complainant", "respondent", "officer", "brand")
        text = exporting.export(story.desk, story.who(who) if party else viewer(who), story.ref).decode()
        assert tuple(canary in text for canary in (MINE, THEIRS, PLACE)) == expected, who


# --- Whoever mediates after somebody who left --------------------------------------------------------------------------------


def told_the_mediator(story: Story) -> tuple[str, str]:
    person = mediator(story)
    return str(story.view("mediator", person)), exporting.export(story.desk, viewer(person), story.ref).decode()


def test_another_mediator_does_not_read_what_was_written_to_the_first_alone(story: Story) -> None:
    story.do("complainant", "write_aside", aside=MINE)
    story.do("respondent", "write_aside", aside=THEIRS)
    first = mediator(story)
    story.do("mediator", "declare_conflict", {"conflict": "family"}, person=first, conflict_reasons="A cousin.")
    assert mediator(story) != first
    for told in told_the_mediator(story):
        assert MINE not in told
        assert THEIRS not in told
    assert MINE in str(story.view("complainant"))
    assert THEIRS in str(story.view("respondent"))
    story.do("complainant", "write_aside", aside="CANARYagain")
    for told in told_the_mediator(story):
        assert "CANARYagain" in told
    assert verifying.verify(story.desk) == (1, [])


# --- Whoever may have to decide later -----------------------------------------------------------------------------------------


def told_the_panel(story: Story, *roles: str) -> str:
    seats = (person for role in roles for person in story.seated(role))
    return "".join(
        f"{story.view('panel', person)}{exporting.export(story.desk, viewer(person), story.ref).decode()}"
        for person in seats
    )


def come_to_no_terms(story: Story) -> None:
    """Both sides offer and ask; then one leaves, and the panel has the case."""
    person = mediator(story)
    seen = story.view("panel", next(iter(story.seated("panel")))).seq
    story.do("complainant", "agree_extension")
    story.do("respondent", "agree_extension")
    story.do("mediator", "offer_remedy", {"remedy": REMEDY}, person=person)
    story.do("mediator", "propose_settlement", {"no_waiver": True}, person=person, settlement_text="CANARYtext")
    story.do("respondent", "ask_for_change", comment="CANARYhalf of it")
    story.do("complainant", "ask_for_change", comment="CANARYall of it")
    for role, who in (("respondent", ""), ("complainant", ""), ("mediator", person)):
        page = str(story.view(role, who))
        assert all(said in page for said in ("CANARYtext", "CANARYhalf", "CANARYall")), role
    told = told_the_panel(story, "panel")
    assert "CANARY" not in told
    assert "Ask for a change of the text" not in told
    assert "I agree to 15 more days" not in told
    assert story.view("panel", next(iter(story.seated("panel")))).seq <= seen + 3, (
        "the table, and that there is more time"
    )


def test_what_is_offered_in_a_mediation_is_not_for_the_panel(story: Story) -> None:
    come_to_no_terms(story)


def test_planted_a_procedure_in_which_nothing_is_between_the_parties_tells_it(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Procedure, "between", property(lambda _: frozenset()))
    with pytest.raises(AssertionError):
        come_to_no_terms(story)


def test_that_somebody_is_punished_is_reported_to_the_office_alone(story: Story) -> None:
    """By an officer for them, too: people of both sides sit on the panel."""
    story.do("officer", "report_retaliation", own_words="CANARYmoved to the night shift")
    assert "CANARYmoved" in str(story.view("complainant"))
    told = told_the_panel(story, "panel") + str(story.view("mediator", mediator(story)))
    for role in ("respondent", "brand"):
        told += str(story.view(role)) + exporting.export(story.desk, story.who(role), story.ref).decode()
    assert "CANARYmoved" not in told
    assert "Report that somebody" not in told
    assert "report_retaliation" not in told
