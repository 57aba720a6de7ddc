"""What was sent is kept as it was sent: opened with two keys, one of them elsewhere, and closed for good when it is erased."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest
from flask import Flask

from grievance.app import create_app
from grievance.casework import filing, standstill
from grievance.casework.desk import Desk
from grievance.casework.files import evidence, keeping, originals, scanning, tray
from grievance.casework.files.keeping import Upload
from grievance.casework.house import rotating, safekeeping, verifying
from grievance.casework.showing import exporting, following
from grievance.casework.words import erasing
from grievance.cli import run
from grievance.core.errors import Gone, Invalid, Refused
from grievance.core.matters import Actor
from grievance.core.visibility import SHARE
from grievance.store import cases, files, journal
from grievance.store.objects import original_of
from grievance.vault import DOOR_COMPARTMENTS, NoKeys, Sealed, Tampered, Vault, key_files, make_pair, unlock
from grievance.vault import originals as locking
from grievance.vault import vault as sealing
from grievance.vault.envelopes import Envelope, seal_both
from grievance.vault.keys import COMPARTMENTS, read_ring
from tests import makers
from tests.casework.test_canaries import dumped
from tests.casework.test_canaries_elsewhere import KEY, backups, leaks
from tests.casework.test_erasing import YEARS
from tests.casework.test_erasing import desk as with_less_time
from tests.casework.test_safekeeping import backed_up, opened, restored
from tests.casework.test_scanning import listening
from tests.files import HIDDEN, heic, jpeg, m4a, mp4, pdf, png
from tests.makers import ROLES, Clock, Story, complaint, objects, viewer
from tests.seeking import found_in

__all__ = ["with_less_time"]

CANARY = {"file": HIDDEN.decode()}
"""What stands in the photo: a maker, a comment, beside a place."""
WHY = "The court asks for the day of the photo."


@pytest.fixture
def offline(tmp_path: Path) -> Path:
    """The folder of the private half, on another machine."""
    make_pair(tmp_path / "offline")
    return tmp_path / "offline"


@pytest.fixture
def folder(keys: Path, tmp_path: Path, offline: Path) -> Path:
    """The key folder of the house, with the public half."""
    own = Path(shutil.copytree(keys, tmp_path / "own-keys"))
    shutil.copy(offline / "originals.pub", own / "originals.pub")
    return own


@pytest.fixture
def app(database: str, tmp_path: Path, clock: Clock, folder: Path, volume: Path) -> Iterator[Flask]:
    """The house, with a journal on a second disk."""
    more = {"GRIEVANCE_JOURNAL": str(volume), "GRIEVANCE_JOURNAL_TO": str(KEY.to_public())}
    made = makers.house(tmp_path, database, clock, GRIEVANCE_KEYS=str(folder), **more)
    yield made
    makers.desk_of(made).store.engine.dispose()


@pytest.fixture
def elsewhere(tmp_path: Path) -> safekeeping.Place:
    """An empty place on SQLite: that either database comes back is tried with every other backup."""
    place = tmp_path / "elsewhere"
    place.mkdir(mode=0o700)
    return safekeeping.Place(f"sqlite:///{place / 'test.sqlite'}", str(place / "files"), place / "keys")


def sent(desk: Desk, *bodies: bytes, role: str = "complainant", story: Story | None = None) -> Story:
    story = story or Story.filed(desk).taken()
    uploads = [Upload(f"file {no}", body) for no, body in enumerate(bodies or (jpeg(),))]
    added = evidence.add(desk, story.who(role), story.ref, uploads, "My slip", roles=ROLES[role], once="")
    assert added == (len(uploads), [])
    return story


def taken(desk: Desk, story: Story, offline: Path, no: int = 1) -> bytes:
    return originals.opened(originals.take(desk, story.ref, no, WHY), offline).body


def inner(desk: Desk, story: Story, no: int = 1) -> tuple[bytes, str]:
    """What the house itself gets to see of an original, with all the keys it has; and the place where it opens."""
    with desk.store.read() as tx:
        held = cases.at_host(tx, story.ref)
        assert held
        piece = held.case.evidence[no - 1]
        return originals._locked(desk, tx, held.case, piece), keeping.place(held.case.id, piece.object)


# ---- kept and opened


def test_it_comes_back_byte_by_byte_and_what_is_shown_does_not(desk: Desk, offline: Path) -> None:
    bodies = (jpeg(turned=6), heic(), pdf(), m4a(), mp4())
    story = sent(desk, *bodies)
    sent(desk, png(), role="respondent", story=story)
    for no, body in enumerate((*bodies, png()), 1):
        assert taken(desk, story, offline, no) == body
        assert evidence.open_file(desk, viewer("sophea"), story.ref, no, roles=ROLES["officer"]).body != body
    assert len(objects(desk)) == 2 * 6
    assert verifying.verify(desk) == (1, [])


def test_it_is_still_there_after_a_release_and_another_pair_of_the_house(
    desk: Desk, offline: Path, folder: Path
) -> None:
    story = sent(desk)
    story.do("complainant", "give_consent", {"consent": SHARE})
    evidence.release(desk, viewer("sophea"), story.ref, 1, "It shows it.", "A machine", roles=ROLES["officer"])
    for name in ("words", "exchange"):
        rotating.rotate(desk, folder, name, wait=lambda: None)
    assert taken(desk, story, offline) == jpeg()


def test_of_a_form_that_comes_back_it_is_kept_once(desk: Desk, offline: Path) -> None:
    ticket = following.new_ticket(desk)
    first = tray.fill(desk, ticket, [Upload("a", jpeg()), Upload("bad", b"bad")], ())
    ((token, _),) = tray.tokens(desk, ticket, first)
    digits = filing.file(desk, "kh", complaint(), ticket, tray.fill(desk, ticket, [], [token])).digits
    story = Story(desk, digits, "", following.show_receipt(desk, digits))
    story.ref = story.view("complainant").ref
    assert taken(desk, story, offline) == jpeg()
    assert len(objects(desk)) == 2


def test_what_waits_for_the_scanner_has_its_own_too_whatever_is_said_of_it(
    desk: Desk, offline: Path, tmp_path: Path
) -> None:
    with listening() as scanner:
        scanner.says = lambda _: None
        scanned = replace(desk, clamd=scanner.address)
        story = sent(scanned)
        there = objects(desk)
        scanner.says = lambda _: b"stream: Test.Sign FOUND\0"
        assert scanning.ask_again(scanned) == 1
    assert objects(desk) == there
    with pytest.raises(Refused, match="harmful"):
        evidence.open_file(desk, viewer("sophea"), story.ref, 1, roles=ROLES["officer"])
    assert taken(desk, story, offline) == jpeg()


def test_whoever_takes_it_leaves_an_entry_that_the_complainant_and_the_office_read(desk: Desk, offline: Path) -> None:
    story = sent(desk)
    sent(desk, png(), role="respondent", story=story)
    for no in (1, 2):
        taken(desk, story, offline, no)
    for role in ("complainant", "officer"):
        lines = [line for line in story.view(role).timeline if "as it was sent" in line.what]
        assert [(dict(line.facts)["Number of the file"], line.texts[0][1]) for line in lines] == [
            ("1", WHY),
            ("2", WHY),
        ]
    factory, brand = str(story.view("respondent").timeline), str(story.view("brand").timeline)
    assert (factory.count("as it was sent"), WHY in factory) == (1, False), "the file that they sent, and no other"
    assert "as it was sent" not in brand
    for person, told in (("sophea", 2), ("lotus-hr", 1), ("north-buyer", 0)):
        raw = exporting.export(desk, viewer(person), story.ref)
        assert exporting.check_file(raw).faults == ()
        assert (raw.count(b'"OriginalTaken"'), WHY.encode() in raw) == (told, person == "sophea")
    with desk.store.read() as tx:
        held = cases.at_host(tx, story.ref)
        assert held
        assert cases.ledger_of(tx, held.case.id)[-1][0].actor == Actor("host")
    assert verifying.verify(desk) == (1, [])


def test_what_was_not_asked_for_rightly_takes_nothing_and_leaves_no_entry(desk: Desk) -> None:
    story = sent(desk)
    before = story.view("officer").seq
    wrong: tuple[tuple[str, int, str, type[Exception], str], ...] = (
        (story.ref, 1, " \n", Invalid, "."),
        (story.ref, 9, WHY, Refused, "no file 9"),
        ("nowhere", 1, WHY, Refused, "no case"),
    )
    for ref, no, reason, kind, said in wrong:
        with pytest.raises(kind, match=said):
            originals.take(desk, ref, no, reason)
    desk.store.objects.drop(objects(desk))
    with pytest.raises(Gone):
        originals.take(desk, story.ref, 1, WHY)
    assert story.view("officer").seq == before


def test_another_pair_is_for_what_comes_then_and_each_opens_with_its_own(
    desk: Desk, offline: Path, folder: Path
) -> None:
    story = sent(desk)
    shutil.copy(make_pair(offline), folder)
    desk.vault._looks_at = 0.0  # a second passes
    sent(desk, png(), story=story)
    assert (taken(desk, story, offline), taken(desk, story, offline, 2)) == (jpeg(), png())
    assert originals.counted(desk) == {1: 1, 2: 1}
    assert verifying.verify(desk) == (1, [])
    (offline / "originals.key").unlink()
    assert taken(desk, story, offline, 2) == png()
    with pytest.raises(NoKeys, match=r"locked for pair 1, and originals.key is not in .* \(there: originals-2.key\)"):
        taken(desk, story, offline)


def test_what_can_not_be_read_is_counted_apart_and_what_is_erased_not_at_all(
    with_less_time: Desk, clock: Clock, folder: Path
) -> None:
    assert originals.counted(with_less_time) == {}
    desk, story = with_less_time, sent(with_less_time)
    damaged = sent(desk, png())
    name = next(name for name in objects(desk) if name.endswith("-original"))
    place = Path(desk.store.objects.place) / name
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    assert originals.counted(desk) == {0: 1, 1: 1}
    for one in (story, damaged):
        one.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(YEARS)
    assert erasing.sweep(desk).cases == 2
    assert originals.counted(desk) == {}
    sent(desk)
    with pytest.raises(Sealed):
        originals.counted(replace(desk, vault=Vault.open(folder, frozenset({"intake", "account"}))))


# ---- closed for everybody else


def seek(desk: Desk, tmp_path: Path, volume: Path) -> dict[str, set[str]]:
    """Where the canary of the photo lies: database, objects, both backups and what is in them, the journal opened."""
    closed, parts = backups(desk)
    piles = dumped(desk, tmp_path) | closed | parts
    for file in volume.glob("*.journal"):
        piles[file.name] = file.read_bytes()
        for no, frame in enumerate(journal.frames(file)):
            piles[f"{file.name} {no}"] = bytes(pyrage.decrypt(frame, [KEY]))
    return leaks(piles, CANARY)


# asvs: 14.2.4
def test_what_a_photo_tells_beside_its_picture_is_nowhere_in_the_clear(
    desk: Desk,
    offline: Path,
    tmp_path: Path,
    volume: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bodies = jpeg(), png()  # made here: Pillow says what it writes
    caplog.set_level(logging.DEBUG)
    story = sent(desk, *bodies)
    packet = originals.take(desk, story.ref, 1, WHY)
    assert seek(desk, tmp_path, volume) == {}
    said = capsys.readouterr()
    assert leaks({"packet": packet, "logs": f"{caplog.text}{said.out}{said.err}".encode()}, CANARY) == {}
    assert found_in(originals.opened(packet, offline).body, CANARY), "else the search is blind"


def test_planted_an_original_in_the_clear_is_found(
    desk: Desk, tmp_path: Path, volume: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_clear(plain: bytes, beside: bytes, *how: Any) -> tuple[Envelope, bytes]:
        return seal_both(plain, beside, *how)[0], beside

    monkeypatch.setattr(sealing, "seal_both", in_clear)
    monkeypatch.setattr(locking, "lock", lambda original, *_: original)
    sent(desk)
    found = seek(desk, tmp_path, volume)
    assert {name.split(" ")[0] for name in found} >= {"object", "cases:"}
    assert any(".journal" in name for name in found)


def nobody_in_the_house_reads_it(desk: Desk, story: Story, folder: Path) -> None:
    """With every door open and every key file at hand."""
    locked, bound = inner(desk, story)
    assert not found_in(locked, CANARY)
    assert not list(folder.glob("originals*.key"))
    ring = read_ring(folder, COMPARTMENTS)
    with pytest.raises(KeyError):
        ring.private["originals"]
    assert not Vault.open(folder, frozenset(DOOR_COMPARTMENTS)).opens("originals")
    halves = [path for path in folder.glob("*.key") if path.with_suffix(".pub").exists()]
    assert len(halves) > len(COMPARTMENTS)
    for half in halves:  # as somebody would who tries them all in its place
        place = folder.parent / f"tried-{half.stem}"
        place.mkdir(mode=0o700)
        shutil.copytree(folder, place, dirs_exist_ok=True)
        key_files.write(place / "originals.key", key_files.read(half))
        with pytest.raises(Tampered):
            unlock(locked, bound, place)


def test_no_process_of_the_house_opens_it_whatever_keys_it_has(desk: Desk, folder: Path) -> None:
    nobody_in_the_house_reads_it(desk, sent(desk), folder)


def test_planted_an_original_locked_for_a_key_of_the_house_is_noticed(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = locking.lock

    def for_the_office(
        original: bytes, bound: str, public: object, number: int, random: Callable[[int], bytes]
    ) -> bytes:
        del public
        return lock(original, bound, read_ring(folder, ()).public["words"], number, random)

    monkeypatch.setattr(locking, "lock", for_the_office)
    story = sent(desk)
    with pytest.raises(pytest.fail.Exception):
        nobody_in_the_house_reads_it(desk, story, folder)


def the_key_that_is_elsewhere_opens_nothing_alone(desk: Desk, story: Story, offline: Path) -> None:
    (name,) = (name for name in objects(desk) if name.endswith("-original"))
    with desk.store.read() as tx:
        held = cases.at_host(tx, story.ref)
    assert held
    bound = keeping.place(held.case.id, held.case.evidence[0].object)
    with pytest.raises((Tampered, NoKeys)):
        unlock(desk.store.objects.get(name), bound, offline)


def test_a_thief_of_the_key_that_is_elsewhere_and_of_all_files_reads_none(desk: Desk, offline: Path) -> None:
    the_key_that_is_elsewhere_opens_nothing_alone(desk, sent(desk), offline)


def test_planted_without_the_seal_around_it_that_thief_reads_all(
    desk: Desk, offline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "seal_both", lambda plain, beside, *how: (seal_both(plain, beside, *how)[0], beside))
    monkeypatch.setattr(sealing, "open_beside", lambda second, *_: second.cipher)
    story = sent(desk)
    with pytest.raises(pytest.fail.Exception):
        the_key_that_is_elsewhere_opens_nothing_alone(desk, story, offline)


def test_a_private_half_among_the_keys_of_the_house_stops_the_start(folder: Path, offline: Path) -> None:
    shutil.copy(offline / "originals.key", folder / "originals-7.key")
    with pytest.raises(NoKeys, match="belongs on no machine that serves"):
        Vault.open(folder, frozenset({"intake"}))


def test_a_host_without_the_keys_of_the_office_takes_none_out(desk: Desk, folder: Path) -> None:
    story = sent(desk)
    with pytest.raises(Sealed):
        originals.take(replace(desk, vault=Vault.open(folder, frozenset({"intake", "account"}))), story.ref, 1, WHY)


def test_each_moved_or_changed_byte_is_noticed(desk: Desk, offline: Path) -> None:
    story = sent(desk, jpeg(), png())
    first, second = (Path(desk.store.objects.place) / name for name in sorted(objects(desk)) if "-original" in name)
    kept = first.read_bytes(), second.read_bytes()
    for no, path in enumerate((first, second)):
        for damaged in (kept[1 - no], kept[no][:-1] + bytes([kept[no][-1] ^ 1]), kept[no][:8], b""):
            path.write_bytes(damaged)
            assert ["original of file" in str(found) for found in verifying.verify(desk)[1]] == [True]
        path.unlink()
        assert ["is gone" in str(found) for found in verifying.verify(desk)[1]] == [True]
        path.write_bytes(kept[no])
    packet = originals.take(desk, story.ref, 1, WHY)
    head = len(originals.HEAD)
    for forged in (b"", b"x", packet[head:], packet[: head + 20], originals.HEAD + b"{}\nx"):
        with pytest.raises((Refused, Tampered)):
            originals.opened(forged if forged != packet[head:] else b"\n" + forged, offline)
    for at in (-1, packet.index(b'"bound":"') + 12, packet.index(b'"committed":"') + 14, packet.index(b"\n", head) + 3):
        changed = bytearray(packet)
        changed[at] ^= 1
        with pytest.raises((Tampered, NoKeys)):
            originals.opened(bytes(changed), offline)


# ---- gone for good


def test_erased_both_go_and_nothing_opens_the_original_that_lies_in_an_older_backup(
    with_less_time: Desk, offline: Path, clock: Clock
) -> None:
    desk = with_less_time
    story = sent(desk)
    older = {name: desk.store.objects.get(name) for name in objects(desk)}
    assert len(older) == 2
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(YEARS)
    assert erasing.sweep(desk).cases == 1
    assert objects(desk) == set()
    with pytest.raises(Refused, match="erased"):
        originals.take(desk, story.ref, 1, WHY)
    for name, body in older.items():  # somebody lays them back
        desk.store.objects.put(name, body)
    with pytest.raises(Sealed):
        inner(desk, story)
    clock.pass_days(3)
    assert keeping.sweep(desk) == 1
    assert objects(desk) == set()


def test_what_no_entry_speaks_of_goes_with_its_original_and_nothing_else_does(desk: Desk, clock: Clock) -> None:
    story = sent(desk)
    before = objects(desk)
    ticket = following.new_ticket(desk)
    tray.fill(desk, ticket, [Upload("a", png())], ())
    (lost,) = (name for name in objects(desk) - before if "-original" not in name)
    tray.fill(desk, following.new_ticket(desk), [Upload("a", png())], ())
    (half,) = (name for name in objects(desk) - before if "-original" not in name and name != lost)
    Path(desk.store.objects.place, half).unlink()  # a crash left its original alone
    assert keeping.sweep(desk) == 0
    clock.pass_days(3)
    assert keeping.sweep(desk) == 2
    assert objects(desk) == before
    assert verifying.verify(desk) == (1, [])
    assert story.ref


def test_a_backup_carries_both_and_an_old_one_with_the_newest_keys_opens_none_that_was_erased(
    with_less_time: Desk, elsewhere: safekeeping.Place, clock: Clock, folder: Path, offline: Path
) -> None:
    desk = with_less_time
    gone, kept = sent(desk), sent(desk, png())
    cases_then, _ = backed_up(desk)
    gone.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(YEARS)
    assert erasing.sweep(desk).cases == 1
    assert restored(elsewhere, (cases_then, backed_up(desk)[1]), clock).files == 4
    there = opened(elsewhere, clock, folder)
    assert taken(there, kept, offline) == png()
    with pytest.raises(Sealed):
        originals.take(there, gone.ref, 1, WHY)
    assert [found for found in verifying.verify(there)[1] if "original" in str(found)] == []
    there.store.engine.dispose()


def test_planted_with_the_keys_of_that_day_it_would_open_again(
    with_less_time: Desk, elsewhere: safekeeping.Place, clock: Clock, folder: Path, offline: Path
) -> None:
    desk = with_less_time
    story = sent(desk)
    raw = backed_up(desk)
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(YEARS)
    erasing.sweep(desk)
    restored(elsewhere, raw, clock, accept_loss=True)
    there = opened(elsewhere, clock, folder)
    assert taken(there, story, offline) == jpeg()
    there.store.engine.dispose()


def test_the_journal_of_the_second_disk_brings_both_back(
    desk: Desk, elsewhere: safekeeping.Place, clock: Clock, folder: Path, offline: Path, volume: Path
) -> None:
    cases_then, keys_then = io.BytesIO(), io.BytesIO()
    safekeeping.backup(desk, cases_then, keys_then, [str(KEY.to_public())])
    for file in (cases_then, keys_then):
        file.seek(0)
    story = sent(desk)
    kept = safekeeping.restore(elsewhere, cases_then, keys_then, str(KEY), clock.at, journal=volume)
    assert kept.replayed
    assert (kept.replayed.files, kept.replayed.left) == (2, 0)
    there = opened(elsewhere, clock, folder)
    assert taken(there, story, offline) == jpeg()
    assert standstill.standing(there)
    there.store.engine.dispose()


# ---- without the key, and by hand


def test_a_house_without_the_public_half_keeps_none_and_keeps_them_from_when_it_lies_there(
    desk: Desk, folder: Path, offline: Path
) -> None:
    public = (folder / "originals.pub").read_bytes()
    (folder / "originals.pub").unlink()
    desk.vault._looks_at = 0.0
    story = sent(desk)
    assert not desk.vault.keeps_originals
    assert len(objects(desk)) == 1
    with desk.store.read() as tx:
        held = cases.at_host(tx, story.ref)
        assert held
        assert files.original_of(tx, held.case.id, held.case.evidence[0].seq) == ""
    with pytest.raises(Refused, match="no original was kept"):
        originals.take(desk, story.ref, 1, WHY)
    (folder / "originals.pub").write_bytes(public)
    (folder / "originals.pub").chmod(0o600)
    desk.vault._looks_at = 0.0
    sent(desk, png(), story=story)
    assert taken(desk, story, offline, 2) == png()
    assert verifying.verify(desk) == (1, [])


def test_the_commands(tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    home, safe = tmp_path / "home", tmp_path / "safe"
    home.mkdir(mode=0o700)
    here = makers.settings(home)
    desk = makers.desk_of(makers.house(home, clock=clock))

    def order(*words: object) -> int:
        return run(["original", *map(str, words)], here, create_app)

    assert run(["keys"], here, create_app) == 0
    assert "not as they were sent" in capsys.readouterr().out
    assert order("make-key", here.keys) == 1
    assert order("make-key", safe) == 0
    assert not list(here.keys.glob("originals*"))
    shutil.copy(safe / "originals.pub", here.keys)
    assert run(["keys"], here, create_app) == 0
    assert "pair 1 of originals" in capsys.readouterr().out
    desk.vault._looks_at = 0.0
    story = sent(desk)
    packet, photo = tmp_path / "packet", tmp_path / "photo.jpg"
    assert order("take", story.ref, 1, packet, "--reason", " ") == 1
    assert order("take", story.ref, 2, packet, "--reason", WHY) == 1
    assert not packet.exists()
    seen = story.view("officer").seq
    photo.write_text("mine")
    assert order("take", story.ref, 1, photo, "--reason", WHY) == 1, "nothing is overwritten"
    assert story.view("officer").seq == seen
    assert order("take", story.ref, 1, packet, "--reason", WHY) == 0
    assert order("open", packet, photo, "--key", safe) == 1, "nothing is overwritten"
    assert photo.read_text() == "mine"
    photo.unlink()
    assert order("open", packet, photo, "--key", here.keys) == 1
    assert order("open", tmp_path / "gone", photo, "--key", safe) == 1
    assert not photo.exists()
    assert "locked for pair 1" in capsys.readouterr().out
    assert order("make-key", safe) == 0
    assert "Keep them: originals.key." in capsys.readouterr().out
    shutil.copy(safe / "originals-2.pub", here.keys)
    assert order("pairs") == 0
    assert re.findall(r"pair (\d)  (\S+)  (\d) files(.*)", capsys.readouterr().out) == [
        ("1", "originals.key", "1", ""),
        ("2", "originals-2.key", "0", "  what comes now is locked for it"),
    ]
    assert order("open", packet, photo, "--key", safe) == 0
    assert photo.read_bytes() == jpeg()
    assert {path.stat().st_mode & 0o077 for path in (packet, photo)} == {0}
    said = capsys.readouterr().out
    raw = json.loads(exporting.export(desk, viewer("sophea"), story.ref))
    (committed,) = (one["data"] for one in raw["entries"] if one["kind"] == "EvidenceAdded")
    salt = next(line.split()[-1] for line in said.splitlines() if line.startswith("Salt"))
    told = hashlib.sha256(bytes.fromhex(salt) + jpeg()).hexdigest()
    assert told in said
    assert json.loads(committed)["original"] == told, "as anybody can check who has the case as a file"
    desk.store.engine.dispose()


def test_its_name_is_told_from_that_of_the_file(desk: Desk) -> None:
    sent(desk)
    (name,) = (name for name in objects(desk) if "-original" not in name)
    assert original_of(name) in objects(desk)
    assert safekeeping._OBJECT.fullmatch(original_of(name)), "else a restore leaves it out"
