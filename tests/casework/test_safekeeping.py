"""A backup is one moment of a house, read by one key alone; what is restored from it is whole, and stands still."""

from __future__ import annotations

import io
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest
from sqlalchemy import create_engine, select

from grievance import clock as timetable
from grievance.app import create_app
from grievance.casework import escalating, standstill
from grievance.casework.desk import Desk
from grievance.casework.house import packing, safekeeping, verifying
from grievance.casework.showing import following
from grievance.cli import run
from grievance.core.errors import Gone, Refused
from grievance.notices import Notice
from grievance.store.dumping import LEFT_OUT, WRAPS
from grievance.store.migrations import migrate
from grievance.store.tables import metadata, outbox
from tests import makers, postgres
from tests.makers import Clock, Story

TO, IDENTITY = packing.make_key()


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[safekeeping.Place]:
    """An empty place, on either database, whichever the house itself is on."""
    folder = tmp_path / "elsewhere"
    folder.mkdir(mode=0o700)
    rest = str(folder / "files"), folder / "keys"
    if request.param == "sqlite":
        yield safekeeping.Place(f"sqlite:///{folder / 'test.sqlite'}", *rest)
        return
    with postgres.fresh_database(request.getfixturevalue("pg_server")) as url:
        yield safekeeping.Place(url, *rest)


def backed_up(desk: Desk, **more: Any) -> tuple[bytes, bytes]:
    """The case backup and the key backup of this moment."""
    cases, wraps = io.BytesIO(), io.BytesIO()
    safekeeping.backup(desk, cases, wraps, [TO], **more)
    return cases.getvalue(), wraps.getvalue()


def restored(
    place: safekeeping.Place, raw: tuple[bytes, bytes | None], clock: Clock, identity: str = IDENTITY, **more: Any
) -> safekeeping.Kept:
    cases, wraps = raw
    beside = io.BytesIO(wraps) if wraps is not None else None
    return safekeeping.restore(place, io.BytesIO(cases), beside, identity, clock.at, **more)


def opened(place: safekeeping.Place, clock: Clock, keys: Path) -> Desk:
    """The restored house, with the keys that were kept elsewhere."""
    folder = place.keys.parent
    chosen = makers.settings(folder, place.database, GRIEVANCE_KEYS=str(keys), GRIEVANCE_FILES=place.files)
    return makers.desk_of(create_app(chosen, clock))


@pytest.fixture
def away(elsewhere: safekeeping.Place, clock: Clock, keys: Path) -> Iterator[Desk]:
    """The desk of the other place; nothing is in it before somebody restores."""
    there = opened(elsewhere, clock, keys)
    yield there
    there.store.engine.dispose()


def contents(desk: Desk) -> dict[str, list[Any]]:
    kept = makers.contents(desk)
    return {name: rows for name, rows in kept.items() if name not in LEFT_OUT and name not in ("stands", "meta")}


def test_what_is_restored_is_what_was_backed_up_and_stands_still(
    desk: Desk, elsewhere: safekeeping.Place, clock: Clock, keys: Path
) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    Story.filed(desk)
    clock.pass_days(3)
    escalating.sweep(desk)
    before = contents(desk)
    kept = restored(elsewhere, backed_up(desk), clock)
    assert kept.keys == 0
    there = opened(elsewhere, clock, keys)
    assert contents(there) == before
    assert verifying.verify(there) == (2, [])
    following.show_receipt(there, story.receipt)
    sent: list[str] = []

    def send(address: str, _: Notice) -> None:
        sent.append(address)

    watch = timetable.Watch()
    clock.pass_days(300)
    for _ in range(3):
        assert timetable.once(there, send, watch) == 0, "nothing rings"
    assert not sent, "and no notice leaves"
    assert standstill.verified(there, clean=True, outside=False) == standstill.VERIFIED
    standstill.resume(there, "root", "The other one is switched off.")
    assert timetable.once(there, send, watch) > 0
    assert sent
    Story.filed(there)  # numbers that the database gives go on after the restored ones
    assert verifying.verify(there) == (3, [])
    there.store.engine.dispose()


def test_a_backup_while_people_file_is_one_moment(
    desk: Desk, elsewhere: safekeeping.Place, clock: Clock, keys: Path
) -> None:
    Story.filed(desk).taken()
    stop, filed = threading.Event(), [1]

    def file() -> None:
        while not stop.is_set() and filed[0] < 200:
            Story.filed(desk)
            filed[0] += 1

    people = threading.Thread(target=file)
    people.start()
    try:
        before = filed[0]
        raw = backed_up(desk)
        after = filed[0] + 1
    finally:
        stop.set()
        people.join()
    restored(elsewhere, raw, clock)
    there = opened(elsewhere, clock, keys)
    looked_at, differences = verifying.verify(there)
    assert differences == []
    assert before <= looked_at <= after
    with there.store.read() as tx:
        causes = {cause.split("/")[0] for cause in tx.execute(select(outbox.c.cause)).scalars()}
    assert len(causes) == looked_at, "no case without its notices"
    there.store.engine.dispose()


def test_files_go_along_and_keys_only_when_asked(
    desk: Desk, elsewhere: safekeeping.Place, clock: Clock, keys: Path, tmp_path: Path
) -> None:
    Story.filed(desk)
    desk.store.objects.put("ab/cdef", b"sealed")
    names = inside(backed_up(desk)[0])
    assert "files/ab/cdef" in names
    assert not [name for name in names if name.startswith("keys/")]
    raw = backed_up(desk, keys=keys)
    kept = restored(elsewhere, raw, clock)
    assert (kept.files, kept.keys) == (1, len(list(keys.iterdir())))
    assert Path(elsewhere.files, "ab/cdef").read_bytes() == b"sealed"
    for path in keys.iterdir():
        assert (elsewhere.keys / path.name).read_bytes() == path.read_bytes()
        assert (elsewhere.keys / path.name).stat().st_mode & 0o077 == 0
    assert (elsewhere.keys.stat().st_mode & 0o077) == 0


def test_a_file_whose_place_does_not_answer_stops_the_backup_and_one_that_was_erased_does_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ab/away", "ab/cdef"):
        desk.store.objects.put(name, b"sealed")
    get, there = desk.store.objects.get, desk.store.objects.there

    def away(name: str) -> bytes:
        if name == "ab/away":
            raise Gone
        return get(name)

    monkeypatch.setattr(desk.store.objects, "get", away)
    with pytest.raises(Gone):
        backed_up(desk)
    monkeypatch.setattr(desk.store.objects, "there", lambda name: name != "ab/away" and there(name))
    assert {name for name in inside(backed_up(desk)[0]) if name.startswith("files/")} == {"files/ab/cdef"}


def inside(raw: bytes) -> dict[str, bytes]:
    plain = pyrage.decrypt(raw, [pyrage.x25519.Identity.from_str(IDENTITY)])
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:gz") as tar:
        return {member.name: held.read() for member in tar if (held := tar.extractfile(member))}


def test_every_table_is_in_it_but_those_that_say_why_not(desk: Desk) -> None:
    Story.filed(desk)
    cases, wraps = (b"\n".join(inside(raw).values()) for raw in backed_up(desk))
    in_cases, in_wraps = (
        {name for name in metadata.tables if f'"table":"{name}"'.encode() in names} for names in (cases, wraps)
    )
    full = {name for name, rows in makers.contents(desk).items() if rows}
    assert in_cases == full - LEFT_OUT - WRAPS
    assert in_wraps == WRAPS


def test_it_says_nothing_to_others(desk: Desk, elsewhere: safekeeping.Place, clock: Clock) -> None:
    Story.filed(desk).taken()
    raw = backed_up(desk)
    cases, wraps = raw
    assert b"Overtime" in b"".join(inside(cases).values()), "else the search is blind"
    assert b"Overtime" not in cases
    _, another = packing.make_key()
    with pytest.raises(Refused, match="another key"):
        restored(elsewhere, raw, clock, another)
    for whole in raw:
        for damaged in (whole[:-1], whole[: len(whole) // 2], whole[:-20] + bytes(20), b"", b"age"):
            with pytest.raises(Refused, match="damaged"):
                restored(elsewhere, (damaged, wraps) if whole is cases else (cases, damaged), clock)
    restored(elsewhere, raw, clock)  # what failed before has left nothing behind


def test_a_house_that_holds_cases_is_not_overwritten(desk: Desk, database: str, tmp_path: Path, clock: Clock) -> None:
    Story.filed(desk)
    raw = backed_up(desk)
    before = makers.contents(desk)
    place = safekeeping.Place(database, str(tmp_path / "files"), tmp_path / "keys")
    with pytest.raises(Refused, match="empty"):
        restored(place, raw, clock)
    assert makers.contents(desk) == before


def test_a_part_that_the_end_is_missing_from_is_refused_whole(
    desk: Desk, elsewhere: safekeeping.Place, clock: Clock
) -> None:
    """A tar cut at a member's edge and encrypted anew is whole for age, and not for us."""
    Story.filed(desk)
    cases, wraps = backed_up(desk)
    parts = inside(cases)
    forged = io.BytesIO()
    with tarfile.open(fileobj=forged, mode="w:gz") as tar:
        for name, body in parts.items():
            if name != "end":
                packing.add(tar, name, body)
    raw = pyrage.encrypt(forged.getvalue(), [pyrage.x25519.Recipient.from_str(TO)])
    with pytest.raises(Refused, match="cut short"):
        restored(elsewhere, (raw, wraps), clock)
    engine = create_engine(elsewhere.database)
    migrate(engine)
    with engine.connect() as connection:
        assert not connection.execute(select(metadata.tables["cases"])).all()
    engine.dispose()


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    for folder in (home, away):
        folder.mkdir(mode=0o700)
    here, there = makers.settings(home), makers.settings(away)
    makers.house(home, clock=Clock())
    key, file, wraps = (str(tmp_path / name) for name in ("key", "cases.age", "keys.age"))
    assert run(["backup", "--make-key", key], here, create_app) == 0
    public = capsys.readouterr().out.split()[-1]
    assert Path(key).stat().st_mode & 0o077 == 0
    assert run(["backup", file], here, create_app) == 1
    assert run(["backup", file, wraps, "--to", "me"], here, create_app) == 1
    assert run(["backup", file, "--to", public], here, create_app) == 1, "two files"
    assert not Path(file).exists()
    assert run(["backup", file, wraps, "--to", public, "--with-keys"], here, create_app) == 0
    assert run(["backup", file, f"{wraps}2", "--to", public], here, create_app) == 1, "nothing is overwritten"
    assert run(["restore", file, wraps, "--identity", str(tmp_path / "gone")], there, create_app) == 1
    assert run(["restore", file, "--identity", key], there, create_app) == 1, "not without the keys of sealed words"
    assert run(["restore", wraps, file, "--identity", key], there, create_app) == 1, "not the wrong way round"
    assert run(["restore", file, wraps, "--identity", key], there, create_app) == 0
    assert "0 differences" in capsys.readouterr().out
    assert run(["restore", file, wraps, "--identity", key], there, create_app) == 1
    assert run(["clock", "--status"], there, create_app) == 1
    assert run(["clock", "--resume"], there, create_app) == 1, "not without a reason"
    assert run(["clock", "--resume", "--reason", "It is the only one."], there, create_app) == 0
    assert "It is the only one." in capsys.readouterr().out
    assert run(["clock", "--freeze", "--reason", "Tests."], there, create_app) == 1
