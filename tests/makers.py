"""Makes what tests need: a house with keys and people, complaints, and people who act in them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, inspect, select, update

from config import Settings
from grievance.app import create_app, shipped_law
from grievance.casework import escalating, filing, moving
from grievance.casework.desk import Bearer, Desk, Viewer
from grievance.casework.house import founding
from grievance.casework.moving import Answers
from grievance.casework.showing import following, reading
from grievance.casework.views import CaseView
from grievance.core.case import Case
from grievance.core.lawbook import Lawbook
from grievance.demo import cast
from grievance.store import factors
from grievance.store.migrations import migrate
from grievance.store.tables import metadata, programmes
from grievance.vault import make_keys

ADMINISTRATOR, APP = "sarin", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
"""Monday 2 March 2026, 10:00 in Phnom Penh: the day on which the procedure's first scenario begins."""

ROLES = {
    "complainant": frozenset({"complainant"}),
    "officer": frozenset({"officer", "relief"}),
    "relief": frozenset({"officer", "relief"}),
    "respondent": frozenset({"respondent", "brand"}),
    "brand": frozenset({"respondent", "brand"}),
    "panel": frozenset({"panel", "neutral", "mediator"}),
    "neutral": frozenset({"panel", "neutral", "mediator"}),
    "mediator": frozenset({"panel", "neutral", "mediator"}),
}


class Punctual(random.SystemRandom):
    """A lot like any other, but that what is released goes out at once: the delay has tests of its own."""

    def uniform(self, a: float, b: float) -> float:
        """No wait at all."""
        del a, b
        return 0.0


@dataclass
class Clock:
    """A clock that tests set."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_days(self, days: float) -> None:
        self.at += timedelta(days=days)


def settings(folder: Path, database: str = "", **more: str) -> Settings:
    """Production settings on this machine; nothing is relaxed."""
    environ = {"DATA": str(folder), **more}
    if database:
        environ["GRIEVANCE_DATABASE"] = database
    return Settings.read(environ)


@cache
def law() -> Lawbook:
    """The law that we ship, read and proved once a process."""
    return shipped_law()


def house(folder: Path, database: str = "", clock: Clock | None = None, **more: str) -> Flask:
    """An app with the people of the demo and none of its cases, on this database or a fresh one; migrated if it is new."""
    chosen = settings(folder, database, **more)
    if not chosen.keys.exists():
        make_keys(chosen.keys)
    engine = create_engine(chosen.database)
    if not inspect(engine).has_table("alembic_version"):
        migrate(engine)
    engine.dispose()
    app = create_app(chosen, clock, law())
    desk = desk_of(app)
    object.__setattr__(desk, "random", Punctual())
    if founding.is_empty(desk):
        founding.found_programme(desk, cast.PROGRAMME, cast.BODIES, cast.SITES, cast.PEOPLE, cast.PASSWORD)
        with desk.store.write() as tx:
            factors.add(tx, _app_of(desk, ADMINISTRATOR))
    return app


def _app_of(desk: Desk, person: str) -> factors.Factor:
    """An authenticator app: administrators need a second step from the beginning."""
    kept = desk.vault.seal_cookie("totp", f"{person}/{APP}".encode())
    return factors.Factor(f"app of {person}", person, "totp", "Telephone", kept, desk.now(), None, 0)


def desk_of(app: Flask) -> Desk:
    desk = app.extensions["grievance"].desk
    assert isinstance(desk, Desk)
    return desk


def workers_only(desk: Desk) -> None:
    """The programme takes no complaints of factories about brands."""
    tracks = {name: law for name, law in cast.TRACKS.items() if name != "employer"}
    with desk.store.write() as tx:
        tx.execute(update(programmes).values(tracks=json.dumps(tracks)))


def viewer(person: str) -> Viewer:
    """One of the demo's people, such as sophea (officer), lotus-hr (factory), w1, e1, b2 (panel), n1, m1."""
    member = next(member for member in cast.PEOPLE if member.id == person)
    bodies = {body.id: body for body in cast.BODIES}
    return Viewer(
        member.id, member.name, member.language, tuple(bodies[body] for body, _ in member.bodies), member.administrator
    )


def complaint(**changes: Any) -> filing.Complaint:
    """A worker's complaint in Khmer, confidential, with consent to the release."""
    made = filing.Complaint(
        filer="worker",
        anonymity="confidential",
        language="km",
        account={"workplace": "Lotus Stitch", "words": "គេមិនបើកប្រាក់ថែមម៉ោងឱ្យយើងទេ"},
        about=("wages",),
        consents={"restatement_to_respondent": True, "referral": True},
        identity={"name": "ស្រី ម៉ុម"},
        contact={"phone": "012345678"},
    )
    return replace(made, **changes)


@dataclass
class Story:
    """One case and the people who act in it."""

    desk: Desk
    receipt: str = ""
    ref: str = ""
    bearer: Bearer | None = field(default=None, repr=False)

    @classmethod
    def filed(cls, desk: Desk, **changes: Any) -> Story:
        digits = filing.file(desk, "kh", complaint(**changes), following.new_ticket(desk)).digits
        bearer = following.show_receipt(desk, digits)
        story = cls(desk, digits, "", bearer)
        story.ref = story.view("complainant").ref
        return story

    def who(self, role: str, person: str = "") -> Viewer | Bearer:
        if role == "complainant":
            assert self.bearer is not None
            return self.bearer
        return viewer(person or {"officer": "sophea", "respondent": "lotus-hr", "brand": "north-buyer"}[role])

    def view(self, role: str, person: str = "") -> CaseView:
        return reading.case(self.desk, self.who(role, person), self.ref, roles=ROLES[role])

    def do(
        self, role: str, move: str, facts: Mapping[str, Any] | None = None, *, person: str = "", **texts: str
    ) -> Case:
        """Make a move as the page would: read, then fire what was read."""
        seen = self.view(role, person).seq
        return moving.fire(self.desk, self.who(role, person), self.ref, move, Answers(facts or {}, texts), seen=seen)

    def taken(self) -> Story:
        """Acknowledged, triaged, restated, released and admitted; the factory has to answer."""
        facts: dict[str, Any] = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412"}
        facts |= {"issues": ["wages", "hours"]}
        self.do("officer", "acknowledge", greeting="We have read it.")
        self.do("officer", "assess", facts)
        self.do(
            "officer", "restate", {"could_have_written": 60}, title="Overtime unpaid", restatement="Overtime is unpaid."
        )
        self.do("officer", "release")
        self.do("officer", "admit", reasons="It can be checked.")
        return self

    def answered(self) -> Story:
        self.do("respondent", "submit_answer", {"issue_answers": {"1": "contest", "2": "accept"}}, statement="We paid.")
        return self

    def reviewed(self) -> Story:
        """The panel sits."""
        self.do("complainant", "submit_reply", comment="They did not.")
        return self

    def ripe(self, clock: Clock, *, employers: str) -> Story:
        """Views differ, nobody is chosen to mediate in time, a mediation is left, each issue has a remedy: votes come next."""
        panel = self.seated("panel")
        for person, side in panel.items():
            self.position("take_view", employers if side == "employers" else "upheld", person=person)
        assert self.view("officer").stage == "deliberation"
        for days, stage in ((20, "mediator_choice"), (10, "mediation")):
            clock.pass_days(days)
            escalating.sweep(self.desk)
            assert self.view("officer").stage == stage
        self.do("complainant", "leave_mediation", reasons="It leads nowhere.")
        owed = {"kind": "back_pay", "beneficiaries": 64, "amount": "5120", "currency": "USD", "due": ""}
        for issue in (1, 2):
            self.do("panel", "propose_remedy", {"remedy": {"issue": issue, **owed}}, person=next(iter(panel)))
        return self

    def planned(self, *numbers: str, person: str = "", plan: str = "With the next payroll.") -> Story:
        """A respondent plans these orders, the first if none is named, and sets the plan."""
        for no in numbers or ("1",):
            facts = {"open_remedy": no, "plan_day": "2026-03-01"}
            self.do("respondent", "plan_remedy", facts, person=person, plan=plan, plan_proof="Bank list.")
        self.do("respondent", "set_plan", person=person)
        return self

    def seated(self, role: str) -> dict[str, str]:
        """Person → side of everybody who sits in the panel under this role."""
        view = self.view("officer")
        people = {member.name: member.id for member in cast.PEOPLE}
        return {people[seat.name]: seat.side for seat in view.seats if seat.role == role}

    def position(self, move: str, outcome: str, *, person: str, role: str = "panel") -> Case:
        outcomes = {str(issue.no): outcome for issue in self.view("officer").issues}
        return self.do(role, move, {"outcomes": outcomes}, person=person, position_reasons=f"Because {outcome}.")


def decreed(desk: Desk, *, more: Mapping[date, str] | None = None, fewer: tuple[date, ...] = ()) -> Desk:
    """The same house after somebody put another list of holidays into the calendar's file."""
    old = desk.lawbook.calendars["kh-factory"]
    days = {day: name for day, name in old.holidays[2026].items() if day not in fewer} | dict(more or {})
    new = replace(old, holidays={**old.holidays, 2026: days})
    return replace(desk, lawbook=Lawbook(desk.lawbook.procedures, {**desk.lawbook.calendars, "kh-factory": new}))


def contents(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to see that nothing was written."""
    with desk.store.whole() as tx:
        return {
            table.name: sorted((tuple(row) for row in tx.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def objects(desk: Desk) -> set[str]:
    """The names of all sealed files."""
    return {name for names in desk.store.objects.names() for name in names}


def page_token(html: str) -> str:
    """The token in a rendered form."""
    found = re.search(r'name="page_token" value="([0-9a-f]+)"', html)
    assert found, "the page carries no token"
    return found[1]
