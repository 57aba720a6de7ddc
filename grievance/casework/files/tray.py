"""Files on their way with a filing form: kept when they come, so that a form that comes back need not send them twice.

A browser cannot keep a chosen file in a form that comes back. So what was taken is sealed and stored at once, and the form
carries a token for it that is good for this form alone; what is never filed is swept away (`keeping.sweep`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from grievance.casework.desk import Desk, Tampered
from grievance.casework.files.keeping import Piece, Refusal, Upload, keep, new_case_id, too_many
from grievance.core.evidence import AT_ONCE

PURPOSE = "tray"
GOOD_FOR = timedelta(days=1)
"""Days for which a token is taken: fewer than the sweep waits, so that no file is swept while it is being filed."""


@dataclass(frozen=True, slots=True)
class Tray:
    """The files of one form, sealed for the case that it will become; `lost`: a token was too old or not of this form."""

    case_id: str
    pieces: tuple[Piece, ...] = ()
    refused: tuple[Refusal, ...] = ()
    lost: bool = False


def fill(desk: Desk, ticket: str, uploads: list[Upload], tokens: Iterable[str]) -> Tray:
    """What came with the form now, and before with the same ticket. Raises BadTicket for a form that is not ours."""
    raw = desk.vault.read_ticket(ticket)
    form = desk.vault.ticket_hash(raw).hex()
    read = [_read(desk, form, token) for token in tokens]
    before = [found for found in read if found is not None]
    case_id = before[0][0] if before else new_case_id(desk)
    pieces = {piece.original: piece for of, piece in before if of == case_id}
    refused: list[Refusal] = []
    if uploads:
        box = desk.vault.open_receipt(desk.vault.receipt_of(raw).digits).box_public
        fresh, refused = keep(desk, case_id, uploads, box, shared=False, most=max(0, AT_ONCE - len(pieces)))
        pieces |= {piece.original: piece for piece in fresh}
    every = tuple(pieces.values())  # a form may bring tokens that it had before, of more files than it may carry
    refused += [too_many(piece.name, AT_ONCE) for piece in every[AT_ONCE:]]
    return Tray(case_id, every[:AT_ONCE], tuple(refused), lost=None in read)


def tokens(desk: Desk, ticket: str, tray: Tray) -> list[tuple[str, str]]:
    """Token and the sender's own name of each file, for the form that comes back."""
    form = desk.vault.ticket_hash(desk.vault.read_ticket(ticket)).hex()
    return [(_write(desk, form, tray.case_id, piece), piece.name) for piece in tray.pieces]


def _write(desk: Desk, form: str, case_id: str, piece: Piece) -> str:
    wraps = {reader: base64.b64encode(wrapped).decode() for reader, wrapped in piece.wraps.items()}
    plain = {name: getattr(piece, name) for name in piece.__slots__}
    said = {"form": form, "case": case_id, "piece": plain | {"wraps": wraps, "name": piece.name[:100]}}
    return desk.vault.seal_cookie(PURPOSE, json.dumps(said).encode())


def _read(desk: Desk, form: str, token: str) -> tuple[str, Piece] | None:
    try:
        said = json.loads(desk.vault.open_cookie(PURPOSE, token))
    except Tampered:
        return None
    piece = said["piece"]
    if said["form"] != form or piece["object"][:10] < (desk.now() - GOOD_FOR).date().isoformat():
        return None
    wraps = {reader: base64.b64decode(wrapped) for reader, wrapped in piece["wraps"].items()}
    return said["case"], Piece(**piece | {"wraps": wraps})
