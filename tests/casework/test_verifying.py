"""`verify` reports every change behind the ledger's back: each is planted with the guards of the database taken off."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Engine, text

from grievance.casework import moving, wording
from grievance.casework.desk import Desk
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.house import verifying
from grievance.core.chain import GENESIS
from grievance.store import audit, cases, codec, ledger
from grievance.vault import Envelope
from tests.files import jpeg
from tests.makers import ROLES, Clock, Story
from tests.store.attacks import one, owned, stranger, tamper

ROW = "the row's {} is not what the ledger says"
HASH = "the hash does not fit"
SEATS = "the seats are not what the ledger says"
LISTS = "the lists do not show it as the ledger says"
CLOCKS = "the clocks are not what the ledger says"
KEPT = 366 * 3
"""Days after which the words of an ended case may be erased."""
RUNGS = "the rungs are not what the ledger says"


@dataclass(frozen=True)
class Plant:
    """One statement against the database, and what `verify` must say of it."""

    what: str
    statement: str
    said: str


PLANTS = (
    Plant("data", """UPDATE events SET data = replace(data, '"U3"', '"U1"') WHERE seq = 1""", HASH),
    Plant("data, only spaces", """UPDATE events SET data = replace(data, ',', ', ') WHERE seq = 1""", HASH),
    Plant(
        "data, a field that nobody reads",
        """UPDATE events SET data = '{"more": 1,' || substr(data, 2) WHERE seq = 1""",
        HASH,
    ),
    Plant("data, no JSON", "UPDATE events SET data = 'x' WHERE seq = 2", "the ledger cannot be read"),
    Plant("kind", "UPDATE events SET kind = 'Noted' WHERE seq = 2", HASH),
    Plant("kind, unknown", "UPDATE events SET kind = 'Bribed' WHERE seq = 2", "the ledger cannot be read"),
    Plant("at", "UPDATE events SET at = at - 1 WHERE seq = 3", HASH),
    Plant("actor", """UPDATE events SET actor = replace(actor, 'sophea', 'rith') WHERE actor LIKE '%sophea%'""", HASH),
    Plant("hash", "UPDATE events SET hash = replace(hash, substr(hash, 1, 4), 'dead') WHERE seq = 2", HASH),
    Plant("first entry dropped", "DELETE FROM events WHERE seq = 1", "an entry is missing before this one"),
    Plant("an entry dropped", "DELETE FROM events WHERE seq = 4", "an entry is missing before this one"),
    Plant(
        "last entry dropped",
        "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
        "the newest entries are missing",
    ),
    Plant("every entry dropped", "DELETE FROM events", "the ledger is empty"),
    Plant(
        "an entry added",
        "INSERT INTO events SELECT case_id, 99, at, kind, actor, data, hash FROM events WHERE seq = 2",
        HASH,
    ),
    Plant("stage", "UPDATE cases SET stage = 'closed'", ROW.format("stage")),
    Plant("turn", "UPDATE cases SET turn = 'nobody'", ROW.format("turn")),
    Plant("final", "UPDATE cases SET final = 'ended'", ROW.format("final")),
    Plant("lane", "UPDATE cases SET lane = 'U4'", ROW.format("lane")),
    Plant("category", "UPDATE cases SET category = 'other'", ROW.format("category")),
    Plant("site", "UPDATE cases SET site = 'KH-0077'", ROW.format("site")),
    Plant("assignee", "UPDATE cases SET assignee = 'rith'", ROW.format("assignee")),
    Plant("due_at", "UPDATE cases SET due_at = due_at + 1", ROW.format("due_at")),
    Plant("seq", "UPDATE cases SET seq = seq + 1", ROW.format("seq")),
    Plant("head", "UPDATE cases SET head = '0'", "the newest entries are missing"),
    Plant("state", "UPDATE cases SET state = replace(state, 'KH-0412', 'KH-0077')", ROW.format("state")),
    Plant("state, no JSON", "UPDATE cases SET state = 'x'", ROW.format("state")),
    Plant("state, a space", """UPDATE cases SET state = replace(state, '"seq":', '"seq": ')""", ROW.format("state")),
    Plant(
        "state, another name", """UPDATE cases SET state = replace(state, '"marks"', '"Marks"')""", ROW.format("state")
    ),
    Plant("a seat given to somebody", "UPDATE seats SET holder = 'mekong-hr' WHERE role = 'officer'", SEATS),
    Plant("a seat with another role", "UPDATE seats SET role = 'officer' WHERE role = 'respondent'", SEATS),
    Plant("a seat on another side", "UPDATE seats SET side = 'workers' WHERE role = 'respondent'", SEATS),
    Plant("a seat ended", "UPDATE seats SET until_at = 1 WHERE role = 'officer'", SEATS),
    Plant(
        "a case that hides at the end of a list", "UPDATE seats SET due_at = due_at + 1 WHERE role = 'officer'", LISTS
    ),
    Plant("a case in the list of those that ended", "UPDATE seats SET ended = true WHERE role = 'officer'", LISTS),
    Plant("a case in the list of another officer", "UPDATE seats SET assignee = 'rith' WHERE role = 'officer'", LISTS),
    Plant("a seat dropped", "DELETE FROM seats WHERE role = 'respondent'", SEATS),
    Plant(
        "a seat added",
        "INSERT INTO seats SELECT case_id, 77, 'officer', 'person', 'mekong-hr', '', from_at, NULL, ended, due_at, filed_at, "
        "assignee FROM seats WHERE no = 1",
        SEATS,
    ),
    Plant("a seat taken earlier", "UPDATE seats SET from_at = from_at - 1 WHERE role = 'respondent'", SEATS),
    Plant(
        "what is searched", "UPDATE restatements SET key = 'all is well'", "what is searched is not what was written"
    ),
    Plant("a clock later", "UPDATE clocks SET rings_at = rings_at + 86400000000", CLOCKS),
    Plant("a clock's rung", "UPDATE clocks SET rung = rung + 1", CLOCKS),
    Plant("a clock dropped", "DELETE FROM clocks", CLOCKS),
    Plant("a rung dropped", "DELETE FROM rungs", RUNGS),
    Plant("a rung added", "INSERT INTO rungs SELECT case_id, clock, 9, rang_at FROM rungs", RUNGS),
    Plant(
        "a text in clear",
        "UPDATE texts SET body = body || '.' WHERE name = 'restatement'",
        "the text restatement is not the one that was written",
    ),
    Plant("the title in lists", "UPDATE restatements SET title = 'All is well'", "the title in lists"),
    Plant(
        "a sealed text damaged",
        "UPDATE items SET cipher = (SELECT wrapped FROM wraps LIMIT 1) WHERE name = 'account'",
        "the sealed text account does not open",
    ),
    Plant(
        "a wrap that a rotation would pass by",
        "UPDATE wraps SET under = 7 WHERE name = 'account'",
        "a wrap of account is",
    ),
    Plant("a text dropped", "DELETE FROM texts WHERE name = 'title'", "the text title is gone"),
    Plant("a sealed text dropped", "DELETE FROM items WHERE name = 'identity'", "the text identity is gone"),
    Plant("the keys of a text", "DELETE FROM wraps WHERE name = 'account'", "account has no key for box, words"),
    Plant("the office's key", "DELETE FROM wraps WHERE reader = 'words'", "account has no key for words"),
    Plant("the complainant's keys", "DELETE FROM wraps WHERE reader = 'box'", "account has no key for box"),
    Plant("a sealed text moved", "UPDATE items SET name = 'reasons' WHERE name = 'greeting'", "nobody wrote"),
)


@pytest.fixture
def story(desk: Desk, clock: Clock) -> Story:
    """A case with a released restatement, parties, sealed words and a rung that rang."""
    made = Story.filed(desk).taken()
    from grievance.casework import escalating

    clock.pass_days(9)
    assert escalating.sweep(desk).rungs
    assert verifying.verify(desk) == (1, [])
    return made


def restored(desk: Desk, engine: Engine) -> Callable[[], None]:
    """Puts every table back as it is now: one case serves all plants."""
    names = ["cases", "events", "seats", "clocks", "rungs", "texts", "items", "wraps", "restatements"]
    with owned(engine) as connection:
        kept = {name: connection.execute(text(f"SELECT * FROM {name}")).mappings().all() for name in names}

    def restore() -> None:
        with owned(engine) as connection:
            for name in reversed(names):
                connection.execute(text(f"DELETE FROM {name}"))
            for name in names:
                for row in kept[name]:
                    columns = ", ".join(map(str, row))
                    values = ", ".join(f":{column}" for column in row)
                    connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({values})"), dict(row))

    return restore


def test_every_plant_is_reported(desk: Desk, story: Story) -> None:
    assert story.ref
    engine = desk.store.engine
    restore = restored(desk, engine)
    for plant in PLANTS:
        tamper(engine, plant.statement)
        looked_at, found = verifying.verify(desk)
        assert looked_at == 1
        assert any(plant.said in str(difference) for difference in found), (plant.what, [str(one) for one in found])
        restore()
        assert verifying.verify(desk) == (1, []), plant.what


def test_a_case_whose_row_is_gone_is_reported(desk: Desk, story: Story) -> None:
    """Somebody without foreign keys takes the row away; the ledger still knows that there was a case."""
    del story
    case_id = one(desk.store.engine, "SELECT id FROM cases")
    engine = stranger(desk.store.engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
        if desk.store.sqlite:
            autocommit.execute(text("PRAGMA foreign_keys = OFF"))
        else:
            autocommit.execute(text("SET session_replication_role = replica"))
        autocommit.execute(text("DELETE FROM cases"))
        connection.invalidate()
    engine.dispose()
    looked_at, found = verifying.verify(desk)
    assert (looked_at, [str(difference) for difference in found]) == (1, [f"case {case_id}, entry 0: the row is gone"])


def test_swapped_texts_are_reported(desk: Desk) -> None:
    """Two cases exchange their restatements, salt and all: each is true, and neither is where it was written."""
    for _ in range(2):
        Story.filed(desk).taken()
    first, second = sorted({one(desk.store.engine, f"SELECT {end}(id) FROM cases") for end in ("min", "max")})
    for table in ("texts", "items"):
        for old, new in ((first, "x"), (second, first), ("x", second)):
            tamper(desk.store.engine, f"UPDATE {table} SET case_id = :new WHERE case_id = :old", old=old, new=new)
    _, found = verifying.verify(desk)
    assert {difference.case_id for difference in found} == {first, second}
    said = " ".join(str(difference) for difference in found)
    assert "the text restatement is not the one that was written" in said
    assert "the sealed text account does not open" in said


def test_a_moment_that_is_none_hides_no_other_damage(desk: Desk) -> None:
    """Cases are read together: one that cannot be read is named, and the others are looked at all the same."""
    for _ in range(3):
        Story.filed(desk)
    first, last = (one(desk.store.engine, f"SELECT {end}(id) FROM cases") for end in ("min", "max"))
    tamper(desk.store.engine, "UPDATE events SET at = 9223372036854775807 WHERE case_id = :id AND seq = 2", id=first)
    tamper(desk.store.engine, "UPDATE cases SET head = '0' WHERE id = :id", id=last)
    looked_at, found = verifying.verify(desk)
    assert looked_at == 3
    assert {(difference.case_id, difference.what.partition(":")[0]) for difference in found} == {
        (first, "what is kept of it cannot be read"),
        (last, "the newest entries are missing"),
    }


def damage(desk: Desk, case_id: str) -> list[tuple[str, str]]:
    """What stops a reader of one case: a statement for each, and what verify says of it."""
    found = [("UPDATE texts SET salt = substr(salt, 1, 3) WHERE case_id = :id", "looked at: ValueError")]
    if desk.store.sqlite:  # which keeps whatever it is given in any column
        found += [
            (
                "UPDATE events SET data = CAST(x'ff41' AS TEXT) WHERE case_id = :id AND seq = 2",
                "read: OperationalError",
            ),
            ("UPDATE events SET data = x'ff41' WHERE case_id = :id AND seq = 2", "looked at: TypeError"),
            ("UPDATE items SET cipher = 'text' WHERE case_id = :id", "looked at: TypeError"),
            ("UPDATE texts SET body = x'ff' WHERE case_id = :id", "looked at: AttributeError"),
            ("UPDATE restatements SET title = CAST(x'ff' AS TEXT) WHERE case_id = :id", "read: OperationalError"),
        ]
    return found


def sealed_anew(desk: Desk, case_id: str) -> None:
    """Whoever writes to the database seals what is no text at all: that needs public keys alone."""
    envelope = desk.vault.seal(bytes(32) + b"\xff", bound=wording.bound(case_id, 1, "account"), readers=("words",))
    place = "WHERE case_id = :id AND seq = 1 AND name = 'account'"
    tamper(desk.store.engine, f"UPDATE items SET cipher = :to {place}", to=envelope.cipher, id=case_id)
    more = "AND reader = 'words'"
    tamper(desk.store.engine, f"UPDATE wraps SET wrapped = :to {place} {more}", to=envelope.wraps["words"], id=case_id)


def each_damaged_case_hides_nothing(desk: Desk, *, least: int) -> None:
    first = Story.filed(desk).taken()
    Story.filed(desk).taken()
    with desk.store.whole() as tx:
        damaged = one(desk.store.engine, "SELECT id FROM cases WHERE ref = :ref", ref=first.ref)
        (other,) = set(audit.all_ids(tx)) - {damaged}
    tamper(desk.store.engine, "UPDATE cases SET head = '0' WHERE id = :id", id=other)
    restore = restored(desk, desk.store.engine)
    plants = damage(desk, damaged)
    assert len(plants) >= least
    for statement, said in plants:
        tamper(desk.store.engine, statement, id=damaged)
        _, found = verifying.verify(desk)
        assert any(one.case_id == damaged and said in one.what for one in found), (statement, [*map(str, found)])
        assert any(one.case_id == other and "newest entries" in one.what for one in found), statement
        restore()
    sealed_anew(desk, damaged)
    _, found = verifying.verify(desk)
    assert {one.case_id for one in found} == {damaged, other}


def test_a_case_that_stops_its_reader_is_named_and_hides_no_other(desk: Desk) -> None:
    each_damaged_case_hides_nothing(desk, least=6 if desk.store.sqlite else 1)


def test_planted_a_verify_that_stops_at_damage_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def gives_up(error: Exception) -> None:
        raise error

    monkeypatch.setattr(verifying, "_refuse_outage", gives_up)
    with pytest.raises(ValueError, match="a salt has 32 bytes"):
        each_damaged_case_hides_nothing(desk, least=1)


def box_of_somebody_else(desk: Desk) -> str:
    """Somebody lays a box of their own beside a case, and reads the next message; what `verify` says of it."""
    story, theirs = Story.filed(desk), X25519PrivateKey.generate()
    case_id = one(desk.store.engine, "SELECT id FROM cases")
    tamper(desk.store.engine, "UPDATE cases SET box = :box", box=theirs.public_key().public_bytes_raw())
    moving.write_message(desk, story.who("officer"), story.ref, "Come on Monday, at the back door.")
    with desk.store.whole() as tx:
        item = next(one for one in cases.items_of(tx, case_id) if one.name == "message")
    place = wording.bound(case_id, item.seq, item.name)
    read = desk.vault.open_with_box(
        Envelope(item.cipher, item.wraps), bound=place, box_private=theirs.private_bytes_raw()
    )
    assert b"at the back door" in read, "that is what it is for"
    return " ".join(map(str, verifying.verify(desk)[1]))


def test_a_box_of_somebody_else_beside_a_case_is_reported(desk: Desk) -> None:
    assert "what its number opens, is not what the ledger says" in box_of_somebody_else(desk)


def test_planted_a_ledger_that_does_not_say_how_a_case_is_opened_misses_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.Birth, "opens", "")
    assert box_of_somebody_else(desk) == ""


def test_exchanged_numbers_are_reported(desk: Desk) -> None:
    """The number of the one would open the other; a case that came of the first is opened by it, and has a box of its own."""
    story = Story.filed(desk)
    story.do("complainant", "report_retaliation", own_words="Threatened.")
    Story.filed(desk)
    assert verifying.verify(desk) == (3, [])
    first, second = (one(desk.store.engine, f"SELECT {end}(tag) FROM cases") for end in ("min", "max"))
    for old, new in ((first, bytes(32)), (second, first), (bytes(32), second)):
        tamper(desk.store.engine, "UPDATE cases SET tag = :new WHERE tag = :old", old=old, new=new)
    assert len(verifying.verify(desk)[1]) == 2


def test_keys_that_went_before_their_time_are_missed_and_no_others(desk: Desk, clock: Clock) -> None:
    """A house that was restored has lost the keys of what is erased, and does not know of it until the clock goes on."""
    story = Story.filed(desk)
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    tamper(desk.store.engine, "DELETE FROM wraps WHERE name = 'account' OR reader = 'box'")
    assert len(verifying.verify(desk)[1]) >= 2
    clock.pass_days(KEPT)
    assert verifying.verify(desk) == (1, [])


def test_the_key_of_a_file_that_is_gone_is_missed(desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk)
    assert story.bearer
    evidence.add(desk, story.bearer, story.ref, [Upload("a.jpg", jpeg())], "", roles=ROLES["complainant"], once="")
    assert verifying.verify(desk) == (1, [])
    tamper(desk.store.engine, "DELETE FROM wraps WHERE name = 'file' AND reader = 'box'")
    assert [one.what for one in verifying.verify(desk)[1]] == ["file 1 has no key for box"]
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(KEPT)
    assert verifying.verify(desk) == (1, [])


def test_a_whole_chain_forged_by_its_data_is_reported(desk: Desk) -> None:
    """Who rehashes the whole chain, but not the row, is found by the row."""
    Story.filed(desk)
    case_id = one(desk.store.engine, "SELECT id FROM cases")
    with desk.store.read() as tx:
        lines = audit.lines(tx, case_id)
    previous = GENESIS
    for line in lines:
        data = line.data.replace("U3", "U1")
        previous = codec.chain(previous, case_id, line.seq, line.at, line.kind, line.actor, data)
        tamper(
            desk.store.engine,
            "UPDATE events SET data = :data, hash = :hash WHERE seq = :seq",
            data=data,
            hash=previous,
            seq=line.seq,
        )
    _, found = verifying.verify(desk)
    assert {difference.what for difference in found} >= {"the newest entries are missing", ROW.format("lane")}


def test_planted_a_hash_over_what_was_read_misses_an_added_field(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why the chain is over the stored text: a hash of the event as it is understood lets anybody add to it."""
    Story.filed(desk)
    tamper(desk.store.engine, """UPDATE events SET data = '{"more": 1,' || substr(data, 2) WHERE seq = 1""")

    def understood(line: audit.Line, previous: str, case_id: str) -> str:
        return str(codec.links(previous, case_id, [line.entry()])[0]["hash"])

    assert verifying.verify(desk)[1]
    monkeypatch.setattr(audit.Line, "linked", understood)
    assert not verifying.verify(desk)[1]


def test_the_ledger_tells_what_the_row_forgot(desk: Desk) -> None:
    """The row is a copy: it can be written anew from the ledger alone."""
    story = Story.filed(desk).taken().answered()
    state: Any = json.loads(one(desk.store.engine, "SELECT state FROM cases"))
    assert state["stage"] == story.view("officer").stage == "reply"
