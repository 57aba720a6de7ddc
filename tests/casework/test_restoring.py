"""A restored house says nothing of what was erased, and waits until it has met the newest root that anybody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select

from grievance import clock as timetable
from grievance.app import create_app
from grievance.casework import standstill
from grievance.casework.desk import Desk
from grievance.casework.house import anchoring, safekeeping
from grievance.casework.showing import following, recalling
from grievance.cli import run
from grievance.core.errors import Refused
from grievance.store import stands
from grievance.store.changes import FILE
from grievance.store.tables import files, items, wraps
from grievance.vault import Signer
from grievance.witness import roots
from tests import makers
from tests.casework.test_anchoring import a_day
from tests.casework.test_safekeeping import IDENTITY, TO, away, backed_up, elsewhere, opened, restored
from tests.makers import Clock, Story

__all__ = ["away", "elsewhere"]


@pytest.fixture
def signer(keys: Path) -> Signer:
    found = Signer.open(keys)
    assert found
    return found


def erase(desk: Desk, story: Story) -> str:
    """What erasing comes to: the wraps of a text are gone. Returns the case's id."""
    case_id = following.show_receipt(desk, story.receipt).case
    with desk.store.whole(write=True) as tx:
        tx.execute(delete(wraps).where(wraps.c.case_id == case_id, wraps.c.name == "account"))
    return case_id


def words(desk: Desk, story: Story) -> str:
    """What the complainant wrote, as far as it can be read."""
    told = str(recalling.own_words(desk, following.show_receipt(desk, story.receipt)))
    return told if makers.complaint().account["words"] in told else ""


def wrapped(desk: Desk, case_id: str) -> int:
    with desk.store.whole() as tx:
        return int(tx.execute(select(func.count()).where(wraps.c.case_id == case_id)).scalar_one())


def test_an_old_case_backup_with_the_newest_keys_leaves_erased_what_was_erased(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock
) -> None:
    erased, kept = Story.filed(desk), Story.filed(desk)
    spoken = words(desk, kept)
    case_id = following.show_receipt(desk, erased.receipt).case
    with desk.store.whole(write=True) as tx:  # a file, whose wraps stand beside those of texts
        tx.execute(insert(files).values(object="x/y", case_id=case_id, seq=1))
        row = {"case_id": case_id, "seq": 1, "reader": "words", "wrapped": b"w"}
        tx.execute(insert(wraps), [row | {"name": FILE}, row | {"name": "nothing"}])
    cases, _ = backed_up(desk)
    clock.pass_days(300)
    erase(desk, erased)
    later = Story.filed(desk)
    _, keys_now = backed_up(desk)
    known = restored(elsewhere, (cases, keys_now), clock)
    assert words(away, kept) == spoken
    assert spoken
    assert not words(away, erased)
    with away.store.whole() as tx:
        names = set(tx.execute(select(wraps.c.name).where(wraps.c.case_id == case_id)).scalars())
    assert names == {"identity", "contact", FILE}
    later_wraps = wrapped(desk, following.show_receipt(desk, later.receipt).case)
    assert known.strays == 1 + later_wraps, "what no row of the case backup speaks of is not taken over"


def test_planted_keys_of_that_day_would_bring_the_erased_back(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock
) -> None:
    story = Story.filed(desk)
    cases, keys_then = backed_up(desk)
    erase(desk, story)
    clock.pass_days(safekeeping.KEYS_LIFE.days + 1)
    with pytest.raises(Refused, match="none is kept longer than 14 days"):
        restored(elsewhere, (cases, keys_then), clock)
    restored(elsewhere, (cases, keys_then), clock, accept_loss=True)
    assert words(away, story)


def test_keys_that_are_missing_or_older_are_told_and_nothing_is_written(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock
) -> None:
    early = Story.filed(desk)
    _, older = backed_up(desk)
    clock.pass_days(1)
    late = Story.filed(desk)
    cases, newer = backed_up(desk)
    with pytest.raises(Refused, match="no sealed word can be read"):
        restored(elsewhere, (cases, None), clock)
    with pytest.raises(Refused, match="older than the cases"):
        restored(elsewhere, (cases, older), clock)
    with pytest.raises(Refused, match="the other kind"):
        restored(elsewhere, (newer, cases), clock)
    restored(elsewhere, (cases, older), clock, accept_loss=True)
    assert words(away, early)
    assert not words(away, late)


def test_a_backup_of_the_first_form_still_restores(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was one file with the wraps in it. With a key backup beside it those in it do not count."""
    story = Story.filed(desk)
    monkeypatch.setattr(safekeeping, "FORMAT", "grievance-backup-1")
    monkeypatch.setattr(safekeeping, "CASES", "whole")
    monkeypatch.setattr("grievance.store.dumping.WRAPS", frozenset())
    whole, _ = backed_up(desk)
    monkeypatch.undo()
    erase(desk, story)
    _, newest = backed_up(desk)
    restored(elsewhere, (whole, newest), clock)
    assert not words(away, story)


def test_nothing_goes_on_before_a_verify_has_met_the_newest_root(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, signer: Signer
) -> None:
    Story.filed(desk).taken()
    [root] = a_day(desk, clock, signer)
    restored(elsewhere, backed_up(desk), clock)
    sent: list[str] = []
    for attempt in (standstill.resume, standstill.freeze):  # a frozen clock lets letters go
        with pytest.raises(Refused, match="grievance verify"):
            attempt(away, "root", "It is the only one.")
    timetable.once(away, lambda address, _: sent.append(address), timetable.Watch())
    assert sent == []
    assert anchoring.verify(away, signer.public, [root]).faults == ()
    assert standstill.verified(away, clean=True, outside=True) == standstill.VERIFIED
    standstill.resume(away, "root", "It is the only one.")
    assert standstill.record(away)[-1].reason == "It is the only one."
    assert standstill.verified(away, clean=False, outside=True) == "", "it is a house like any other now"
    standstill.freeze(away, "root", "For another reason.")


def test_a_root_kept_outside_that_is_not_met_stops_it_until_one_is_or_somebody_answers_for_it(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock
) -> None:
    Story.filed(desk)
    restored(elsewhere, backed_up(desk), clock)
    assert standstill.verified(away, clean=False, outside=True) == standstill.CONTRADICTED
    assert standstill.verified(away, clean=True, outside=False) == standstill.CONTRADICTED, (
        "who leaves the roots out does not get past them"
    )
    with pytest.raises(Refused, match="kept elsewhere is not the one of this house"):
        standstill.resume(away, "root", "Go on.")
    standstill.resume(away, "root", "The disks of both sides burned.", unverified=True)
    assert standstill.record(away)[-1].reason == "Contradicted: The disks of both sides burned."


def test_a_house_from_a_copy_of_its_disk_says_so_and_waits_like_any_restored_one(desk: Desk) -> None:
    standstill.came_back(desk, "root", "Back from the archive.")
    assert standstill.record(desk)[-1].state == standstill.SILENT
    with pytest.raises(Refused, match="grievance verify"):
        standstill.resume(desk, "root", "Go on.")
    assert standstill.verified(desk, clean=True, outside=False) == standstill.VERIFIED
    standstill.resume(desk, "root", "Go on.")


def test_the_commands_hold_a_restored_house_against_roots_from_outside(
    tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    for folder in (home, away):
        folder.mkdir(mode=0o700)
    desk = makers.desk_of(makers.house(home, clock=clock))
    here, there = makers.settings(home), makers.settings(away)
    key, cases, wraps_, kept, none = (str(tmp_path / name) for name in ("key", "cases", "wraps", "roots", "none"))
    Path(key).write_text(IDENTITY)
    own = Signer.open(here.keys)
    assert own
    Story.filed(desk)
    first = a_day(desk, clock, own)
    assert run(["backup", cases, wraps_, "--to", TO, "--with-keys"], here, create_app) == 0
    second = a_day(desk, clock, own)
    roots.keep(Path(kept), [*first, *second])
    clock.at = makers.START
    assert run(["restore", cases, wraps_, "--identity", key, "--accept-loss", "--roots", kept], there, create_app) == 1
    assert "its root was kept outside, and is not here" in capsys.readouterr().out
    assert run(["verify", "--roots", none], there, create_app) == 1, "a file without roots compares nothing"
    assert run(["verify"], there, create_app) == 0
    assert "does not meet a root" in capsys.readouterr().out
    assert run(["clock", "--resume", "--reason", "Go on."], there, create_app) == 1
    Path(kept).write_text("".join(f"{one.line}\n" for one in first))
    assert run(["verify", "--roots", kept], there, create_app) == 0
    assert run(["clock", "--resume", "--reason", "Go on."], there, create_app) == 0
    desk.store.engine.dispose()


def test_a_backup_that_breaks_off_leaves_no_row_and_no_table(
    desk: Desk, elsewhere: safekeeping.Place, clock: Clock, keys: Path
) -> None:
    """Steps and rows are one transaction: after a key backup that is damaged at its end, all of it is undone."""
    Story.filed(desk)
    cases, keys_now = backed_up(desk)
    with pytest.raises(Refused, match="damaged"):
        restored(elsewhere, (cases, keys_now[:-1]), clock)
    restored(elsewhere, (cases, keys_now), clock)
    there = opened(elsewhere, clock, keys)
    with there.store.whole() as tx:
        assert stands.restored(tx) == standstill.UNVERIFIED
        assert tx.execute(select(func.count()).select_from(items)).scalar_one() == 3
    there.store.engine.dispose()
