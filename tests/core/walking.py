"""Walks through the shipped procedure by dice: at random, or with everybody but one voice willing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from grievance.core import machine
from grievance.core.asks import OUTCOMES
from grievance.core.calendar import Calendar
from grievance.core.effects.remedying import owners
from grievance.core.errors import Invalid, say
from grievance.core.events import Entry
from grievance.core.lawbook import read_lawbook
from grievance.core.matters import Actor, Remedy
from grievance.core.procedure import URGENT, Move, Procedure
from grievance.core.proof.reckoning import Reckoner, projected
from grievance.core.proof.silence import TABLE, VOICES, Who, reached
from tests.play import PLACES, ROSTER, Play

LAWBOOK = read_lawbook(Path(__file__).parents[2] / "workflows")
WORKER = LAWBOOK.procedure("kh/worker-1@1")
CALENDAR = projected(LAWBOOK.calendar_of(WORKER))
STEPS = 60
FOREVER = datetime(2032, 12, 30, tzinfo=UTC)
HELPFUL = (
    "acknowledge", "ask_protection", "no_measure", "confirm_protection", "assess_instead", "restate_self",
    "assess", "restate", "release", "admit", "record_attempt", "turn_to_notice", "confirm_handover",
    "submit_answer", "submit_reply", "take_view", "propose_remedy", "set_remedy", "offer_remedy", "change_view", "vote",
    "count_votes", "decide_alone", "name_mediator", "propose_settlement", "agree_settlement", "confirm_reading",
    "set_plan", "plan_remedy", "report_remedy", "verify", "confirm_remedy", "brand_step", "give_pack", "check_in",
    "decide_appeal_remedy", "decide_appeal_none",
)  # fmt: skip
"""What somebody does who wants the case to go on."""


@cache
def promised_without(voice: str) -> frozenset[str]:
    """The stages that the proof says a case can come to when this voice alone is silent or hinders."""
    return reached(WORKER, Who(VOICES - {voice}, VOICES)) | {"withdrawn"}


@cache
def promised(key: str) -> tuple[int, frozenset[str]]:
    """The longest of all walks in days, for filings of January 2026, and every stage that can be reached."""
    procedure = LAWBOOK.procedure(key)
    reckoner = Reckoner(procedure, projected(LAWBOOK.calendar_of(procedure)))
    who = Who(able=VOICES)
    longest = max(reckoner.longest(say("all"), who, 2026, lane).most for lane in procedure.lanes)
    return longest, reached(procedure, who) | {"withdrawn"}


class Walk(Play):
    """Random moves by random seats with random valid answers, and random time between them."""

    def __init__(
        self,
        seed: int,
        lane: str,
        *,
        silent: str = "",
        roster: int = len(ROSTER),
        procedure: Procedure = WORKER,
        calendar: Calendar | None = None,
    ) -> None:
        self.dice = random.Random(seed)
        print(f"walk {seed} of {procedure.key} lane {lane} silent {silent or 'nobody'} roster {roster}")
        super().__init__(
            procedure, calendar or CALENDAR, seed=seed, roster=tuple(self.dice.sample(ROSTER, roster)), places=PLACES
        )
        self.silent = silent
        self.truth = self.dice.choice(["upheld", "partly", "not_upheld"])
        day = datetime(2026, 1, self.dice.randrange(1, 15), tzinfo=self.calendar.tz)
        self.now = day + timedelta(seconds=self.dice.randrange(86_400))
        scopes = ["restatement_to_respondent", "referral", "mediation", "urgent", "statutory", "join"]
        consents = [scope for scope in scopes if self.dice.random() < 0.7]
        self.file(self.now, lane, tuple(consents), tuple(s for s in scopes if s not in consents))

    def steps(self, count: int = STEPS) -> Iterator[tuple[Entry, ...]]:
        """The entries of each step, until the case ends or the count is over; then silence until the end."""
        for _ in range(count):
            if self.case.final:
                return
            before = len(self.entries)
            if self.dice.random() < 0.25:
                self.now += timedelta(hours=self.dice.choice([1, 5, 30, 100, 400]))
                self.pass_time(self.now)
            else:
                self.now += timedelta(minutes=self.dice.randrange(1, 600))
                self.pass_time(self.now)
                self.act()
            yield self.entries[before:]
        while not self.case.final:
            before = len(self.entries)
            found = self.due(FOREVER)
            assert found, f"{self.case.stage} waits for nothing"
            self.now = max(self.now, found[0])
            self.pass_time(self.now)
            yield self.entries[before:]

    def act(self) -> None:
        """Somebody does one of the things that the page offers to them."""
        sitting = self.sitting(self.now)
        choices: list[tuple[Actor, Move]] = []
        for seat in self.case.seats:
            actor = Actor(seat.role, seat.no, seat.holder)
            if not self.silent or self.silent not in (seat.role, seat.side):
                choices += [(actor, move) for move, why in machine.possible(sitting, self.case, actor) if why is None]
        # Leaving is open everywhere: without a thumb on the scales most walks would end by it.
        rare = {
            "withdraw",
            "refer",
            "reject",
            "turn_to_notice",
            "propose_rejection",
            "declare_conflict",
            "challenge_seat",
            "tie_body",
            "join_case",
            "raise_urgent",
            "ask_to_send_back",
            "refer_statutory",
        }
        if not self.uncovered():  # a table that changes all the time is voted on by nobody
            rare |= {name for name, move in self.procedure.moves.items() if TABLE & set(move.does)}
        choices = [one for one in choices if one[1].name not in rare or self.dice.random() < 0.1]
        if choices:
            actor, move = self.dice.choice(choices)
            try:
                asks = self.asked(self.now, move.name, actor.role)
                self.move(self.now, actor, move.name, self.given(self.now, asks, self.answers()))
            except Invalid:
                return  # a random answer may not fit; but what the page offers is never refused

    def uncovered(self) -> list[int]:
        """The issues without a remedy on the table."""
        return [one.no for one in self.case.issues if one.no not in {remedy.issue for remedy in self.case.remedies}]

    def answers(self) -> dict[str, Any]:
        dice, issues = self.dice, [issue.no for issue in self.case.issues]
        remedies = [str(remedy.no) for remedy in self.case.remedies] or [""]
        day = (self.calendar.day_of(self.now) + timedelta(days=dice.randrange(1, 60))).isoformat()
        wanting = self.uncovered() or issues or [1]
        remedy = {
            "issue": dice.choice(wanting),
            "kind": dice.choice([*self.procedure.remedies, "wage_payment"][: len(self.procedure.remedies) or 1]),
            "beneficiaries": 1,
            "owner": dice.choice(owners(self.case)),
        }
        return {
            "lane": dice.choice([one for one in self.procedure.lanes if one not in URGENT or self.case.lane in URGENT]),
            "other_respondents": dice.sample(["annex", "agency"], dice.choice([0, 0, 1, 2])),
            "issues": tuple(dice.sample(["wages", "hours", "violence", "osh"], dice.randrange(1, 3))),
            "outcomes": {no: self.truth if dice.random() < 0.8 else dice.choice([*OUTCOMES]) for no in issues},
            "issue_answers": {no: dice.choice(["accept", "contest"]) for no in issues},
            "remedy": remedy if dice.random() < 0.5 else {**remedy, "due": day},
            "which_remedy": dice.choice(remedies),
            "open_remedy": dice.choice(remedies),
            "channel": dice.choice(["page", "phone", "visit"]),
            "plan_day": day,
            "leaving": dice.randrange(4),
            "remaining": dice.randrange(9),
            "seen": dice.choice(["seen", "seen", "not_seen", "false"]),
            "mediator": dice.choice(["mediator-1", "mediator-2"]),
            "consent": dice.choice(["restatement_to_respondent", "referral", "mediation", "urgent", "statutory"]),
        }


class Willing(Walk):
    """Everybody but one voice does what helps, in random order; they need not agree with each other."""

    def end(self) -> str:
        """Plays to the end and returns the final kind."""
        done: set[tuple[int, str]] = set()
        while not self.case.final:
            stage, attempts = self.case.stage, len(self.case.attempts)
            choices = [one for one in self.helpful() if (one[0].seat, one[1].name) not in done]
            if not choices:
                found = self.due(FOREVER)
                assert found
                self.now = max(self.now, found[0])
                self.pass_time(self.now)
            else:
                actor, move = self.dice.choice(choices)
                if move.name == "record_attempt":
                    self.now += timedelta(days=1)
                    self.pass_time(self.now)
                elif move.name not in ("report_remedy", "plan_remedy", "verify"):
                    done.add((actor.seat, move.name))
                if self.case.stage == stage and not self.one(actor, move):
                    done.discard((actor.seat, move.name))
            assert self.case.stage in self.promised, (self.silent, self.case.stage)
            if self.case.stage != stage or len(self.case.attempts) > attempts:
                done = set()
        return self.case.final

    @property
    def promised(self) -> frozenset[str]:
        """The stages that the proof says can be reached."""
        return promised_without(self.silent)

    def helpful(self) -> list[tuple[Actor, Move]]:
        sitting = self.sitting(self.now)
        found = []
        for seat in self.case.seats:
            first_neutral = seat.role == "neutral" and self.case.stage == "decision"
            if self.silent in (seat.role, seat.side) and (seat.role != "neutral" or first_neutral):
                continue
            actor = Actor(seat.role, seat.no, seat.holder)
            found += [
                (actor, move)
                for move, why in machine.possible(sitting, self.case, actor)
                if why is None and move.name in HELPFUL and not self.enough(move, actor)
            ]
        return found

    def enough(self, move: Move, actor: Actor) -> bool:
        """First the table, then the votes on it; attempts where the consent is missing, and three of them; one plan each."""
        if move.name == "plan_remedy":
            return self.owed(actor)[0].planned != ""
        if "propose_remedy" in move.does:
            return not self.uncovered()
        if move.name in ("vote", "change_view"):
            return bool(self.uncovered())
        checked = self.case.stage not in ("triage", "panel_triage") or self.case.consents["restatement_to_respondent"]
        return move.name == "record_attempt" and (checked or len(self.case.attempts) > 3)

    def owed(self, actor: Actor) -> list[Remedy]:
        """What this seat has to put right, what nobody has planned first."""
        seat, waiting = self.case.seat(actor.seat), ("ordered", "missed")
        owed = [one for one in self.case.remedies if one.status in waiting and self.case.owes(seat, one)]
        return sorted(owed, key=lambda one: bool(one.planned))

    def one(self, actor: Actor, move: Move) -> bool:
        """Whether it was done: a second neutral cannot go beyond what others wrote, and says something else then."""
        answers = self.answers() | {"lane": "U3"}
        if move.name in ("report_remedy", "plan_remedy"):
            owed = self.owed(actor)
            answers |= {"open_remedy": str(owed[0].no), "plan_day": owed[0].due}
        if move.name == "record_attempt":
            answers["channel"] = ["page", "phone", "visit"][len(self.case.attempts) % 3]
        if move.name == "verify":
            answers["which_remedy"] = self.dice.choice(
                [str(r.no) for r in self.case.remedies if r.status != "proposed"]
            )
            self.now += timedelta(hours=12)
        self.pass_time(self.now)
        try:
            if move in self.procedure.moves_from[self.case.stage]:
                asks = self.asked(self.now, move.name, actor.role)
                self.move(self.now, actor, move.name, self.given(self.now, asks, answers))
        except Invalid as error:
            if set(error.fields) != {"outcomes"}:
                raise
            return False
        return True
