"""Random walks through the verbs: whoever does whatever the page offers, the ledger fits and no open case is forgotten."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from grievance.casework import escalating, moving, reseating
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.moving import Answers
from grievance.casework.showing import reading
from grievance.casework.views import CaseView, FormView
from grievance.core.asks import OUTCOMES, REMEDIES, Ask
from grievance.core.errors import Hidden, Invalid, Refused
from grievance.store.tables import cases, clocks
from tests import makers
from tests.makers import ROLES, Clock, Story

CAST = ("sophea", "rith", "lotus-hr", "north-buyer", "blue-buyer", "w1", "w2", "w3", "e1", "e2", "e3", "b1", "b2", "b3",
        "n1", "n2", "n3", "m1", "m2")  # fmt: skip
DOORS = (ROLES["officer"], ROLES["respondent"], ROLES["panel"])
RARE = {"withdraw", "reject", "refer", "turn_to_notice", "propose_rejection", "propose_remedy", "strike_remedy"}


@contextmanager
def house(keys: Path) -> Iterator[tuple[Desk, Clock]]:
    """A house on SQLite for one walk."""
    with TemporaryDirectory() as folder:
        clock = Clock()
        app = makers.house(Path(folder), "", clock, GRIEVANCE_KEYS=str(keys))
        desk = makers.desk_of(app)
        yield desk, clock
        desk.store.engine.dispose()


@dataclass
class Walk:
    """A few cases and everybody who could act in them."""

    desk: Desk
    clock: Clock
    dice: random.Random
    stories: list[Story] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)
    stages: set[str] = field(default_factory=set)

    def step(self) -> None:
        if len(self.stories) < 2 or self.dice.random() < 0.03:
            self.file()
        elif self.dice.random() < 0.12:
            self.clock.at += timedelta(hours=self.dice.choice([1, 7, 30, 100, 300]))
            escalating.sweep(self.desk)
        else:
            self.act(self.dice.choice(self.stories))

    def file(self) -> None:
        consents = {scope: self.dice.random() < 0.8 for scope in ("restatement_to_respondent", "referral")}
        self.stories.append(Story.filed(self.desk, consents=consents, danger=self.dice.random() < 0.1))

    def act(self, story: Story) -> None:
        """Somebody makes one of the moves that their page offers, or writes to the office."""
        offered = []
        if self.dice.random() < 0.05:
            moving.write_message(self.desk, story.who("complainant"), "", "One more thing.")
            return
        for person in ("", *self.dice.sample(CAST, 8), "sophea", "lotus-hr"):
            for door in DOORS if person else (ROLES["complainant"],):
                viewer = makers.viewer(person) if person else story.who("complainant")
                view = self.seen(viewer, story.ref, door)
                if view:
                    self.stages.add(view.stage)
                    offered += [(viewer, door, view.seq, move.name) for move in view.moves if move.why_not is None]
        offered = [one for one in offered if one[3] not in RARE or self.dice.random() < 0.2]
        if not offered:
            return
        viewer, door, seq, move = self.dice.choice(offered)
        form = reading.form(self.desk, viewer, story.ref, move, roles=door)
        try:
            moving.fire(self.desk, viewer, story.ref, move, self.answers(form), seen=seq)
        except Invalid:
            return
        except Refused:
            # The page was read before somebody had to make room (a tie in another case): then the seat is filled first.
            assert reseating.reseat(self.desk), f"{move} was offered and refused"
            return
        self.made[move] += 1

    def seen(self, viewer: Any, ref: str, door: frozenset[str]) -> CaseView | None:
        try:
            return reading.case(self.desk, viewer, ref, roles=door)
        except Hidden:
            return None

    def answers(self, form: FormView) -> Answers:
        """Valid answers by the shape of each ask."""
        facts: dict[str, Any] = {}
        texts: dict[str, str] = {}
        for name, ask in form.asks.items():
            if ask.shape in ("line", "text"):
                texts[name] = self.dice.choice(["Yes.", "បាទ/ចាស", "x" * 150])
            else:
                facts[name] = self.fact(name, ask, form)
        return Answers(facts, texts)

    def fact(self, name: str, ask: Ask, form: FormView) -> Any:  # noqa: PLR0911  one line a shape
        choices = sorted(form.choices.get(name, {}) or ask.choices)
        match ask.shape:
            case "number":
                return self.dice.randrange(1, 100)
            case "date":
                return (self.clock.at + timedelta(days=self.dice.randrange(1, 90))).date().isoformat()
            case "moment":
                return (self.clock.at + timedelta(days=self.dice.randrange(1, 9))).isoformat()
            case "yes":
                return True
            case "choices":
                return tuple(self.dice.sample(choices, min(2, len(choices))))
            case "outcomes" | "answers":
                known = sorted(OUTCOMES) if ask.shape == "outcomes" else sorted(ask.choices)
                favourite = known[-1] if self.dice.random() < 0.8 else self.dice.choice(known)
                return dict.fromkeys(form.choices[name], favourite)
            case "remedy":
                issue = int(self.dice.choice(choices or ["1"])) if choices and choices[0].isdigit() else 1
                return {"issue": issue, "kind": self.dice.choice(sorted(REMEDIES)), "beneficiaries": 3}
            case "pick":
                return "KH-0412" if name == "respondent" else self.dice.choice(choices or [""])
            case _:
                return self.dice.choice(choices)

    def check(self) -> None:
        """The ledger fits everything that is derived from it, and each open case waits for a clock of its stage."""
        held, faults = verifying.verify(self.desk)
        assert held >= len(self.stories), "some open others"
        assert faults == []
        with self.desk.store.read() as tx:
            running = tx.execute(select(clocks.c.case_id, clocks.c.name)).all()
            watched = {
                case_id for case_id, name in running if name != "withdrawal_told"
            }  # that one begins with the end
            for case_id, final, due_at in tx.execute(select(cases.c.id, cases.c.final, cases.c.due_at)):
                assert final or (due_at and case_id in watched), f"nobody watches {case_id}"
                assert not final or case_id not in watched, f"a clock runs on in {case_id}"


def walk(keys: Path, seed: int, steps: int) -> Walk:
    with house(keys) as (desk, clock):
        walked = Walk(desk, clock, random.Random(seed))
        for _ in range(steps):
            walked.step()
            walked.check()
        return walked


@settings(max_examples=8, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_whatever_people_do_the_ledger_fits(keys: Path, seed: int) -> None:
    print(f"walk {seed}")
    walk(keys, seed, 25)


@pytest.mark.trial
@settings(max_examples=40, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_many_long_walks(keys: Path, seed: int) -> None:
    print(f"walk {seed}")
    walk(keys, seed, 150)


def test_a_walk_gets_somewhere(keys: Path) -> None:
    """Else the walks above could fit by never moving."""
    with house(keys) as (desk, clock):
        walked = Walk(desk, clock, random.Random(7))
        for _ in range(150):
            walked.step()
    print(dict(walked.made), walked.stages)
    assert len(walked.made) >= 8
    assert len(walked.stages) >= 4


def test_planted_a_clock_that_is_lost_is_noticed(keys: Path) -> None:
    with house(keys) as (desk, clock):
        walked = Walk(desk, clock, random.Random(1))
        walked.step()
        walked.check()
        with desk.store.write() as tx:
            tx.execute(clocks.delete())
        with pytest.raises(AssertionError):
            walked.check()
