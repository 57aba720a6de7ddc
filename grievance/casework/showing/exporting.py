"""Exports one case to somebody who holds a seat in it: the entries and texts that they may see, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import Connection

from grievance.casework import linking, signable, wording
from grievance.casework.desk import Bearer, Desk, Viewer, actors
from grievance.casework.finding import find_known
from grievance.casework.showing.standing import history, standing
from grievance.core import exported
from grievance.core.chain import GENESIS, link
from grievance.core.disclosure import OF_FILES, UNTOLD, Look, in_order, sees_entry, sees_person, sees_when, sees_words
from grievance.core.events import Entry, PanelSigned
from grievance.core.evidence import numbers
from grievance.core.exported import Checked, check
from grievance.core.fold import replay
from grievance.core.visibility import OFFICE, sees_end
from grievance.store import audit, cases, codec
from grievance.store.ledger import Held
from grievance.store.schema import micros
from grievance.store.tables import EPOCH

__all__ = ["Checked", "check_file", "export"]


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry as it is told: its texts as they are hashed, and the number under which it is told."""

    entry: Entry
    at: int | None
    kind: str
    actor: str
    data: str


def export(desk: Desk, viewer: Viewer | Bearer, ref: str) -> bytes:
    """The case as a file that `grievance verify FILE` reads; `core/exported.py` says what is in it. Raises Hidden.

    `whole` says that nothing was left out: then the hashes are those of the ledger.
    """
    with desk.store.read() as tx:
        held = find_known(tx, viewer, ref)
        mine = actors(held.case, viewer)
        lines = [(line, line.entry()) for line in audit.lines(tx, held.case.id) if line.seq <= held.case.seq]
        procedure = desk.lawbook.procedure(held.case.procedure)
        known = frozenset(linking.known(tx, viewer, linking.named(entry for _, entry in lines)))
        looks = [Look(actor, held.case, procedure, known) for actor in mine]
        told = in_order(looks, [entry for _, entry in lines if any(sees_entry(look, entry) for look in looks)])
        whole = len(told) == len(lines) and any(look.role in OFFICE for look in looks)
        as_kept = {entry.seq: line for line, entry in lines}
        numbered = numbers(mine, held.case, [entry for _, entry in lines])
        shown = [_told(looks, as_kept[entry.seq], entry, then, numbered) for entry, then in told]
        texts = _texts(desk, tx, viewer, held, looks, [entry for entry, _ in told])
        stands = standing(tx, held.case.id) if whole else None
        heads = [(line.at.astimezone(UTC).date().isoformat(), line.hash) for line, _ in lines]
        stood = history(tx, held.case.id, heads) if stands else []
    content: dict[str, Any] = {
        "format": exported.FORMAT,
        "ref": held.ref,
        "id": held.case.id if whole else held.ref,
        "whole": whole,
        "procedure": held.case.procedure,
        "stage": held.case.stage if any(sees_end(actor.role, held.case, procedure) for actor in mine) else "",
        "turn": held.case.turn,
        "roles": sorted({actor.role for actor in mine}),
        "exported_at": desk.now().astimezone(UTC).isoformat(timespec="minutes"),
        "entries": [],
        "head": GENESIS,
        "texts": texts,
    }
    for number, one in enumerate(shown, 1):
        at = -1 if one.at is None else one.at
        content["head"] = link(content["head"], content["id"], number, at, one.kind, one.actor, one.data)
        entry = {"seq": number, "at": one.at, "kind": one.kind, "actor": one.actor, "data": one.data}
        content["entries"].append(entry | {"hash": content["head"]})
    if stands:
        content |= {"record": stands.told, "history": [one.told for one in stood]}
    content["fingerprint"] = exported.fingerprint(content)
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def check_file(raw: bytes) -> Checked:
    """The faults of an exported case, without a database and without keys.

    Of a whole one the case is made anew from its entries and held against what the file says of it.
    """
    checked = check(raw)
    content = checked.content
    if checked.faults or not content.get("whole"):
        return checked
    try:
        entries = [
            Entry(
                entry["seq"],
                EPOCH + timedelta(microseconds=entry["at"]),
                codec.read_actor(entry["actor"]),
                codec.read_event(entry["kind"], entry["data"]),
            )
            for entry in content["entries"]
        ]
        case = replay(content["id"], entries)
    except Exception as error:  # noqa: BLE001  whatever damage does to the reading, it is what we look for
        return replace(checked, faults=(f"The entries cannot be read: {type(error).__name__}.",))
    made = {"procedure": case.procedure, "stage": case.stage, "turn": case.turn}
    wrong = [f"The {name} is not what the entries say." for name, value in made.items() if content[name] != value]
    wrong += [f"Entry {seq}: {what}." for seq, what in signable.faults(content["ref"], entries)]
    return replace(checked, faults=tuple(wrong), notes=tuple(_signed(content["ref"], entries)))


def _signed(ref: str, entries: list[Entry]) -> Iterator[str]:
    """Who stands by what, seat by seat, and with which key: somebody who has it can say so."""
    for entry in entries:
        event = entry.event
        if not isinstance(event, PanelSigned):
            continue
        what = f"Entry {entry.seq}: seat {event.seat} stands by the {event.what} of entry {event.of}"
        if event.by == signable.PASSKEY:
            key = hashlib.sha256(event.key.encode()).hexdigest()[:16]
            yield f"{what}, signed with passkey {key} at {signable.where_signed(ref, entries, event) or 'no known place'}."
        else:
            yield f"{what}, attested by the server alone."


def _told(looks: list[Look], line: audit.Line, entry: Entry, then: Entry, numbered: Mapping[int, int]) -> _Told:
    """The entry without what these looks may not see of it, a file under the number by which they know it.

    `then`: the entry whose moment is told.
    """
    office = any(look.role in OFFICE for look in looks)
    actor, data = line.actor, line.data
    if not any(sees_person(look, entry) for look in looks):
        actor = codec.write_actor(replace(entry.actor, person=""))
    untold = () if office else UNTOLD.get(type(entry.event), ())
    if untold:
        said = {name: value for name, value in json.loads(data).items() if name not in untold}
        if isinstance(entry.event, OF_FILES):
            said["no"] = numbered.get(entry.event.no, 0)
        data = json.dumps(said)
    when = any(sees_when(look, then) for look in looks)
    at = micros(then.at) if when else None
    return _Told(entry, at, line.kind, actor, data)


def _texts(
    desk: Desk, tx: Connection, viewer: Viewer | Bearer, held: Held, looks: list[Look], told: list[Entry]
) -> list[Mapping[str, Any]]:
    """The texts of these entries that may be told and that this viewer can open, each with the salt of its commitment."""
    clear = {(text.seq, text.name): (text.salt, text.body) for text in cases.texts_of(tx, held.case.id)}
    items = {(item.seq, item.name): item for item in cases.items_of(tx, held.case.id)}
    unseal = wording.unsealer(desk, viewer, held.case.id)
    found: list[Mapping[str, Any]] = []
    for number, entry in enumerate(told, 1):
        for name in getattr(entry.event, "words", {}):
            place = (entry.seq, name)
            if not any(
                sees_entry(look, entry) and sees_words(look, entry, name, wording.compartment(name)) for look in looks
            ):
                continue
            read = clear.get(place)
            if read is None and place in items:
                read = unseal(items[place])
            if read is not None:
                found.append({"seq": number, "name": name, "salt": read[0].hex(), "body": read[1]})
    return found
