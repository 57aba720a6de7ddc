"""What the house says of a day, and how a case shows that it stands in it: values that anybody can check without the house.

A checkpoint is one signed root over the heads of all cases as of the end of a day (UTC), and the root of the day before.
Its leaves are `commitment(salt, head)`, sorted; salts and the leaves that fill the tree up come from a key that is not told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from grievance.core.chain import GENESIS, commitment
from grievance.core.merkle import root_of_path

FORMAT = "grievance-record-1"
PROOF = "tree-proof-1"
"""What a proof says of itself: nothing of what it is for, because somebody else may find it on a phone."""
FIRST = GENESIS
"""The root before the first one."""
SMALLEST = 1024
"""Leaves of the smallest tree (a proposal): below it no size tells anything."""

_HASH, _SIGNATURE = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{128}")
_LARGEST, _DEEPEST = 2**40, 40


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One day. `day` in ISO; `root`, `before` and the public key (Ed25519) as 64 hex digits, the signature as 128."""

    day: str
    size: int
    before: str
    root: str
    key: str
    signature: str

    @property
    def signed(self) -> bytes:
        """The bytes under the signature."""
        return statement(self.day, self.size, self.before, self.root)

    @property
    def told(self) -> dict[str, Any]:
        """As it is published."""
        return asdict(self)

    @property
    def line(self) -> str:
        """As it is published, in one line."""
        return json.dumps(self.told)

    def next_day(self) -> str:
        """The day of the checkpoint that has to follow."""
        return (date.fromisoformat(self.day) + timedelta(days=1)).isoformat()


@dataclass(frozen=True, slots=True)
class Standing:
    """That a case stands in the record of a day: the opening of its leaf, and the way from there to the root."""

    checkpoint: Checkpoint
    salt: str
    head: str
    index: int
    path: tuple[str, ...]

    @property
    def told(self) -> dict[str, Any]:
        """As it is handed out."""
        opening = {"salt": self.salt, "head": self.head, "index": self.index, "path": list(self.path)}
        return {"format": PROOF} | self.checkpoint.told | opening

    def leads_to_root(self) -> bool:
        """Whether the way from this head leads to the root. The signature is another question."""
        leaf = bytes.fromhex(commitment(bytes.fromhex(self.salt), self.head))
        beside = [bytes.fromhex(one) for one in self.path]
        found = root_of_path(leaf, self.index, self.checkpoint.size, beside)
        return found is not None and found.hex() == self.checkpoint.root


def parsed(text: bytes | str) -> Any:
    """What a file of somebody else holds as JSON. Raises ValueError, also where it is nested deeper than anything of ours."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def statement(day: str, size: int, before: str, root: str) -> bytes:
    """What is signed."""
    return "\n".join((FORMAT, day, str(size), before, root)).encode()


def padded(leaves: int) -> int:
    """How many leaves a tree over so many has: the next power of two, so that its size tells no number."""
    return max(SMALLEST, 1 << (max(leaves, 1) - 1).bit_length())


def read_checkpoint(said: Any) -> Checkpoint:
    """One that somebody hands over. Raises ValueError for anything of another shape."""
    said = said if isinstance(said, Mapping) else {}
    day, size = said.get("day"), said.get("size")
    hashes = [said.get(name) for name in ("before", "root", "key")]
    signature = said.get("signature")
    if not isinstance(day, str) or date.fromisoformat(day).isoformat() != day:
        raise ValueError("no day")
    if type(size) is not int or not 0 < size <= _LARGEST:
        raise ValueError("no size")
    if not all(isinstance(one, str) and _HASH.fullmatch(one) for one in hashes):
        raise ValueError("no hash")
    if not isinstance(signature, str) or not _SIGNATURE.fullmatch(signature):
        raise ValueError("no signature")
    before, root, key = map(str, hashes)
    return Checkpoint(day, size, before, root, key, signature)


def read_standing(said: Any) -> Standing:
    """One that somebody hands over. Raises ValueError for anything of another shape."""
    checkpoint = read_checkpoint(said)
    salt, head, index, path = (said.get(name) for name in ("salt", "head", "index", "path"))
    opened = [salt, head, *path] if isinstance(path, list) and len(path) <= _DEEPEST else [None]
    if not all(isinstance(one, str) and _HASH.fullmatch(one) for one in opened) or type(index) is not int:
        raise ValueError("no proof")
    return Standing(checkpoint, str(salt), str(head), index, tuple(map(str, opened[2:])))


def follows(one: Checkpoint, following: Checkpoint) -> bool:
    """Whether the second names the first as the one before, where their days are neighbours; true for other days."""
    return one.next_day() != following.day or following.before == one.root


def owed(heads: Sequence[tuple[str, str]], first: str, last: str) -> Mapping[str, str]:
    """Day → the head of a case that its record has to show: on the first and the last day on which each was the newest.

    `heads`: ISO day (UTC) and hash of each entry, in their order; `first` and `last`: the days between which there is a
    record. Whoever rewrites an entry cannot show the first of these days, and whoever dates one later not the last.
    """
    days = sorted({day for day, _ in heads})
    newest = [next(head for told, head in reversed(heads) if told <= day) for day in days]
    ends = [*((date.fromisoformat(day) - timedelta(days=1)).isoformat() for day in days[1:]), last]
    found: dict[str, str] = {}
    for day, end, head in zip(days, ends, newest, strict=True):
        begin, until = max(day, first), min(end, last)
        if begin <= until:
            found |= {begin: head, until: head}
    return found


def position(leaves: Sequence[bytes], salt: bytes, head: str) -> int:
    """Where the leaf of a head stands. Raises ValueError where it does not."""
    return leaves.index(bytes.fromhex(commitment(salt, head)))
