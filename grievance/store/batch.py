"""Turns changes into rows, table by table: what is copied from a case follows from its fold, here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.chain import GENESIS
from grievance.core.visibility import sees_opened_again
from grievance.core.wraps import number_of
from grievance.store import codec
from grievance.store.at_sites import more_sites
from grievance.store.bulk import Row
from grievance.store.changes import FILE, Change
from grievance.store.tables import NEVER


@dataclass(slots=True)
class Batch:
    """The rows of many changes, by table."""

    born: list[Row] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    seats: list[Row] = field(default_factory=list)
    left: list[Row] = field(default_factory=list)
    dated: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    rang: list[Row] = field(default_factory=list)
    rungs: list[Row] = field(default_factory=list)
    stopped: list[Row] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    wraps: list[Row] = field(default_factory=list)
    files: list[Row] = field(default_factory=list)
    handed: list[Row] = field(default_factory=list)
    rewrapped: list[Row] = field(default_factory=list)
    scanned: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    once: dict[tuple[str, str, str], datetime] = field(default_factory=dict)


def row_of(case: Case) -> Row:
    """What the row of a case copies from its fold; `verify` compares it with what is there."""
    clock = case.stage_clock
    return {
        "programme": case.programme,
        "procedure": case.procedure,
        "seq": case.seq,
        "stage": case.stage,
        "turn": case.turn,
        "lane": case.lane,
        "final": case.final,
        "category": case.category,
        "site": case.site,
        "more_sites": more_sites(case),
        "assignee": case.assignee,
        "bulk": case.bulk,
        "aside_at": case.aside_at,
        "due_at": clock.due_at if clock else None,
        "rests_since": None if case.erased_at else case.ended_at,
        "state": codec.write_case(case),
    }


def seat_of(case: Case, role: str = "") -> Row:
    """What each held seat copies from the case for lists; `verify` compares it too.

    What waits in the bulk lane stands behind everything else: its dates are on the pages of that lane. To those who do not
    know yet that a case was opened again it stands among those that ended.
    """
    known = sees_opened_again(role, case)
    clock = case.stage_clock if known and not case.bulk else None
    return {
        "ended": bool(case.final) or not known,
        "due_at": clock.due_at if clock else NEVER,
        "filed_at": case.filed_at or NEVER,
        "assignee": case.assignee,
    }


def collect(batch: Batch, change: Change) -> None:
    """Add the rows of one change. Raises ValueError for a new case without its birth."""
    case, held = change.case, change.held
    ledger = codec.links(held.head if held else GENESIS, case.id, change.entries)
    batch.events += ledger
    head = ledger[-1]["hash"]
    if held is None:
        if change.birth is None:
            raise ValueError("a new case needs its birth")
        birth = change.birth
        batch.born.append(
            {"id": case.id, "ref": birth.ref, "tag": birth.tag, "box": birth.box, "head": head, **row_of(case)}
        )
    else:
        row = {f"new_{name}": value for name, value in row_of(case).items()}
        batch.moved.append({"case_key": case.id, "seen": held.case.seq, "new_head": head, **row})
        if (seat_of(case), case.unsaid) != (seat_of(held.case), held.case.unsaid):
            row = {f"new_{name}": value for name, value in seat_of(case).items()}
            batch.dated.append({"case_key": case.id, "unsaid": bool(case.unsaid), **row})
    for entry in change.entries:
        _collect_entry(batch, case, entry)
    _collect_clocks(batch, change)
    key = {"case_id": case.id}
    batch.texts += [key | {"seq": t.seq, "name": t.name, "salt": t.salt, "body": t.body} for t in change.texts]
    batch.items += [key | {"seq": i.seq, "name": i.name, "cipher": i.cipher} for i in change.items]
    batch.wraps += [
        key | {"seq": i.seq, "name": i.name, "reader": reader, "wrapped": wrapped, "under": number_of(wrapped)}
        for i in change.items
        for reader, wrapped in i.wraps.items()
    ]
    batch.wraps += [
        key | {"seq": f.seq, "name": FILE, "reader": reader, "wrapped": wrapped, "under": number_of(wrapped)}
        for f in change.files
        for reader, wrapped in f.wraps.items()
    ]
    batch.rewrapped += [
        {"case_key": case.id, "of": r.seq, "what": r.name, "whose": r.reader, "new_wrap": r.wrapped}
        for r in change.rewrapped
    ]
    at = change.entries[-1].at
    batch.notices += [
        {"person": n.person, "kind": n.kind, "cause": n.cause, "state": "waiting", "tries": 0, "next_at": at}
        for n in change.notices
        if not n.once
    ]
    batch.once |= {(n.person, n.kind, n.cause): at for n in change.notices if n.once}


def _collect_entry(batch: Batch, case: Case, entry: e.Entry) -> None:
    case_id = case.id
    match entry.event:
        case e.SeatTaken(seat):
            batch.seats.append(
                {
                    "case_id": case_id,
                    "no": seat.no,
                    "role": seat.role,
                    "kind": seat.kind,
                    "holder": seat.holder,
                    "side": seat.side,
                    "from_at": entry.at,
                    "until_at": None,
                    **seat_of(case, seat.role),
                }
            )
        case e.SeatLeft(no, _) | e.Recused(no, _, _):
            batch.left.append({"case_key": case_id, "seat": no, "left_at": entry.at})
        case e.HandedOn() as handed if handed.holder:
            row = {"case_key": case_id, "seat": handed.seat, "new_holder": handed.holder, "new_from": entry.at}
            batch.handed.append(row)
        case e.EvidenceAdded() as added:
            row = {"object": added.object, "case_id": case_id, "seq": entry.seq, "waiting": added.waiting}
            batch.files.append(row)
        case e.Scanned(no, _):
            batch.scanned += [{"name": piece.object} for piece in case.evidence if piece.no == no]
        case e.Rang(clock, rung, _):
            batch.rungs.append({"case_id": case_id, "clock": clock, "rung": rung, "rang_at": entry.at})


def _collect_clocks(batch: Batch, change: Change) -> None:
    """The rows of the clocks from the difference between the case before and after."""
    before = {clock.no: clock for clock in change.held.case.clocks} if change.held else {}
    marks = {entry.event.no: entry.event.counted_by for entry in change.entries if isinstance(entry.event, e.ClockSet)}
    after = {clock.no: clock for clock in change.case.clocks}
    for no, clock in after.items():
        if no not in before:
            batch.clocks.append(
                {
                    "case_id": change.case.id,
                    "no": no,
                    "name": clock.name,
                    "rung": clock.rang,
                    "rings_at": clock.rings[clock.rang],
                    "counted_by": marks[no],
                }
            )
        elif (clock.rang, clock.rings) != (before[no].rang, before[no].rings):
            batch.rang.append(
                {
                    "case_key": change.case.id,
                    "clock": no,
                    "next_rung": clock.rang,
                    "next_ring": clock.rings[clock.rang],
                }
            )
    batch.stopped += [{"case_key": change.case.id, "clock": no} for no in before if no not in after]
