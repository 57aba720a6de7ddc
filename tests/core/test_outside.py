"""A complaint about us that an outside person decides: they read what the panel read, and whoever it is about hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from grievance.core.asks import ASKS
from grievance.core.disclosure import Look, sees_entry, sees_words
from grievance.core.events import Moved
from grievance.core.fold.moving import ASKED
from grievance.core.matters import Actor
from grievance.core.procedure import ENDED, Procedure
from grievance.core.visibility import sees_opened_again, sees_restatement, sees_text
from tests.play import Play
from tests.workflows.proofs import LAWBOOK

PROCESS = LAWBOOK.procedure("default/process-1@1")
CALENDAR = LAWBOOK.calendars["kh-office"]


class Told(Play):
    """A complaint about us, a day between two moves."""

    def __init__(self) -> None:
        super().__init__(PROCESS, CALENDAR)
        self.at = datetime(2026, 3, 2, 9, tzinfo=CALENDAR.tz)
        self.file(self.at, "U3")

    def do(self, who: str, *names: str) -> None:
        for name in names:
            self.at += timedelta(days=1)
            self.pass_time(self.at)
            self.move(self.at, self.actors(who)[0], name)

    def silent_until(self, stage: str) -> None:
        while self.case.stage != stage:
            self.at += timedelta(days=1)
            self.pass_time(self.at)

    def explained(self) -> None:
        self.do("officer", "acknowledge", "restate", "admit")
        self.do("respondent", "give_account")
        self.do("complainant", "submit_comment")

    def read(self, role: str) -> set[str]:
        """The moves of which this role is told, with the texts that it may read."""
        look = Look(Actor(role, self.case.seated(role)[0].no), self.case, PROCESS)
        found = set()
        for entry in self.entries:
            event = entry.event
            if not isinstance(event, Moved) or "outcomes" in event.answers or not sees_entry(look, entry):
                continue
            texts = [name for name in event.words if sees_words(look, entry, name, ASKS[name].kept)]
            found |= {f"{event.move}/{text}" for text in texts}
        return found


def test_what_is_decided_reaches_whoever_did_not_know_that_it_went_on() -> None:
    """The outside person was asked before it was opened again: what they find now goes straight to the operator."""
    play = Told()
    play.explained()
    play.do("workers", "judge")
    play.do("brands", "judge")
    play.do("complainant", "ask_outside")
    play.do("outside", "conclude")
    play.do("operator", "tell_complainant", "correct")
    play.do("complainant", "reopen")
    play.silent_until("outside")
    assert not sees_opened_again("respondent", play.case)
    play.do("outside", "conclude")
    assert play.case.stage == "correction"
    assert "respondent" in play.told
    assert sees_opened_again("respondent", play.case), "the letter says that something changed, and so does the page"


RESEATS = {"name_parties", "seat_contact"}
"""What ends the seat of somebody who is complained about, and gives it to somebody else."""


def too_early(procedure: Procedure) -> set[str]:
    """The moves that take a seat outside while nobody there knows that the case was opened again, and ask nobody there."""
    seen: set[str] = set()
    found: set[str] = set()
    ahead = [move.to for move in procedure.moves.values() if ENDED in move.source]
    while ahead:
        stage = ahead.pop()
        if stage in seen or procedure.stages[stage].turn in ASKED:
            continue
        seen.add(stage)
        for move in procedure.moves_from[stage]:
            asks = procedure.stages[move.to or stage].turn in ASKED
            found |= {move.name} if RESEATS & set(move.does) and not asks else set()
            ahead.append(move.to or stage)
    assert len(seen) > 1, "there is a way on from where it is opened again"
    return found


@pytest.mark.parametrize("key", LAWBOOK.procedures)
def test_nobody_outside_loses_a_seat_before_they_are_asked_in_a_case_that_was_opened_again(key: str) -> None:
    """To its holder the case would vanish, and tell that somebody came back."""
    assert too_early(LAWBOOK.procedure(key)) == set()


def test_planted_another_contact_who_is_seated_while_the_office_still_looks_is_found() -> None:
    law = LAWBOOK.procedure("kh/employer-1@1")
    early = replace(law.moves["change_contact"], source=("triage",))
    assert too_early(replace(law, moves={**law.moves, "change_contact": early})) == {"change_contact"}


def test_who_decides_in_place_of_the_panel_reads_what_it_read() -> None:
    play = Told()
    play.explained()
    play.silent_until("outside")
    assert {"give_account/statement", "submit_comment/comment"} <= play.read("panel")
    assert play.read("panel") <= play.read("outside")
    unheard = Told()
    unheard.do("officer", "acknowledge", "restate")
    unheard.silent_until("outside")
    assert unheard.case.released_at is None
    assert sees_restatement("outside", unheard.case)
    assert not sees_restatement("panel", unheard.case)
    assert not sees_text("outside", "words", None, "complainant", unheard.case), "nor own words, nor names"
    assert not sees_text("outside", "identity", None, "complainant", unheard.case)
