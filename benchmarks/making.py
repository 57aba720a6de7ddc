"""Makes cases in bulk: the true verbs of the core and the vault, the true ledger, many cases in one transaction."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from grievance.casework import wording
from grievance.casework.desk import Desk
from grievance.casework.filing import ALPHABET
from grievance.core import events as e
from grievance.core import machine
from grievance.core.case import Case
from grievance.core.effects import Given
from grievance.core.fold import apply
from grievance.core.matters import Actor, Seat
from grievance.core.procedure import URGENT
from grievance.core.seating import Place, Sitting
from grievance.demo import cast
from grievance.language import search_key
from grievance.store import ledger

RARE, COMMON = "ឡចំហាយ", "ច្រកចេញ"
"""A boiler, named in one of a hundred restatements; a way out, named in every second one."""

SENTENCES = (
    "គេមិនបើកប្រាក់ថែមម៉ោងឱ្យយើងទេ",
    "មេក្រុមស្រែកដាក់កម្មកររៀងរាល់ថ្ងៃ",
    "បន្ទប់ទឹកត្រូវបានចាក់សោនៅម៉ោងធ្វើការ",
    "យើងត្រូវធ្វើការថ្ងៃអាទិត្យដោយគ្មានការយល់ព្រម",
    "ប្រាក់ខែមកយឺតពីរសប្តាហ៍",
    "ពន្លឺនៅកន្លែងដេរមិនគ្រប់គ្រាន់",
    "គេបញ្ឈប់អ្នកតំណាងសហជីព",
    "ម៉ាស៊ីនដេរមិនមានរបាំងការពារម្រាមដៃ",
    "Sunday overtime was not paid",
    "the line leader shouts at us",
)
BATCH = 250
LANES = ("U1", "U2", "U3", "U3", "U3", "U3", "U4")
OFFICER = Actor("officer", 2, "sophea")
FEW, FEW_OFFICE = 200, "office-two"
"""How many cases the second office sits in, and its id."""


def khmer(letters: int) -> str:
    """So many letters of a complaint in Khmer."""
    text = " ".join(SENTENCES[:8])
    return (text * (letters // len(text) + 1))[:letters]


class Maker:
    """Makes the same kind of cases again and again; `seed` decides everything but keys, ids and salts."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.lot = random.Random(seed)
        self.places = {site.code: Place(site.code, site.body, site.buyers) for site in cast.SITES}
        self.now = desk.now()
        # One receipt's key for all of them: deriving each costs 5 ms, and no receipt opens these cases.
        vault = desk.vault
        self.box = vault.open_receipt(vault.receipt_of(vault.read_ticket(vault.new_ticket())).digits).box_public

    def sitting(self, at: datetime) -> Sitting:
        """The rules and the calendar at that instant."""
        procedure = self.desk.lawbook.in_force(cast.PROGRAMME.tracks["worker"], at.date())
        calendar = self.desk.lawbook.calendar_of(procedure)
        return Sitting(procedure, calendar, at, self.desk.random.choice, places=lambda: self.places)

    def batches(self, first: int, total: int) -> Iterator[list[ledger.Change]]:
        """Cases from number `first` up to `total`; nine of ten are triaged, restated and given to an officer."""
        for start in range(first, total, BATCH):
            yield [self._case(no) for no in range(start, min(start + BATCH, total))]

    def waiting(self, at: datetime, count: int) -> Iterator[list[ledger.Change]]:
        """Cases that were filed at that instant and wait for their first clock; no word of theirs is kept."""
        for start in range(0, count, BATCH):
            yield [_Growing(self, at, "U3", {}).change() for _ in range(start, min(start + BATCH, count))]

    def _case(self, no: int) -> ledger.Change:
        at = self.now - timedelta(minutes=self.lot.randrange(4 * 60, 18 * 24 * 60))
        account = {"workplace": "Lotus Stitch", "words": khmer(300)}
        words = {"account": json.dumps(account, ensure_ascii=False)}
        growing = _Growing(self, at, self.lot.choice(LANES), words, few=no < 5 * FEW and no % 5 == 0)
        if no % 10 == 9:
            return growing.change()
        if growing.case.lane in URGENT:  # begins where hours count, and leaves it for triage
            growing.fire("no_measure", {}, reasons="គ្មានអ្វីត្រូវការពារភ្លាមៗទេ")
        else:
            growing.fire("acknowledge", {}, greeting="យើងបានអានហើយ")
        category, site = self.lot.choice(("wages", "hours", "violence", "osh")), self.lot.choice(cast.SITES)
        triage = {"category": category, "severity": "serious", "lane": growing.case.lane, "respondent": site.code}
        growing.fire("assess", triage | {"issues": [category]})
        growing.fire("restate", {"could_have_written": 60}, title=f"Case {no}", restatement=self._restatement(no))
        growing.give_to(self.lot.choice(("sophea", "rith", "")))
        return growing.change()

    def _restatement(self, no: int) -> str:
        words = self.lot.sample(SENTENCES, 5)
        if no % 100 == 50:
            words.insert(2, f"នៅជិត{RARE}")
        if no % 2 == 0:
            words.insert(1, f"{COMMON}ត្រូវបានបិទ")
        return " ".join(words)


class _Growing:
    """A new case on its way through its first moves, and all that will be written of it at once."""

    def __init__(self, maker: Maker, at: datetime, lane: str, words: Mapping[str, str], *, few: bool = False) -> None:
        self.maker, self.at = maker, at
        self.entries: list[e.Entry] = []
        self.texts: list[ledger.Text] = []
        self.items: list[ledger.Item] = []
        self.searched: tuple[str, str] | None = None
        written = wording.draft(maker.desk, words)
        year, week, _ = at.isocalendar()
        filed = e.Filed(
            procedure="",
            programme=cast.PROGRAMME.id,
            stage="",
            turn="",
            lane=lane,
            filer="worker",
            anonymity="confidential",
            language="km",
            week=f"{year}-W{week:02}",
            about=("wages",),
            consents=("restatement_to_respondent",),
            words=written.words,
        )
        seats = [Seat(1, "complainant", "receipt", "receipt"), Seat(2, "officer", "body", cast.OFFICE)]
        seats += [Seat(3, "officer", "body", FEW_OFFICE)] if few else []
        self.case = Case()
        self._keep(machine.file(maker.sitting(at), maker.desk.random.randbytes(16).hex(), filed, seats), written)

    def fire(self, move: str, facts: Mapping[str, Any], **texts: str) -> None:
        """A move of the officer, half an hour after the one before."""
        self.at += timedelta(minutes=30)
        written = wording.draft(self.maker.desk, texts)
        given = Given(facts, written.words)
        self._keep(machine.fire(self.maker.sitting(self.at), self.case, move, OFFICER, given), written)
        if "restatement" in texts:
            self.searched = (texts["title"], search_key(f"{texts['title']} {texts['restatement']}"))

    def give_to(self, person: str) -> None:
        """Assign it; nobody when empty."""
        if person:
            entry = e.Entry(self.case.seq + 1, self.at, OFFICER, e.Assigned(person))
            self._keep(machine.Fired((entry,), apply(self.case, entry)), wording.Draft())

    def change(self) -> ledger.Change:
        """What to append."""
        desk = self.maker.desk
        drawn = "".join(desk.random.choice(ALPHABET) for _ in range(8))
        return ledger.Change(
            case=self.case,
            entries=tuple(self.entries),
            birth=ledger.Birth(f"{drawn[:4]}-{drawn[4:]}", desk.random.randbytes(32), self.maker.box),
            texts=tuple(self.texts),
            items=tuple(self.items),
            searched=self.searched,
        )

    def _keep(self, fired: machine.Fired, written: wording.Draft) -> None:
        self.case = fired.case
        self.entries += fired.entries
        texts, items = wording.keep(self.maker.desk, fired.case, fired.entries, written, self.maker.box)
        self.texts += texts
        self.items += items
