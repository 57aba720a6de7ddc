"""Reads an exported case with nothing but the file: no database, no key, and says of everything that does not fit.

A file is JSON: `format`, `ref`, `id`, `whole`, `procedure`, `stage`, `turn`, `roles`, `exported_at` (ISO), `entries` in
order (`seq` from 1, `at` in microseconds since 1970 or null where it is not told, `kind`, `actor` and `data` as the very
texts that were hashed, `hash`), `head`, `texts` (`seq`, `name`, `salt` in hex, `body`), and `fingerprint`: SHA-256 over
all the rest. Where `whole` is true the hashes are those of the ledger. Else entries that the exporter may not see are
missing, the others are counted anew, and the hashes chain only what is told: hashes of the ledger would let anybody
guess at what stands between them. A whole one also holds `record`, the proof that it stands in the record of the newest
day (`core/record.py`), once there is such a record, and `history`: proofs for the days on which its entries were new.

What no file can show by itself: whoever changes it and reckons every hash and the fingerprint anew leaves no trace in
it. Compare the fingerprint with one that was noted elsewhere, or the head with the ledger's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from grievance.core.chain import GENESIS, commitment, link
from grievance.core.record import parsed

FORMAT = "grievance-case-1"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHAPES: Mapping[str, type | tuple[type, ...]] = {
    "ref": str,
    "id": str,
    "whole": bool,
    "procedure": str,
    "stage": str,
    "turn": str,
    "roles": list,
    "exported_at": str,
    "entries": list,
    "head": str,
    "texts": list,
    "fingerprint": str,
}
ENTRY: Mapping[str, type | tuple[type, ...]] = {
    "seq": int,
    "at": (int, type(None)),
    "kind": str,
    "actor": str,
    "data": str,
    "hash": str,
}
TEXT: Mapping[str, type | tuple[type, ...]] = {"seq": int, "name": str, "salt": str, "body": str}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file says, and every fault of it, each as a sentence; `notes` are what can be said beside."""

    content: Mapping[str, Any]
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()


def check(raw: bytes) -> Checked:
    """The content and all faults of an exported case; a file of another kind has one fault and no content."""
    try:
        content = parsed(raw)
    except ValueError:
        return Checked({}, ("This is no exported case: it is not JSON.",))
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return Checked({}, (f"This is no exported case: its format is not {FORMAT}.",))
    shape = _misshapen(content)
    if shape:
        return Checked({}, (shape,))
    return Checked(content, tuple(_faults(content)))


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 over everything but the fingerprint itself, in one way of writing it."""
    rest = {name: value for name, value in content.items() if name != "fingerprint"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def heads(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The day (ISO, UTC) and the hash of each entry of a whole case. Raises ValueError where a moment is none."""
    try:
        days = [(EPOCH + timedelta(microseconds=entry["at"])).date() for entry in content["entries"]]
    except (OverflowError, TypeError) as error:
        raise ValueError("no moment") from error
    return [(day.isoformat(), entry["hash"]) for day, entry in zip(days, content["entries"], strict=True)]


def _misshapen(content: Mapping[str, Any]) -> str:
    parts = [("the file", content, SHAPES)]
    if not _fault_of(parts):
        parts = [(f"entry {at}", entry, ENTRY) for at, entry in enumerate(content["entries"], 1)]
        parts += [(f"text {at}", text, TEXT) for at, text in enumerate(content["texts"], 1)]
    return _fault_of(parts)


def _fault_of(parts: list[tuple[str, Any, Mapping[str, type | tuple[type, ...]]]]) -> str:
    for where, value, shape in parts:
        for name, kind in shape.items():
            if not isinstance(value, dict) or not isinstance(value.get(name, ...), kind):
                return f"This is no exported case: in {where} there is no {name}, or it is of another kind."
    return ""


def _faults(content: Mapping[str, Any]) -> Iterator[str]:
    if fingerprint(content) != content["fingerprint"]:
        yield "The fingerprint does not fit: something in the file was changed."
    if not content["entries"]:
        yield "The file holds no entry."
    yield from _chain(content)
    said = {(entry["seq"], name): c for entry in content["entries"] for name, c in _words(entry["data"]).items()}
    for text in content["texts"]:
        try:
            fits = said.get((text["seq"], text["name"])) == commitment(bytes.fromhex(text["salt"]), text["body"])
        except ValueError:
            fits = False
        if not fits:
            yield f"Entry {text['seq']}: the text {text['name']} is not the one that was written."


def _chain(content: Mapping[str, Any]) -> Iterator[str]:
    previous = GENESIS
    for number, entry in enumerate(content["entries"], 1):
        if entry["seq"] != number:
            yield f"Entry {entry['seq']}: it stands in place {number}; entries are missing, doubled, or in another order."
        at = -1 if entry["at"] is None else entry["at"]
        linked = link(previous, content["id"], entry["seq"], at, entry["kind"], entry["actor"], entry["data"])
        if linked != entry["hash"]:
            yield f"Entry {entry['seq']}: the hash does not fit."
        previous = entry["hash"]
    if previous != content["head"]:
        yield "The newest entries are missing."


def _words(data: str) -> Mapping[str, str]:
    try:
        said = parsed(data)
    except ValueError:
        return {}
    words = said.get("words") if isinstance(said, dict) else None
    return words if isinstance(words, dict) else {}
