"""A key folder is whole and private, and a process reads from it only what its doors need."""

from __future__ import annotations

import os
import pickle
import shutil
import stat
from pathlib import Path

import pytest

from grievance.vault import (
    COMPARTMENTS,
    DOOR_COMPARTMENTS,
    DOOR_SECRETS,
    KeysExist,
    NoKeys,
    Sealed,
    Signer,
    Vault,
    add_pairs,
    make_keys,
    missing_pairs,
    record_public,
    signature_fits,
)

ALL_DOORS = frozenset(DOOR_COMPARTMENTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "keys"
    make_keys(place)
    return place


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_folder_is_whole_private_and_leaves_nothing_beside(tmp_path: Path) -> None:
    before = os.umask(0)  # the most generous umask there is
    try:
        make_keys(tmp_path / "keys")
    finally:
        os.umask(before)
    names = {f"{name}.{half}" for name in (*COMPARTMENTS, "record") for half in ("key", "pub")}
    assert set(contents(tmp_path / "keys")) == names | {"intake.key", "pepper.key", "session.key"}
    assert mode(tmp_path / "keys") == 0o700
    assert {mode(path) for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_every_key_is_another(folder: Path) -> None:
    keys = [line.split()[2] for line in contents(folder).values()]
    assert len(set(keys)) == len(keys) == 21


@pytest.mark.parametrize("taken", ["full", "empty", "file", "broken link"])
def test_nothing_is_ever_overwritten(tmp_path: Path, taken: str) -> None:
    place = tmp_path / "keys"
    if taken == "full":
        make_keys(place)
    elif taken == "empty":
        place.mkdir()
    elif taken == "file":
        place.write_text("mine")
    else:
        place.symlink_to(tmp_path / "nowhere")
    before = contents(place) if taken == "full" else None
    with pytest.raises(KeysExist, match="never overwritten"):
        make_keys(place)
    assert before is None or contents(place) == before
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_who_comes_second_in_a_race_overwrites_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "keys"
    make_keys(place)
    before = contents(place)
    answers = iter([False, True])  # the folder was not there at the first look
    monkeypatch.setattr("os.path.lexists", lambda _: next(answers))
    with pytest.raises(KeysExist):
        make_keys(place)
    monkeypatch.undo()
    assert contents(place) == before
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        make_keys(tmp_path / "keys")
    assert list(tmp_path.iterdir()) == []


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match="no key folder"):
        Vault.open(tmp_path / "keys", ALL_DOORS)
    (tmp_path / "keys").write_text("")
    with pytest.raises(NoKeys, match="not a folder"):
        Vault.open(tmp_path / "keys", ALL_DOORS)


# asvs: 13.3.2
@pytest.mark.parametrize("bit", [0o040, 0o020, 0o010, 0o004, 0o002, 0o001], ids=oct)
@pytest.mark.parametrize("name", [".", "words.key", "words.pub", "session.key"])
def test_open_to_others(folder: Path, name: str, bit: int) -> None:
    Vault.open(folder, ALL_DOORS)
    path = folder / name
    path.chmod(mode(path) | bit)
    with pytest.raises(NoKeys, match="open to other accounts"):
        Vault.open(folder, ALL_DOORS)


@pytest.mark.parametrize("name", ["words.key", "words.pub", "intake.key", "pepper.key", "session.key"])
def test_every_single_flipped_bit_of_a_key_file_is_noticed(folder: Path, name: str) -> None:
    path = folder / name
    whole = path.read_bytes()
    for position in range(len(whole)):
        for bit in (0, 1, 5):
            broken = bytearray(whole)
            broken[position] ^= 1 << bit
            path.write_bytes(broken)
            with pytest.raises(NoKeys, match="damaged"):
                Vault.open(folder, ALL_DOORS)
    path.write_bytes(whole)
    Vault.open(folder, ALL_DOORS)


@pytest.mark.parametrize("size", [0, 1, 60, 10_000])
def test_a_cut_or_overlong_file_is_noticed(folder: Path, size: int) -> None:
    path = folder / "intake.key"
    path.write_bytes((path.read_bytes() * 200)[:size])
    with pytest.raises(NoKeys, match="damaged"):
        Vault.open(folder, ALL_DOORS)


def test_a_file_under_another_name_is_noticed(folder: Path) -> None:
    shutil.copy(folder / "identity.pub", folder / "words.pub")
    with pytest.raises(NoKeys, match=r"words\.pub is damaged"):
        Vault.open(folder, ALL_DOORS)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_folder_or_a_pipe_in_place_of_a_file_is_noticed(folder: Path, kind: str) -> None:
    (folder / "words.key").unlink()
    if kind == "folder":
        (folder / "words.key").mkdir(0o700)
    else:
        os.mkfifo(folder / "words.key", 0o600)
    with pytest.raises(NoKeys, match="damaged"):
        Vault.open(folder, ALL_DOORS)


def test_halves_of_two_pairs_do_not_open(folder: Path, tmp_path: Path) -> None:
    make_keys(tmp_path / "other")
    shutil.copy(tmp_path / "other" / "words.pub", folder / "words.pub")
    with pytest.raises(NoKeys, match="do not belong together"):
        Vault.open(folder, ALL_DOORS)


# asvs: 13.3.2
@pytest.mark.parametrize("door", sorted(DOOR_COMPARTMENTS))
def test_a_door_reads_its_own_files_and_no_other(folder: Path, door: str) -> None:
    needed = {f"{name}.pub" for name in COMPARTMENTS}
    needed |= {f"{name}.key" for name in (*DOOR_COMPARTMENTS[door], *DOOR_SECRETS[door])}
    for path in folder.iterdir():
        if path.name not in needed:
            path.unlink()
    vault = Vault.open(folder, frozenset({door}))
    assert {name for name in COMPARTMENTS if vault.opens(name)} == set(DOOR_COMPARTMENTS[door])
    for name in sorted(needed):
        taken = (folder / name).read_bytes()
        (folder / name).unlink()
        with pytest.raises(NoKeys, match="is missing"):
            Vault.open(folder, frozenset({door}))
        (folder / name).write_bytes(taken)
        (folder / name).chmod(0o600)


# asvs: 14.1.1
def test_who_may_open_what_is_written_down_here_once_more() -> None:
    """A second table, by hand: whoever widens a door has to say so twice."""
    assert dict(DOOR_COMPARTMENTS) == {
        "intake": (),
        "office": ("contact", "words", "exchange", "notes"),
        "custody": ("identity",),
        "party": ("exchange", "statements"),
        "panel": ("exchange", "deliberation", "mediation"),
        "account": (),
        "monitoring": (),
        "register": (),
    }
    assert {door for door, keys in DOOR_SECRETS.items() if "intake" in keys} == {"intake", "office"}
    assert {door for door, keys in DOOR_SECRETS.items() if "pepper" in keys} == {"intake", "office"}


def test_an_unknown_door_is_a_mistake_in_the_program(folder: Path) -> None:
    with pytest.raises(ValueError, match="no such door: intke"):
        Vault.open(folder, frozenset({"intke"}))


def test_the_party_door_issues_no_receipts_and_no_door_makes_no_cookies(folder: Path) -> None:
    party, none = Vault.open(folder, frozenset({"party"})), Vault.open(folder, frozenset())
    with pytest.raises(Sealed):
        party.new_ticket()
    with pytest.raises(Sealed):
        party.open_receipt("0" * 18 + "01")
    party.seal_cookie("receipt", b"")
    with pytest.raises(Sealed):
        none.seal_cookie("receipt", b"")


def test_a_vault_tells_nothing_and_stays_where_it_is(folder: Path) -> None:
    vault = Vault.open(folder, ALL_DOORS)
    told = f"{vault!r} {vault!s} {vault._keys!r} {vault._receipts!r} {vault._cookies!r}".lower()
    for line in contents(folder).values():
        secret = line.split()[2].decode()
        assert secret not in told
        assert repr(bytes.fromhex(secret)).lower()[2:-1] not in told
    assert "opens contact, deliberation, exchange" in repr(vault)
    with pytest.raises(TypeError, match="not copied"):
        pickle.dumps(vault)


def older(folder: Path) -> dict[str, bytes]:
    """What an earlier version made: no keys for mediation."""
    for half in ("key", "pub"):
        (folder / f"mediation.{half}").unlink()
    return contents(folder)


def test_an_older_folder_is_told_what_to_run_and_keeps_every_other_key(folder: Path) -> None:
    before = older(folder)
    for doors in (ALL_DOORS, frozenset({"intake"})):
        with pytest.raises(NoKeys, match=r"is missing, both halves: mediation\..*grievance keys --add-missing"):
            Vault.open(folder, doors)
    assert missing_pairs(folder) == ("mediation",)
    assert add_pairs(folder) == ("mediation",)
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"mediation.key", "mediation.pub"}
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    Vault.open(folder, ALL_DOORS)
    assert add_pairs(folder) == ()
    assert contents(folder) == after


@pytest.mark.parametrize("lost", ["words.key", "words.pub"])
def test_a_half_that_is_lost_is_never_made_anew(folder: Path, lost: str) -> None:
    older(folder)
    (folder / lost).unlink()
    before = contents(folder)
    with pytest.raises(NoKeys, match="does not hold both halves of the keys for words"):
        add_pairs(folder)
    assert contents(folder) == before


def test_keys_are_added_to_no_folder_that_is_not_there_or_open_to_others(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match="There is no key folder"):
        add_pairs(tmp_path / "nowhere")
    older(folder)
    folder.chmod(0o750)
    with pytest.raises(NoKeys, match="open to other accounts"):
        add_pairs(folder)
    assert missing_pairs(folder) == ("mediation",)


def test_a_folder_of_before_the_record_serves_on_and_gets_its_pair(folder: Path) -> None:
    for half in ("key", "pub"):
        (folder / f"record.{half}").unlink()
    Vault.open(folder, ALL_DOORS)
    assert Signer.open(folder) is None, "a host without the key makes no record"
    assert missing_pairs(folder) == ("record",) == add_pairs(folder)
    signer = Signer.open(folder)
    assert signer
    assert signer.public == record_public(folder)
    assert signature_fits(signer.public, b"said", signer.sign(b"said"))
    assert not signature_fits(signer.public, b"sai", signer.sign(b"said"))
    (folder / "record.pub").write_bytes((folder / "record.pub").read_bytes().replace(b"a", b"b", 1))
    with pytest.raises(NoKeys):
        Signer.open(folder)


def test_no_door_reads_the_key_that_signs_the_record(folder: Path) -> None:
    (folder / "record.key").write_text("damaged")
    Vault.open(folder, ALL_DOORS)
    with pytest.raises(NoKeys, match=r"record\.key"):
        Signer.open(folder)
