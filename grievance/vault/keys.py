"""A folder of keys is made once, whole and private; a process reads from it only what its doors need."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from grievance.core.errors import Said, say
from grievance.vault.errors import KeysExist, NoKeys
from grievance.vault.primitives import KEY_BYTES

COMPARTMENTS: Final = (
    "identity", "contact", "words", "exchange", "deliberation", "mediation", "statements", "notes"
)  # fmt: skip
"""Who filed; how to reach them; their own words, files and messages; what the parties say to each other (answers,
replies, reasons, settlement texts); the panel's positions and reasons; what somebody wrote to the mediator
alone; of that what a party wrote, for the party itself; the officers' notes."""

DOOR_COMPARTMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "intake": (),
        "office": ("contact", "words", "exchange", "notes"),
        "custody": ("identity",),
        "party": ("exchange", "statements"),
        "panel": ("exchange", "deliberation", "mediation"),
        "account": (),
        "monitoring": (),
        "register": (),
    }
)
"""The private halves that each door needs. Nobody but the panel opens 'deliberation', nobody but custody 'identity', where
names are opened; intake opens nothing."""

_DESK_SECRETS: Final = ("intake", "pepper", "session")
DOOR_SECRETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    # The office issues receipts too: complaints come by telephone and over the counter.
    {door: _DESK_SECRETS if door in ("intake", "office") else ("session",) for door in DOOR_COMPARTMENTS}
)
"""The symmetric keys that each door needs: receipts' digits, receipts' pepper, cookies."""

SECRETS: Final = ("intake", "pepper", "session")

RECORD: Final = "record"
"""The pair that signs the daily root over all cases. No door needs its private half: only the clock reads it."""

PAIRS: Final = (*COMPARTMENTS, RECORD)

_LINE: Final = re.compile(r"grievance-key-1 (?P<name>[a-z.]+) (?P<key>[0-9a-f]{64}) (?P<check>[0-9a-f]{16})\n")
_LONGEST_LINE: Final = 4096
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class KeyRing:
    """What one process holds. Never printed: the representation names keys and shows none."""

    public: Mapping[str, X25519PublicKey] = field(repr=False)
    private: Mapping[str, X25519PrivateKey] = field(repr=False)
    secrets: Mapping[str, bytes] = field(repr=False)


def make_keys(folder: Path) -> None:
    """Create `folder` (0700) with `<compartment>.pub` and `.key`, the same of `record`, and `intake|pepper|session.key` (0600).

    The folder appears whole or not at all: it is written beside, synced to the disk and renamed.
    Raises KeysExist when anything, even an empty folder or a broken link, stands under that name.
    """
    taken = say("Something is already at {folder}. Keys are never overwritten: choose another place.", folder=folder)
    if os.path.lexists(folder):
        raise KeysExist(taken)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))  # mkdtemp gives mode 0700
    try:
        for name in PAIRS:
            _make_pair(beside, name)
        for secret in SECRETS:
            _write(beside / f"{secret}.key", os.urandom(KEY_BYTES))
        _sync(beside)
        try:
            beside.rename(folder)
        except OSError as error:
            if os.path.lexists(folder):  # somebody was faster
                raise KeysExist(taken) from error
            raise
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _sync(folder.parent)


def missing_pairs(folder: Path) -> tuple[str, ...]:
    """The pairs of which a folder holds neither half: whoever made it had an earlier version of the program."""
    return tuple(name for name in PAIRS if not any(map(os.path.lexists, _pair(folder, name))))


def add_pairs(folder: Path) -> tuple[str, ...]:
    """Make what `missing_pairs` names, and leave every other file as it is; returns the names.

    Raises NoKeys where there is no folder of ours, where it is open to others, and where other private halves are missing
    too: a folder that may only seal gets its public halves from where the private ones are.
    """
    if not folder.is_dir():
        raise NoKeys(say("There is no key folder at {folder}. Make one once with: grievance init", folder=folder))
    _refuse_others(folder, folder.stat().st_mode)
    added = missing_pairs(folder)
    for name in PAIRS:
        if name not in added and not all(map(os.path.lexists, _pair(folder, name))):
            raise NoKeys(
                say(
                    "{folder} does not hold both halves of the keys for {name}. Add keys where all of them are, and copy "
                    "here what this host may have.",
                    folder=folder,
                    name=name,
                )
            )
    for name in added:
        _make_pair(folder, name)
    _sync(folder)
    return added


def read_record_key(folder: Path) -> Ed25519PrivateKey | None:
    """What signs the record, where this host holds it. Raises NoKeys where it is damaged, or no half of `record.pub`."""
    key, pub = _pair(folder, RECORD)
    if not os.path.lexists(key):
        return None
    private = Ed25519PrivateKey.from_private_bytes(_read(key))
    if private.public_key().public_bytes_raw() != _read(pub):
        raise NoKeys(_strangers(folder, RECORD))
    return private


def read_record_public(folder: Path) -> Ed25519PublicKey | None:
    """What the record is checked with, where this host holds it. Raises NoKeys where it is damaged."""
    pub = _pair(folder, RECORD)[1]
    return Ed25519PublicKey.from_public_bytes(_read(pub)) if os.path.lexists(pub) else None


def _make_pair(folder: Path, name: str) -> None:
    private = Ed25519PrivateKey.generate() if name == RECORD else X25519PrivateKey.generate()
    key, pub = _pair(folder, name)
    _write(key, private.private_bytes_raw())
    _write(pub, private.public_key().public_bytes_raw())


def _strangers(folder: Path, name: str) -> Said:
    return say(
        "{name}.pub and {name}.key in {folder} do not belong together. Restore both from the same copy.",
        name=name,
        folder=folder,
    )


def _pair(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.key", folder / f"{name}.pub"


def read_keys(folder: Path, doors: frozenset[str]) -> KeyRing:
    """Every public half, and of the rest only what `doors` need; files of other keys are not even opened.

    Raises NoKeys with a sentence for the operator: missing, open to others, damaged, halves of two pairs.
    ValueError for a door that does not exist.
    """
    unknown = doors - DOOR_COMPARTMENTS.keys()
    if unknown:
        raise ValueError(f"no such door: {', '.join(sorted(unknown))}")
    try:
        mode = folder.stat().st_mode
    except OSError as error:
        raise NoKeys(
            say("There is no key folder at {folder}. Make one once with: grievance init", folder=folder)
        ) from error
    if not stat.S_ISDIR(mode):
        raise NoKeys(say("The key folder {folder} is not a folder.", folder=folder))
    _refuse_others(folder, mode)
    lacking = tuple(name for name in missing_pairs(folder) if name != RECORD)
    if lacking and len(lacking) < len(COMPARTMENTS):
        raise NoKeys(
            say(
                "In {folder} is missing, both halves: {names}. If an earlier version made the folder, copy it and run: "
                "grievance keys --add-missing. If they are lost, restore them from your copy of the keys.",
                folder=folder,
                names=", ".join(lacking),
            )
        )
    public = {name: X25519PublicKey.from_public_bytes(_read(folder / f"{name}.pub")) for name in COMPARTMENTS}
    needed = {name for door in doors for name in DOOR_COMPARTMENTS[door]}
    private: dict[str, X25519PrivateKey] = {}
    for name in sorted(needed):
        private[name] = X25519PrivateKey.from_private_bytes(_read(folder / f"{name}.key"))
        if private[name].public_key() != public[name]:
            # Sealing to a public half whose private half nobody holds would lose every word that is filed.
            raise NoKeys(_strangers(folder, name))
    wanted = {name for door in doors for name in DOOR_SECRETS[door]}
    secrets = {name: _read(folder / f"{name}.key") for name in sorted(wanted)}
    return KeyRing(MappingProxyType(public), MappingProxyType(private), MappingProxyType(secrets))


def _check(name: str, key: bytes) -> str:
    # A flipped bit in a symmetric key would silently give every worker another receipt; so each file checks itself.
    return hashlib.sha256(b"grievance-key-1 " + name.encode() + b"\0" + key).hexdigest()[:16]


def _write(path: Path, key: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"grievance-key-1 {path.name} {key.hex()} {_check(path.name, key)}\n")
        file.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes:
    missing = say("The key file {path} is missing. Restore it from your copy of the keys.", path=path)
    damaged = say("The key file {path} is damaged. Restore it from your copy of the keys.", path=path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe must not make us wait
    except FileNotFoundError as error:
        raise NoKeys(missing) from error
    except OSError as error:
        raise NoKeys(say("The key file {path} cannot be read by this process.", path=path)) from error
    try:
        # The mode of what was opened, not of what the name pointed to a moment before.
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise NoKeys(damaged)
        _refuse_others(path, mode)
        line = _LINE.fullmatch(os.read(descriptor, _LONGEST_LINE).decode("ascii", errors="replace"))
    finally:
        os.close(descriptor)
    if line is None or line["name"] != path.name:
        raise NoKeys(damaged)
    key = bytes.fromhex(line["key"])
    if line["check"] != _check(path.name, key):
        raise NoKeys(damaged)
    return key


def _refuse_others(path: Path, mode: int) -> None:
    if mode & _OTHERS:
        raise NoKeys(
            say(
                "{path} is open to other accounts (mode {mode}). Close it with: chmod go= {path}",
                path=path,
                mode=f"{stat.S_IMODE(mode):04o}",
            )
        )
