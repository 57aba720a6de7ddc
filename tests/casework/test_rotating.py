"""A new pair of keys beside people who file: nothing is lost, nothing stays under the old pair, and a kill costs nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from grievance.casework.desk import Desk
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.house import recording, rotating, verifying
from grievance.casework.showing import recalling
from grievance.core.errors import Refused
from grievance.core.wraps import number_of
from grievance.store import wraps as kept_wraps
from grievance.store.tables import items, wraps
from grievance.vault import NoKeys, Sealed, Vault
from grievance.vault import vault as opening
from grievance.vault.rotating import Rewrap, make_next, rewrapper
from tests import makers
from tests.files import jpeg
from tests.makers import ROLES, Clock, Story, viewer


@pytest.fixture
def folder(keys: Path, tmp_path: Path) -> Path:
    """A key folder of its own: this one is changed."""
    return Path(shutil.copytree(keys, tmp_path / "own-keys"))


@pytest.fixture
def own(database: str, tmp_path: Path, clock: Clock, folder: Path) -> Iterator[Flask]:
    made = makers.house(tmp_path, database, clock, GRIEVANCE_KEYS=str(folder))
    yield made
    makers.desk_of(made).store.engine.dispose()


@pytest.fixture
def desk(own: Flask) -> Desk:
    return makers.desk_of(own)


def under(desk: Desk, reader: str) -> dict[int, int]:
    with desk.store.whole() as tx:
        return kept_wraps.counted(tx).get(reader, {})


def rotate(desk: Desk, folder: Path, name: str = "words") -> rotating.Rotated:
    return rotating.rotate(desk, folder, name, wait=lambda: None)


def account(desk: Desk, story: Story) -> object:
    assert story.bearer
    return story.view("officer").own.account["words"]


def with_a_file(desk: Desk) -> Story:
    story = Story.filed(desk).taken()
    assert story.bearer
    sent = [Upload("a.jpg", jpeg())]
    assert evidence.add(desk, story.bearer, story.ref, sent, "My slip", roles=ROLES["complainant"], once="") == (1, [])
    return story


def test_every_wrap_is_under_the_new_pair_and_everything_opens(desk: Desk, folder: Path) -> None:
    story = with_a_file(desk)
    before = {name: under(desk, name) for name in ("words", "identity", "box")}
    with desk.store.whole() as tx:
        sealed = set(tx.execute(select(items.c.cipher)).scalars())
    done = rotate(desk, folder)
    assert (done.number, done.made, done.anew, done.aside) == (2, True, before["words"][1], ())
    assert under(desk, "words") == {2: before["words"][1]}
    assert {name: under(desk, name) for name in ("identity", "box")} == {n: before[n] for n in ("identity", "box")}
    with desk.store.whole() as tx:
        assert set(tx.execute(select(items.c.cipher)).scalars()) == sealed
    assert account(desk, story) == makers.complaint().account["words"]
    assert evidence.open_file(desk, viewer("sophea"), story.ref, 1, roles=ROLES["officer"]).kind == "jpeg"
    assert story.bearer
    assert recalling.own_words(desk, story.bearer, story.ref).account["words"] == makers.complaint().account["words"]
    assert verifying.verify(desk) == (1, [])


def test_what_is_filed_afterwards_is_under_the_new_pair(desk: Desk, folder: Path) -> None:
    rotate(desk, folder)
    desk.vault._looks_at = 0.0  # a second passes
    Story.filed(desk)
    assert set(under(desk, "words")) == {2}
    assert rotate(desk, folder).number == 3


def test_a_process_notices_a_new_pair_by_itself_and_reads_no_file_for_each_request(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Vault.open(folder, frozenset({"office"}))
    assert number_of(other.seal(b"x", bound="a", readers=["words"]).wraps["words"]) == 1
    rotate(desk, folder)
    looked: list[Path | None] = []
    names = opening._names

    def counted(where: Path | None) -> frozenset[str]:
        looked.append(where)
        return names(where)

    monkeypatch.setattr(opening, "_names", counted)
    other._looks_at = 0.0
    for _ in range(500):
        other.seal(b"x", bound="a", readers=["notes"])
    assert len(looked) <= 3
    sealed = other.seal(b"x", bound="a", readers=["words"])
    assert number_of(sealed.wraps["words"]) == 2
    assert other.open_sealed(sealed, bound="a", reader="words") == b"x"


def test_a_process_that_has_not_looked_yet_opens_what_another_sealed_this_moment(desk: Desk, folder: Path) -> None:
    late = Vault.open(folder, frozenset({"office"}))
    late._looks_at = float("inf")
    rotate(desk, folder)
    sealed = Vault.open(folder, frozenset({"office"})).seal(b"x", bound="a", readers=["words"])
    assert number_of(sealed.wraps["words"]) == 2
    assert late.open_sealed(sealed, bound="a", reader="words") == b"x"


def test_a_rotation_that_is_killed_after_any_batch_is_taken_up(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "BATCH", 3)
    for _ in range(4):
        with_a_file(desk)
    whole, kills = sum(under(desk, "words").values()), 0
    while set(under(desk, "words")) != {2}:
        with pytest.raises(KeyboardInterrupt):
            rotating.rotate(desk, folder, "words", told=dying, wait=lambda: None)
        kills += 1
        assert sum(under(desk, "words").values()) == whole
        assert verifying.verify(desk) == (4, [])
    assert kills == -(-whole // 3)


def dying(_: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("half", ["nothing", "key", "key half written"])
def test_a_kill_while_the_pair_is_made_leaves_a_folder_that_works(desk: Desk, folder: Path, half: str) -> None:
    """The public half comes last, and a pair counts from it on."""
    if half == "key":
        shutil.copy(folder / "words.key", folder / "words-2.key")
    elif half == "key half written":
        (folder / ".making-words-2.key").mkdir()
        (folder / ".making-words-2.key" / "words-2.key").write_text("grievance-key-1 wor")
    story = Story.filed(desk)
    assert Vault.open(folder, frozenset({"office"})).opens("words")
    assert rotate(desk, folder).number == 2
    assert account(desk, story)
    assert verifying.verify(desk) == (1, [])


def test_two_at_once_while_people_file_do_the_work_of_one(desk: Desk, folder: Path, own: Flask) -> None:
    stories = [Story.filed(desk) for _ in range(6)]
    failed: list[BaseException] = []

    def run(what: object) -> None:
        try:
            assert callable(what)
            what()
        except BaseException as error:  # noqa: BLE001  carried over to the test
            failed.append(error)

    def filing() -> None:
        stories.extend(Story.filed(desk) for _ in range(6))

    works = [filing, lambda: rotate(desk, folder), lambda: rotate(desk, folder)]
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    rotate(desk, folder)
    assert len(under(desk, "words")) == 1
    assert all(account(desk, story) for story in stories)
    assert verifying.verify(desk) == (len(stories), [])


def test_an_erased_wrap_does_not_come_back(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is erased between reading and writing: what was read then is wrapped anew, and goes nowhere."""
    Story.filed(desk)

    def erasing(place: Path, reader: str) -> tuple[int, Rewrap]:
        number, made = rewrapper(place, reader)

        def slow(wrapped: bytes, bound: str) -> bytes:
            with desk.store.whole(write=True) as tx:
                tx.execute(wraps.delete().where(wraps.c.reader == "words"))
            return made(wrapped, bound)

        return number, slow

    monkeypatch.setattr(rotating, "rewrapper", erasing)
    assert rotate(desk, folder).anew == 0
    assert under(desk, "words") == {}


def test_a_damaged_wrap_holds_up_nobody_and_is_named(desk: Desk, folder: Path) -> None:
    story, other = Story.filed(desk), Story.filed(desk)
    with desk.store.whole(write=True) as tx:
        case_id = tx.execute(select(wraps.c.case_id).order_by(wraps.c.case_id)).scalars().first()
        tx.execute(
            wraps.update().where(wraps.c.case_id == case_id, wraps.c.reader == "words").values(wrapped=b"x" * 80)
        )
    done = rotate(desk, folder)
    assert done.aside == (f"case {case_id}, entry 1: account",)
    assert done.anew == 1
    assert story.ref != other.ref


def test_old_halves_are_put_away_when_nothing_is_under_them_and_not_before(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    story = Story.filed(desk)
    with pytest.raises(Refused, match="no older private half"):
        rotating.put_away(desk, folder, "words", tmp_path / "safe")
    rotate(desk, folder)
    late = Vault.open(folder, frozenset({"intake"}))
    del story
    Story.filed(desk)  # by a process that has not looked yet
    old = under(desk, "words").get(1, 0)
    if old:
        with pytest.raises(Refused, match="still under an older pair"):
            rotating.put_away(desk, folder, "words", tmp_path / "safe")
        assert rotate(desk, folder).made is False
    before = (folder / "words.key").read_bytes()
    assert rotating.put_away(desk, folder, "words", tmp_path / "safe") == ("words.key",)
    assert not (folder / "words.key").exists()
    assert (tmp_path / "safe" / "words.key").read_bytes() == before
    assert late.opens("words") is False
    assert Vault.open(folder, frozenset({"office"})).opens("words")
    assert verifying.verify(desk) == (2, [])


def test_what_a_backup_of_before_holds_opens_again_with_the_half_that_was_put_away(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    old = desk.vault.seal(b"x", bound="a", readers=["words"])
    rotate(desk, folder)
    rotating.put_away(desk, folder, "words", tmp_path / "safe")
    office = Vault.open(folder, frozenset({"office"}))
    with pytest.raises(Sealed):
        office.open_sealed(old, bound="a", reader="words")
    shutil.copy(tmp_path / "safe" / "words.key", folder)
    assert office.open_sealed(old, bound="a", reader="words") == b"x"


def test_planted_a_rotation_that_asks_nothing_takes_keys_that_are_needed(
    desk: Desk, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story.filed(desk)
    make_next(folder, "words")
    with pytest.raises(Refused):
        rotating.put_away(desk, folder, "words", None)
    monkeypatch.setattr(kept_wraps, "counted", lambda _: {})
    rotating.put_away(desk, folder, "words", None)
    assert not (folder / "words.key").exists()
    desk.vault._looks_at = 0.0  # a second passes
    assert Story(desk, story.receipt, story.ref, story.bearer).view("officer").own.sealed


def test_a_host_without_the_old_half_says_so(desk: Desk, folder: Path) -> None:
    Story.filed(desk)
    make_next(folder, "words")
    (folder / "words.key").unlink()
    with pytest.raises(NoKeys, match="put away"):
        rotate(desk, folder)


def test_it_stands_in_the_record(desk: Desk, folder: Path, tmp_path: Path) -> None:
    rotate(desk, folder)
    rotating.put_away(desk, folder, "words", None)
    said = [str(line.said) for line in recording.record(desk, viewer("sarin")).rows]
    assert "Destroyed the older private keys of the compartment words" in said
    assert "Made a new pair of keys for the compartment words" in said
