"""A filing survives the loss of one disk: what was acknowledged after the backup comes back from a second volume, once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from grievance.app import create_app
from grievance.casework import filing, moving, standstill
from grievance.casework.desk import Desk
from grievance.casework.house import packing, replaying, safekeeping, unnoted, verifying
from grievance.casework.showing import following
from grievance.casework.words import erasing
from grievance.core.errors import Refused, Stale
from grievance.store import journal, stands
from grievance.store.slips import Slips
from tests import makers
from tests.casework.test_erasing import YEARS, ended, kept_shorter
from tests.casework.test_restoring import erase, words
from tests.casework.test_safekeeping import TO, away, backed_up, contents, elsewhere, restored
from tests.makers import Clock, Story

__all__ = ["away", "elsewhere"]


@pytest.fixture
def app(database: str, tmp_path: Path, clock: Clock, keys: Path, volume: Path) -> Iterator[Flask]:
    """The house with a journal."""
    more = {"GRIEVANCE_KEYS": str(keys), "GRIEVANCE_JOURNAL": str(volume), "GRIEVANCE_JOURNAL_TO": TO}
    made = makers.house(tmp_path, database, clock, **more)
    yield made
    makers.desk_of(made).store.engine.dispose()


def without_copies(desk: Desk) -> dict[str, list[Any]]:
    """Everything but tickets, which keep a form from being sent twice for a week, and numbers that the database gives."""
    kept = contents(desk)
    del kept["tickets"]
    kept["outbox"] = sorted((row[1:4] for row in kept["outbox"]), key=str)
    return {name: sorted(rows, key=str) for name, rows in kept.items()}


def test_what_was_acknowledged_after_the_backup_comes_back_once(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path
) -> None:
    old = Story.filed(desk)
    raw = backed_up(desk)
    old.taken()
    new = Story.filed(desk).taken().answered()
    desk.store.objects.put("2026-03-02/abc", b"sealed")
    for file in list(volume.glob("*.journal")):  # a copy of a copy
        shutil.copy(file, volume / f"2026-01-01-{file.name[11:]}")
    kept = restored(elsewhere, raw, clock, journal=volume)
    assert kept.replayed
    assert (kept.replayed.left, kept.replayed.unread, kept.replayed.files) == (0, 0, 1)
    assert without_copies(away) == without_copies(desk)
    assert verifying.verify(away) == (2, [])
    assert away.store.objects.get("2026-03-02/abc") == b"sealed"
    assert words(away, new) == words(desk, new) != ""
    assert standstill.standing(away).state == standstill.SILENT  # type: ignore[union-attr]


def test_what_was_filed_by_a_process_that_died_before_it_was_noted_is_noted_when_it_is_sent_again(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit stands, nobody was answered, and the same form comes again: now somebody holds its number."""
    empty, ticket = backed_up(desk), following.new_ticket(desk)
    assert desk.store.journal
    with monkeypatch.context() as patch:
        patch.setattr(desk.store.journal, "keep", lambda _: None)
        filing.file(desk, "kh", makers.complaint(), ticket)
    assert not list(volume.glob("*.journal"))
    filing.file(desk, "kh", makers.complaint(), ticket)
    story = Story(
        desk, filing.file(desk, "kh", makers.complaint(), ticket).digits
    )  # it counts once, however often it is sent
    before = without_copies(desk)
    kept = restored(elsewhere, empty, clock, journal=volume)
    assert kept.replayed
    assert (kept.replayed.changes, kept.replayed.left) == (1, 0)
    assert words(away, story) == words(desk, story) != ""
    assert without_copies(away) == before
    assert verifying.verify(away) == (1, [])


def killed_before_it_noted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A filing of a process that was killed between commit and note: its slip lies there, and its lock is gone with it."""
    kept = desk.store.journal
    assert kept
    with monkeypatch.context() as patch:
        patch.setattr(kept, "keep", lambda _: None)
        patch.setattr(kept.slips, "take", lambda _: None)
        story = Story.filed(desk)
    os.close(kept.slips._file)
    kept.slips = Slips(kept.slips.folder)
    return story


def test_what_a_killed_process_did_not_note_is_noted_by_the_clock(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = backed_up(desk)
    story = killed_before_it_noted(desk, monkeypatch).taken()
    assert unnoted.note(desk) == 1
    assert unnoted.note(desk) == 0, "the slip is torn up, and ours is our own"
    before = without_copies(desk)
    kept = restored(elsewhere, empty, clock, journal=volume)
    assert kept.replayed
    assert kept.replayed.left == 0
    assert without_copies(away) == before
    assert words(away, story)
    assert verifying.verify(away) == (1, [])


def test_planted_without_the_slip_the_filing_and_what_hangs_on_it_are_lost(
    desk: Desk,
    elsewhere: safekeeping.Place,
    away: Desk,
    clock: Clock,
    volume: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty = backed_up(desk)
    killed_before_it_noted(desk, monkeypatch).taken()
    for slip in (tmp_path / "slips").glob("*.slip"):
        slip.unlink()
    assert unnoted.note(desk) == 0
    kept = restored(elsewhere, empty, clock, journal=volume)
    assert kept.replayed
    assert kept.replayed.left == 5
    assert verifying.verify(away) == (0, [])


def test_planted_without_it_the_filing_is_lost(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock
) -> None:
    raw = backed_up(desk)
    lost = Story.filed(desk)
    restored(elsewhere, raw, clock)
    with pytest.raises(following.UnknownReceipt):
        following.show_receipt(away, lost.receipt)


def test_what_was_erased_before_the_keys_were_copied_does_not_come_back_with_it(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path
) -> None:
    cases, _ = backed_up(desk)
    erased, kept = Story.filed(desk), Story.filed(desk)
    gone = erase(desk, erased)
    clock.pass_days(2)
    _, keys_now = backed_up(desk)
    late = Story.filed(desk)
    restored(elsewhere, (cases, keys_now), clock, journal=volume)
    assert not words(away, erased)
    assert words(away, kept)
    assert words(away, late), "the keys of what came after the key backup are in the journal alone"
    assert {one.case_id for one in verifying.verify(away)[1]} == {gone}, (
        "as erased before its time as in the first house"
    )


def test_what_was_erased_after_the_keys_were_copied_is_erased_again_as_its_journal_says(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path
) -> None:
    """The entry comes back from the second disk; so the words go once more, and their number with them."""
    desk = kept_shorter(desk)
    story, kept = ended(desk), Story.filed(desk)
    clock.pass_days(YEARS)
    raw = backed_up(desk)
    clock.pass_days(0.1)
    assert erasing.sweep(desk).cases == 1
    done = restored(elsewhere, raw, clock, journal=volume).replayed
    assert done
    assert (done.changes, done.left) == (1, 0)
    with pytest.raises(following.UnknownReceipt):
        following.show_receipt(away, story.receipt)
    assert words(away, kept)
    assert verifying.verify(away) == (2, [])


def test_planted_a_replay_that_only_says_erased_leaves_the_words_for_ever(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = kept_shorter(desk)
    story = ended(desk)
    clock.pass_days(YEARS)
    raw = backed_up(desk)
    clock.pass_days(0.1)
    erasing.sweep(desk)
    monkeypatch.setattr(replaying, "destroy_again", lambda *_: None)
    restored(elsewhere, raw, clock, journal=volume)
    assert words(away, story)
    assert erasing.sweep(kept_shorter(away)).cases == 0, "it is erased already, says the ledger"


def test_planted_without_the_key_backup_the_journal_brings_it_back(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path
) -> None:
    cases, _ = backed_up(desk)
    erased = Story.filed(desk)
    erase(desk, erased)
    clock.pass_days(2)
    restored(elsewhere, (cases, None), clock, journal=volume, accept_loss=True)
    assert words(away, erased)


def test_what_hangs_on_something_that_is_missing_is_left_out_and_counted(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path
) -> None:
    empty = backed_up(desk)
    story = Story.filed(desk)
    for file in volume.glob("*.journal"):
        file.unlink()
    desk.store.journal.__init__(volume, TO, volume)  # type: ignore[misc]
    story.taken()
    other = Story.filed(desk)
    kept = restored(elsewhere, empty, clock, journal=volume)
    assert kept.replayed
    assert kept.replayed.changes == 1
    assert kept.replayed.left == 5, "five moves of a case whose filing is in neither"
    assert words(away, other)
    assert verifying.verify(away) == (1, [])


def test_it_says_nothing_to_whoever_takes_the_volume(
    desk: Desk, elsewhere: safekeeping.Place, clock: Clock, volume: Path
) -> None:
    empty = backed_up(desk)
    Story.filed(desk).taken()
    assert sum(file.stat().st_size for file in volume.glob("*.journal")) > 2_000
    for file in volume.glob("*.journal"):
        assert b"Overtime" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    _, private = packing.make_key()
    with pytest.raises(Refused, match="another key"):
        restored(elsewhere, empty, clock, private, journal=volume)


def test_half_a_frame_of_a_crash_is_left_out(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path
) -> None:
    empty = backed_up(desk)
    whole = Story.filed(desk)
    Story.filed(desk)
    [file] = volume.glob("*.journal")
    os.truncate(file, file.stat().st_size - 10)
    restored(elsewhere, empty, clock, journal=volume)
    assert verifying.verify(away) == (1, [])
    assert words(away, whole)


# asvs: 16.5.2
def test_a_volume_that_is_gone_is_an_alarm_and_refuses_nobody(desk: Desk, clock: Clock, volume: Path) -> None:
    with desk.store.whole(write=True) as tx:
        stands.look(tx, clock())
    assert standstill.unwell(desk, 10) == ""
    volume.rename(volume.with_name("away"))
    assert "second volume" in standstill.unwell(desk, 10), "noticed before anybody files"
    desk.store.journal._of = (0, "")  # type: ignore[union-attr]
    story = Story.filed(desk)
    assert words(desk, story)
    assert not volume.exists(), "it is never made: what is mounted there would hide it"
    assert "second volume" in standstill.unwell(desk, 10)
    volume.with_name("away").rename(volume)
    Story.filed(desk)
    assert "lacks something" in standstill.unwell(desk, 10), "what was filed while it was away"
    assert unnoted.note(desk) == 1
    assert standstill.unwell(desk, 10) == ""


@contextmanager
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A little of each record fits onto the second volume."""
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, body: write(file, body[:20] if len(body) > 100 else body))
        yield


def test_a_volume_that_is_full_begins_another_file_when_there_is_room(
    desk: Desk, volume: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Story.filed(desk)
    with full(monkeypatch):
        for _ in range(3):
            Story.filed(desk)
    assert desk.store.journal
    assert desk.store.journal.failed() == "it is full"
    assert len(list(volume.glob("*.journal"))) == 1, "nothing of what did not fit is left behind"
    Story.filed(desk)
    assert len(list(volume.glob("*.journal"))) == 2


def test_what_was_acknowledged_while_there_was_no_room_is_there_when_there_is_some(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.store.journal
    empty = backed_up(desk)
    with full(monkeypatch):
        stories = [Story.filed(desk), Story.filed(desk).taken()]
        desk.store.objects.put("2026-03-02/abc", b"sealed")
        desk.store.objects.put("2026-03-02/erased", b"sealed")
        owed = len(list(desk.store.journal.slips.folder.glob("*.owed")))
        assert unnoted.note(desk) == 0
        assert len(list(desk.store.journal.slips.folder.glob("*.owed"))) == owed, (
            "it tries one a minute, and owes it still"
        )
    desk.store.objects.drop(["2026-03-02/erased"])
    stories[1].answered()
    assert unnoted.note(desk) == owed
    assert desk.store.journal.failed() == ""
    before = without_copies(desk)
    kept = restored(elsewhere, empty, clock, journal=volume)
    assert kept.replayed
    assert (kept.replayed.left, kept.replayed.unread, kept.replayed.files) == (0, 0, 1)
    assert without_copies(away) == before
    assert all(words(away, story) for story in stories)
    assert verifying.verify(away) == (2, [])


def test_planted_without_owing_it_what_was_acknowledged_meanwhile_is_lost_with_the_first_disk(
    desk: Desk, elsewhere: safekeeping.Place, away: Desk, clock: Clock, volume: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.store.journal
    empty = backed_up(desk)
    with full(monkeypatch), monkeypatch.context() as patch:
        patch.setattr(desk.store.journal.slips, "owe", lambda _: None)
        story = Story.filed(desk)
    story.taken()
    assert unnoted.note(desk) == 0
    kept = restored(elsewhere, empty, clock, journal=volume)
    assert kept.replayed
    assert kept.replayed.left
    assert verifying.verify(away) == (0, [])


def test_a_first_disk_that_is_full_too_is_an_alarm_until_the_second_takes_something(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot even be owed is in the log, and in the next backup."""
    assert desk.store.journal

    def refuse(_: object) -> None:
        raise OSError(28, "No space left on device")

    with full(monkeypatch), monkeypatch.context() as patch:
        patch.setattr(desk.store.journal.slips, "owe", refuse)
        patch.setattr(desk.store.journal.slips, "put", refuse)
        assert words(desk, Story.filed(desk))
    assert desk.store.journal.failed() == "it is full"
    Story.filed(desk)
    assert desk.store.journal.failed() == ""


def test_what_did_not_commit_is_not_in_it(desk: Desk, volume: Path) -> None:
    story = Story.filed(desk)
    before = sum(file.stat().st_size for file in volume.glob("*.journal"))
    with pytest.raises(Stale):  # somebody was first
        moving.fire(
            desk, story.who("officer"), story.ref, "acknowledge", moving.Answers({}, {"greeting": "Hi."}), seen=1
        )
    assert sum(file.stat().st_size for file in volume.glob("*.journal")) == before


def test_old_files_go_with_the_key_backups(desk: Desk, volume: Path) -> None:
    old, young = volume / "2020-01-01-0.journal", volume / "2999-01-01-0.journal"
    for file in (old, young):
        file.write_bytes(b"")
    Story.filed(desk)
    assert not old.exists()
    assert young.exists()
    assert journal.LIFE == safekeeping.KEYS_LIFE


def test_a_key_that_is_none_stops_the_start(tmp_path: Path, clock: Clock, keys: Path) -> None:
    more = {"GRIEVANCE_KEYS": str(keys), "GRIEVANCE_JOURNAL": str(tmp_path), "GRIEVANCE_JOURNAL_TO": f"age1{'q' * 58}"}
    with pytest.raises(Refused, match="no public key"):
        create_app(makers.settings(tmp_path, **more), clock)
