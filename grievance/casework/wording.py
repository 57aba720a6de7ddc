"""Keeps what people write: committed to in the ledger, sealed beside it, and opened only for those who may read it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from grievance.casework.desk import Bearer, Desk, Viewer
from grievance.core.asks import ASKS
from grievance.core.case import Case
from grievance.core.events import Entry
from grievance.core.evidence import PARTIES
from grievance.core.visibility import NAMED
from grievance.store import cases
from grievance.store.ledger import Item, Text
from grievance.vault import BOX, SALT_BYTES, Envelope, Sealed, Tampered, commitment

OWN = {
    "account": "words",
    "identity": "identity",
    "contact": "contact",
    "message": "words",
    "note": "notes",
    "translation": "words",
    "caption": "words",
    "caption_shared": "exchange",
    "release_reason": "words",
    "original_reason": "words",
    "link_reason": "notes",
    "assign_reason": "notes",
    "set_aside_reason": "words",
    "handing_reason": "notes",
    "handing_dispute": "notes",
    "hold_reason": "notes",
    "naming_reason": "identity",
    "naming_refusal": "identity",
}
"""Texts that no move asks for, and their compartments."""

UNBOXED = frozenset({"deliberation", "notes"})
"""Compartments whose texts are never sealed to the receipt."""

FILED = 1
"""The entry that carries what was told when a case was filed."""

APART = frozenset({"naming_reason", "naming_refusal"})
"""Texts that the receipt does not open either: why a name is asked for can speak of others. Its category is told."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Texts on their way in, each with the salt of its commitment."""

    bodies: Mapping[str, str] = field(default_factory=dict)
    salts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, str]:
        """Name → commitment, as the ledger holds it."""
        return {name: commitment(self.salts[name], body) for name, body in self.bodies.items()}


def draft(desk: Desk, bodies: Mapping[str, str]) -> Draft:
    """Texts that are not empty, each with a fresh salt."""
    kept = {name: body for name, body in bodies.items() if body.strip()}
    return Draft(kept, {name: desk.vault.new_salt() for name in kept})


def compartment(name: str) -> str:
    """Where a text of this name is kept: a compartment of the vault, or clear."""
    if name.startswith("reasons_"):  # what a panellist wrote, opened to the parties by the decision
        return "exchange"
    return OWN.get(name) or ASKS[name].kept


def keep(
    desk: Desk, case: Case, entries: tuple[Entry, ...], written: Draft, box: bytes
) -> tuple[list[Text], list[Item]]:
    """The rows beside the ledger for the texts that these entries carry."""
    texts: list[Text] = []
    items: list[Item] = []
    for entry in entries:
        for name in getattr(entry.event, "words", ()):
            body, salt, kept = written.bodies[name], written.salts[name], compartment(name)
            if kept == "clear":
                texts.append(Text(entry.seq, name, salt, body))
                continue
            envelope = desk.vault.seal(
                salt + body.encode(),
                bound=bound(case.id, entry.seq, name),
                readers=readers(name, case, entry.actor.role),
                box=box if _boxed(name, entry.actor.role) else None,
            )
            items.append(Item(entry.seq, name, envelope.cipher, envelope.wraps))
    return texts, items


def _boxed(name: str, by: str) -> bool:
    """Whether the complainant's number opens it: of what is written to the mediator alone, only their own."""
    kept = compartment(name)
    if name in APART:
        return False
    return by == "complainant" if kept == "mediation" else kept not in UNBOXED


def readers(name: str, case: Case, by: str) -> tuple[str, ...]:
    """The compartments that a text is sealed for: whoever wants to be known to everybody is named to the parties too."""
    named = name == "identity" and case.anonymity == NAMED
    return (*_compartments(name, by), "exchange") if named else _compartments(name, by)


def kept_for(name: str, by: str) -> frozenset[str]:
    """The keys that a text has from its first day to its last, the receipt's among them; none where it is kept in clear."""
    if compartment(name) == "clear":
        return frozenset()
    return frozenset((*_compartments(name, by), BOX) if _boxed(name, by) else _compartments(name, by))


def _compartments(name: str, by: str) -> tuple[str, ...]:
    """What a party writes to the mediator alone opens at the party's own door as well, from the seat that wrote it."""
    kept = compartment(name)
    return (kept, "statements") if kept == "mediation" and by in PARTIES else (kept,)


def bound(case_id: str, seq: int, name: str) -> str:
    """The one place where a sealed text opens."""
    return f"items/{case_id}/{seq}/{name}"


def opened(desk: Desk, viewer: Viewer | Bearer, case_id: str, item: Item) -> str | None:
    """The text, or None where this process or this receipt holds no key for it."""
    found = unsealer(desk, viewer, case_id)(item)
    return found[1] if found else None


def reading(desk: Desk, tx: Connection, viewer: Viewer | Bearer, case_id: str) -> Callable[[int, str], str]:
    """What gives the sealed text of an entry by its name, for this viewer; empty where there is none, or no key for it."""
    sealed = {(item.seq, item.name): item for item in cases.items_of(tx, case_id)}
    unseal = unsealer(desk, viewer, case_id)

    def body(seq: int, name: str) -> str:
        item = sealed.get((seq, name))
        found = unseal(item) if item else None
        return found[1] if found else ""

    return body


def clear(tx: Connection, case: Case) -> dict[str, str]:
    """The texts in clear by name, each as it was written last in the case as its reader knows it."""
    return {text.name: text.body for text in cases.texts_of(tx, case.id) if text.seq <= case.seq}


def unsealer(desk: Desk, viewer: Viewer | Bearer, case_id: str) -> Callable[[Item], tuple[bytes, str] | None]:
    """The salt of a commitment and its text, or None where this process or this receipt holds no key for it."""
    vault = desk.vault
    box = vault.box(viewer.box) if isinstance(viewer, Bearer) else None

    def unseal(item: Item) -> tuple[bytes, str] | None:
        envelope = Envelope(item.cipher, item.wraps)
        place = bound(case_id, item.seq, item.name)
        try:
            plain = box(envelope, place) if box else vault.open_sealed(envelope, bound=place, reader=reader(item))
        except Sealed:
            return None
        except Tampered:
            # A case that was handed on holds texts for two numbers, and this is one for the other. One that somebody
            # changed looks the same from here: `verifying` is where that is found.
            if box:
                return None
            raise
        return plain[:SALT_BYTES], plain[SALT_BYTES:].decode()

    def reader(item: Item) -> str:
        held = [name for name in (compartment(item.name), "exchange", "statements") if vault.opens(name)]
        return next((name for name in held if name in item.wraps), compartment(item.name))

    return unseal


def beginning(account: str, most: int = 160) -> str:
    """The first letters of what somebody told, from the text in which a whole account is kept."""
    words = str(json.loads(account).get("words", "")) if account else ""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[:most]}…"
