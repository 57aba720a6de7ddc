"""A plain file of roots that only grows: a root that contradicts one in it is refused, with the reason."""

from __future__ import annotations

import email
import email.policy
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from grievance.core.record import Checkpoint, follows, parsed, read_checkpoint


class Unreadable(Exception):
    """A file is missing, or holds something else; the message says so to whoever typed its name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the roots that were brought: those that are new, and why others were refused."""

    new: tuple[Checkpoint, ...]
    refused: tuple[str, ...]


def read(file: Path) -> list[Checkpoint]:
    """The roots of a file that `keep` wrote, oldest first; none where there is no file. Raises Unreadable."""
    if not file.exists():
        return []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        return sorted((read_checkpoint(parsed(line)) for line in lines), key=lambda one: one.day)
    except (OSError, ValueError, TypeError):
        raise Unreadable(f"{file} is no file of roots, or is damaged: put your copy of it in its place.") from None


def found_in(raw: bytes) -> list[Checkpoint]:
    """Every root in what somebody saved: a page of the record as JSON, a letter, a proof, an exported case."""
    text = raw.decode("utf-8", errors="replace")
    if "\nContent-Transfer-Encoding:" in text.replace("\r", ""):  # a letter saved with its head
        body = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
        text = body.get_content() if body else text
    try:
        parts: list[Any] = [parsed(text)]
    except ValueError:
        parts = [_json(line) for line in text.splitlines()]
    try:
        return [one for part in parts for one in _roots(part)]
    except RecursionError:
        return []


def keep(file: Path, brought: Iterable[Checkpoint]) -> Outcome:
    """Add what is new to the file, if nothing that was brought contradicts it: else add nothing and say why."""
    kept = read(file)
    known = {one.day: one for one in kept}
    new: dict[str, Checkpoint] = {}
    refused: list[str] = []
    for one in sorted(brought, key=lambda one: one.day):
        pinned = next(iter((known | new).values())).key if known or new else one.key
        fault = _fault(one, pinned, (known | new).get(one.day))
        if fault:
            refused.append(f"{one.day}: {fault}")
        elif one.day not in known:
            new[one.day] = one
    refused += [
        f"{after.day}: it names another root for the day before than the one that is kept: the record was split."
        for before, after in _neighbours(list((known | new).values()))
        if not follows(before, after)
    ]
    if not refused and new:
        _append(file, list(new.values()))
    return Outcome(tuple(new.values()), tuple(refused))


def signed(one: Checkpoint) -> bool:
    """Whether the signature is of the key that it names."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(one.key)).verify(bytes.fromhex(one.signature), one.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def gaps(kept: Sequence[Checkpoint]) -> list[tuple[str, str]]:
    """Neighbours in the file between which days are missing."""
    return [(before.day, after.day) for before, after in _neighbours(kept) if before.next_day() != after.day]


def _fault(one: Checkpoint, pinned: str, same_day: Checkpoint | None) -> str:
    if one.key != pinned:
        return "it is signed with another key than the roots that are kept."
    if not signed(one):
        return "the signature does not fit."
    if same_day and same_day != one:
        return "another root of this day is kept: the record was rewritten."
    return ""


def _neighbours(kept: Sequence[Checkpoint]) -> Iterator[tuple[Checkpoint, Checkpoint]]:
    ordered = sorted(kept, key=lambda one: one.day)
    return pairwise(ordered)


def _append(file: Path, new: Sequence[Checkpoint]) -> None:
    try:
        with file.open("a", encoding="utf-8") as out:
            out.writelines(f"{one.line}\n" for one in new)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise Unreadable(f"{file} cannot be written: {error.strerror}.") from None


def _json(line: str) -> Any:
    try:
        return parsed(line)
    except ValueError:
        return None


def _roots(part: Any) -> Iterator[Checkpoint]:
    if isinstance(part, list):
        for one in part:
            yield from _roots(one)
    elif isinstance(part, dict):
        try:
            yield read_checkpoint(part)
        except ValueError:
            yield from _roots(part.get("days"))
            yield from _roots(part.get("record"))
