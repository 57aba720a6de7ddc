"""Once a day one signed root over all cases leaves the house; whoever rewrites the database afterwards is found out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from grievance.casework import delivering, standstill
from grievance.casework.desk import Desk
from grievance.casework.house import anchoring, furnishing, recording, verifying
from grievance.casework.showing import exporting, standing
from grievance.core import exported, merkle
from grievance.core.chain import GENESIS
from grievance.core.errors import Refused
from grievance.core.record import SMALLEST, Checkpoint, padded, statement
from grievance.notices import Notice
from grievance.store import audit, checkpoints, codec, deeds
from grievance.store import stands as stops
from grievance.store.tables import EPOCH, outbox
from grievance.vault import Signer, record_public
from grievance.witness import checking, roots
from tests import makers
from tests.makers import Clock, Story
from tests.store.attacks import one, owned, stranger, tamper

THREE_SIDES = {"w1", "w2", "w3", "e1", "e2", "e3", "b1", "b2", "b3"}


@pytest.fixture
def signer(keys: Path) -> Signer:
    found = Signer.open(keys)
    assert found
    return found


def a_day(desk: Desk, clock: Clock, signer: Signer, days: float = 1) -> list[Checkpoint]:
    """So many days pass, a clock looks, and the record is made."""
    clock.pass_days(days)
    look(desk)
    return anchoring.anchor(desk, signer)


def look(desk: Desk) -> None:
    with desk.store.write() as tx:
        stops.look(tx, desk.now())


def faults(desk: Desk, keys: Path, outside: Any = ()) -> str:
    return "\n".join(anchoring.verify(desk, record_public(keys), outside).faults)


def test_a_day_has_one_root_and_an_outage_is_caught_up_in_order(desk: Desk, clock: Clock, signer: Signer) -> None:
    assert anchoring.anchor(desk, signer) == [], "no clock has looked yet"
    Story.filed(desk).taken()
    assert [made.day for made in a_day(desk, clock, signer)] == ["2026-03-02"]
    assert anchoring.anchor(desk, signer) == []
    Story.filed(desk)
    made = a_day(desk, clock, signer, 4)
    assert [found.day for found in made] == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"]
    with desk.store.read() as tx:
        every = [kept.said for kept in checkpoints.every(tx)]
    assert [found.before for found in every] == [GENESIS, *(found.root for found in every[:-1])]
    assert len({found.root for found in every}) == len(every), (
        "a day without news has another root, so that none stands out"
    )
    assert {found.size for found in every} == {SMALLEST}
    assert anchoring.verify(desk).faults == ()


def test_before_the_hour_there_is_none(desk: Desk, clock: Clock, signer: Signer) -> None:
    clock.at = clock.at.replace(hour=0, minute=59)
    look(desk)
    first = anchoring.anchor(desk, signer)
    assert [made.day for made in first] == ["2026-02-28"]
    clock.at += timedelta(minutes=1)
    look(desk)
    assert [made.day for made in anchoring.anchor(desk, signer)] == ["2026-03-01"]


def test_while_the_clock_stands_still_and_by_a_date_that_nobody_accepted_there_is_none(
    desk: Desk, clock: Clock, signer: Signer
) -> None:
    a_day(desk, clock, signer)
    standstill.freeze(desk, "somebody", "A test.")
    assert a_day(desk, clock, signer) == []
    standstill.resume(desk, "somebody", "It is over.")
    assert len(a_day(desk, clock, signer, 0)) == 1
    clock.pass_days(300)
    assert anchoring.anchor(desk, signer) == [], "the date jumped, and no clock has looked at it yet"


def test_two_clocks_make_one(desk: Desk, clock: Clock, signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is between reading and writing when the first has written."""
    clock.pass_days(1)
    look(desk)
    reckon, others = anchoring.tree, list[Any]()

    def meanwhile(*how: Any) -> Any:
        monkeypatch.setattr(anchoring, "tree", reckon)
        others.extend(anchoring.anchor(desk, signer))
        return reckon(*how)

    monkeypatch.setattr(anchoring, "tree", meanwhile)
    assert anchoring.anchor(desk, signer) == []
    assert len(others) == 1
    with desk.store.read() as tx:
        assert [kept.said for kept in checkpoints.every(tx)] == others
        assert len(tx.execute(select(outbox.c.id).where(outbox.c.kind == "record")).all()) == len(THREE_SIDES)


def test_the_three_sides_get_one_letter_with_every_root(
    desk: Desk, clock: Clock, signer: Signer, tmp_path: Path
) -> None:
    made = a_day(desk, clock, signer) + a_day(desk, clock, signer, 3)
    sent: list[tuple[str, Notice]] = []
    while delivering.deliver(desk, lambda address, notice: sent.append((address, notice))):
        pass
    assert len(sent) == 2 * len(THREE_SIDES), "one for each day on which there was something to tell"
    mine = [notice.body for address, notice in sent if address == "workers1@demo.test"]
    assert all("http" not in body for body in mine)
    found = [root for body in mine for root in roots.found_in(body.encode())]
    assert found == made
    outcome = roots.keep(tmp_path / "roots.jsonl", found)
    assert (len(outcome.new), outcome.refused) == (4, ())


def test_what_is_published_names_no_case_no_moment_and_no_number(desk: Desk, clock: Clock, signer: Signer) -> None:
    stories = [Story.filed(desk).taken() for _ in range(3)]
    a_day(desk, clock, signer)
    with desk.store.read() as tx:
        ids, kept = audit.all_ids(tx), checkpoints.newest(tx)
        assert kept is not None
        leaves = checkpoints.leaves_of(tx, kept.said.day)
        heads = checkpoints.heads(tx, anchoring.cut(kept.said.day))
        moments = {str(line.at.timestamp()).replace(".", "")[:10] for one in ids for line in audit.lines(tx, one)}
    assert len(leaves) == SMALLEST, "three and three hundred are the same"
    assert leaves == sorted(leaves)
    public = standing.as_json(standing.page(desk)).decode()
    proof = standing.proof(desk, stories[0].who("complainant"), "").decode()
    assert set(json.loads(public)["days"][0]) == {"day", "size", "before", "root", "key", "signature"}
    refs = {story.ref for story in stories}
    for told in (public, proof):
        for canary in (*ids, *refs, *moments, kept.blind.hex(), "wages", "2026-03-02T", "KH-0412"):
            assert canary not in told, canary
    mine = {json.loads(proof)["head"]}
    assert mine < set(heads.values())
    assert not [head for head in set(heads.values()) - mine if head in proof], "a proof tells of no other case"


def test_planted_without_padding_the_size_is_the_number(
    desk: Desk, clock: Clock, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        Story.filed(desk)
    monkeypatch.setattr(anchoring, "padded", lambda leaves: leaves)
    assert [made.size for made in a_day(desk, clock, signer)] == [3]


def test_trees_double() -> None:
    assert [padded(number) for number in (0, 1, 1024, 1025, 2048, 2049)] == [1024, 1024, 1024, 2048, 2048, 4096]


def test_a_receipt_becomes_a_proof_that_holds_without_the_house(
    desk: Desk, clock: Clock, signer: Signer, tmp_path: Path
) -> None:
    story = Story.filed(desk)
    with pytest.raises(Refused, match="tomorrow"):
        standing.proof(desk, story.who("complainant"), "")
    made = a_day(desk, clock, signer)
    proof = standing.proof(desk, story.who("complainant"), "")
    file = tmp_path / "roots.jsonl"
    assert checking.check(proof, roots.read(file)).status == checking.OPEN, "no root is kept yet"
    roots.keep(file, made)
    assert checking.check(proof, roots.read(file)).status == checking.HOLDS
    said = json.loads(proof)
    for name in ("salt", "head", "root", "before", "key", "signature"):
        other = said | {name: said[name][:-1] + ("0" if said[name][-1] != "0" else "1")}
        assert checking.check(json.dumps(other).encode(), roots.read(file)).status == checking.CONTRADICTED, name
    for index in range(len(said["path"])):
        path = [*said["path"]]
        path[index] = path[index][::-1]
        assert checking.check(json.dumps(said | {"path": path}).encode(), made).status == checking.CONTRADICTED


def test_a_whole_case_is_checked_against_the_kept_roots(desk: Desk, clock: Clock, signer: Signer) -> None:
    story = Story.filed(desk).taken()
    early = exporting.export(desk, story.who("officer"), story.ref)
    made = a_day(desk, clock, signer)
    story.answered()
    raw = exporting.export(desk, story.who("officer"), story.ref)
    if not json.loads(raw)["whole"]:
        raise AssertionError("the officer's export is whole")
    answer = checking.check(raw, made)
    assert answer.status == checking.HOLDS, answer
    assert "newer entries" in " ".join(answer.said)
    assert checking.check(early, made).status == checking.OPEN
    mine = exporting.export(desk, story.who("complainant"), "")
    assert checking.check(mine, made).status == checking.OPEN, "a part of a case has no hash of the ledger"
    assert "record" not in json.loads(mine)


def test_a_text_whose_keys_are_gone_and_a_case_that_goes_on_leave_the_roots_true(
    desk: Desk, clock: Clock, signer: Signer, keys: Path
) -> None:
    story = Story.filed(desk).taken()
    made = a_day(desk, clock, signer)
    tamper(desk.store.engine, "DELETE FROM wraps WHERE name = 'account'")
    tamper(desk.store.engine, "DELETE FROM items WHERE name = 'identity'")
    story.answered()
    Story.filed(desk)
    assert faults(desk, keys, made) == ""
    assert len(verifying.verify(desk)[1]) == 2, "it was not their time yet"


# --- Attacks: somebody writes to the database, without triggers, and with the stolen signing key ------------------------


def open_record(desk: Desk) -> None:
    """Takes the triggers of the record off."""
    with owned(desk.store.engine) as connection:
        if desk.store.sqlite:
            for guard in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS checkpoints_no_{guard}"))
        else:
            connection.execute(text("ALTER TABLE checkpoints DISABLE TRIGGER USER"))


def rewrite(desk: Desk, case_id: str) -> None:
    """Another lane from the first entry on: every hash, the row and what is copied from it are reckoned anew."""
    with desk.store.read() as tx:
        lines = audit.lines(tx, case_id)
    previous = GENESIS
    for line in lines:
        data = line.data.replace('"U3"', '"U2"')
        previous = codec.chain(previous, case_id, line.seq, line.at, line.kind, line.actor, data)
        tamper(
            desk.store.engine,
            "UPDATE events SET data = :data, hash = :hash WHERE case_id = :case AND seq = :seq",
            data=data,
            hash=previous,
            case=case_id,
            seq=line.seq,
        )
    state = one(desk.store.engine, "SELECT state FROM cases WHERE id = :case", case=case_id).replace('"U3"', '"U2"')
    tamper(
        desk.store.engine,
        "UPDATE cases SET head = :head, lane = 'U2', state = :state WHERE id = :case",
        head=previous,
        state=state,
        case=case_id,
    )


def remove(desk: Desk, case_id: str) -> None:
    """A whole case, with all of its rows."""
    with desk.store.engine.connect() as connection:
        tables = [
            name
            for (name,) in connection.execute(
                text(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                    if desk.store.sqlite
                    else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                )
            )
            if name in ("rungs", "clocks", "seats", "texts", "items", "wraps", "files", "restatements", "events")
        ]
    for name in tables:
        if one(desk.store.engine, f"SELECT count(*) FROM {name} WHERE case_id = :case", case=case_id):
            tamper(desk.store.engine, f"DELETE FROM {name} WHERE case_id = :case", case=case_id)
    tamper(desk.store.engine, "DELETE FROM cases WHERE id = :case", case=case_id)


def sign_anew(desk: Desk, signer: Signer, days: int = 1000) -> None:
    """With the stolen key: the newest days fit what the database says now."""
    open_record(desk)
    with desk.store.read() as tx:
        every = checkpoints.every(tx)
        trees = {kept.said.day: anchoring.tree(tx, kept.said.day, kept.blind) for kept in every}
    before = every[-days - 1].said.root if days < len(every) else GENESIS
    for kept in every[-days:]:
        under = trees[kept.said.day]
        root = merkle.root(under).hex()
        signature = signer.sign(statement(kept.said.day, len(under), before, root))
        tamper(
            desk.store.engine,
            "UPDATE checkpoints SET root = :root, before = :before, signature = :signature, size = :size WHERE day = :day",
            root=root,
            before=before,
            signature=signature,
            size=len(under),
            day=kept.said.day,
        )
        before = root
    for day, under in trees.items():
        tamper(desk.store.engine, "UPDATE leaves SET body = :body WHERE day = :day", body=b"".join(under), day=day)


@pytest.fixture
def story(desk: Desk, clock: Clock, signer: Signer, keys: Path) -> Story:
    """Two cases, of which one is attacked, and three days on record."""
    Story.filed(desk)
    made = Story.filed(desk).taken()
    for _ in range(3):
        a_day(desk, clock, signer)
    assert faults(desk, keys) == ""
    return made


ATTACKS: dict[str, Callable[[Desk, str], None]] = {"rewritten": rewrite, "removed": remove}


@pytest.mark.parametrize("attack", ATTACKS)
def test_who_rewrites_or_removes_a_case_is_found_by_the_newest_root(
    desk: Desk, keys: Path, story: Story, attack: str
) -> None:
    case_id = one(desk.store.engine, "SELECT id FROM cases WHERE ref = :ref", ref=story.ref)
    ATTACKS[attack](desk, case_id)
    assert verifying.verify(desk)[1] == [], "all that is beside the record fits: the attacker made no slip"
    assert faults(desk, keys).count("the cases do not give its root") == 3


def deeds_taken_away(desk: Desk, clock: Clock, signer: Signer, keys: Path) -> str:
    """Somebody promotes himself, uses that, and takes the newest rows of what administrators did away."""
    for name in ("First", "Second", "Third"):
        furnishing.make_body(desk, makers.viewer("sarin"), "union", "", name)
    a_day(desk, clock, signer)
    assert faults(desk, keys) == ""
    with owned(desk.store.engine) as connection:
        if desk.store.sqlite:
            connection.exec_driver_sql("DROP TRIGGER deeds_no_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE deeds DISABLE TRIGGER USER")
        connection.exec_driver_sql("DELETE FROM deeds WHERE no >= 2")
    assert recording.verify(desk) == [], "the chain of the rest holds"
    return faults(desk, keys)


def test_who_takes_the_newest_deeds_away_is_found_by_the_newest_root(
    desk: Desk, clock: Clock, signer: Signer, keys: Path
) -> None:
    assert "what administrators did" in deeds_taken_away(desk, clock, signer, keys)


def test_planted_a_tree_without_deeds_does_not_find_it_and_stands_as_it_was_signed(
    desk: Desk, clock: Clock, signer: Signer, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(deeds, "head", lambda *_: "")
        assert deeds_taken_away(desk, clock, signer, keys) == ""
    assert faults(desk, keys) == "", "roots of before are no alarm"


@pytest.mark.parametrize("attack", ATTACKS)
def test_who_signs_anew_with_the_stolen_key_is_found_by_whoever_kept_a_root(
    desk: Desk, keys: Path, story: Story, signer: Signer, attack: str, tmp_path: Path
) -> None:
    with desk.store.read() as tx:
        outside = [kept.said for kept in checkpoints.every(tx)]
    file = tmp_path / "roots.jsonl"
    roots.keep(file, outside)
    case_id = one(desk.store.engine, "SELECT id FROM cases WHERE ref = :ref", ref=story.ref)
    ATTACKS[attack](desk, case_id)
    sign_anew(desk, signer)
    assert verifying.verify(desk)[1] == []
    assert faults(desk, keys) == "", "the database alone cannot tell: this is why roots are kept outside"
    assert faults(desk, keys, outside[:1]).count("rewritten since") == 1, "one root is enough"
    assert faults(desk, keys, outside).count("rewritten since") == 3
    published = roots.found_in(standing.as_json(standing.page(desk)))
    assert len(roots.keep(file, published).refused) >= 3, "nobody who kept a root takes the new ones"
    if attack == "rewritten":
        raw = exporting.export(desk, story.who("officer"), story.ref)
        assert checking.check(raw, roots.read(file)).status == checking.CONTRADICTED


def test_who_signs_only_the_newest_day_anew_is_found_by_the_days_before(
    desk: Desk, keys: Path, story: Story, signer: Signer
) -> None:
    rewrite(desk, one(desk.store.engine, "SELECT id FROM cases WHERE ref = :ref", ref=story.ref))
    sign_anew(desk, signer, 1)
    assert faults(desk, keys).count("the cases do not give its root") == 2


REWRITINGS = ("rewritten", "dated later")


def date_later(desk: Desk, case_id: str) -> None:
    """The newest entry of the first days is dated now: the days between are left to the one before it."""
    with desk.store.read() as tx:
        lines = audit.lines(tx, case_id)
    at = (desk.now() - EPOCH) // timedelta(microseconds=1)
    previous = lines[-2].hash
    last = lines[-1]
    hashed = codec.chain(previous, case_id, last.seq, desk.now(), last.kind, last.actor, last.data)
    tamper(
        desk.store.engine,
        "UPDATE events SET at = :at, hash = :hash WHERE case_id = :case AND seq = :seq",
        at=at,
        hash=hashed,
        case=case_id,
        seq=last.seq,
    )
    tamper(desk.store.engine, "UPDATE cases SET head = :head WHERE id = :case", head=hashed, case=case_id)


def rewritten_between(desk: Desk, clock: Clock, signer: Signer, story: Story, how: str) -> list[Checkpoint]:
    """A house that rewrites a case, and signs each day what it then says: no root contradicts another one."""
    case_id = one(desk.store.engine, "SELECT id FROM cases WHERE ref = :ref", ref=story.ref)
    {"rewritten": rewrite, "dated later": date_later}[how](desk, case_id)
    for _ in range(2):
        a_day(desk, clock, signer)
    with desk.store.read() as tx:
        return [kept.said for kept in checkpoints.every(tx)]


@pytest.mark.parametrize("how", REWRITINGS)
def test_a_house_that_rewrites_a_case_and_signs_on_cannot_show_the_days_before(
    desk: Desk, clock: Clock, signer: Signer, story: Story, tmp_path: Path, how: str
) -> None:
    """Whoever kept each root in time meets one chain without a fault: what is missing is the case in the older ones."""
    honest = exporting.export(desk, story.who("officer"), story.ref)
    made, file = rewritten_between(desk, clock, signer, story, how), tmp_path / "roots.jsonl"
    assert roots.keep(file, made).refused == ()
    assert checking.check(honest, made).status == checking.HOLDS
    raw = exporting.export(desk, story.who("officer"), story.ref)
    assert json.loads(raw)["whole"]
    assert json.loads(raw)["record"]["day"] == made[-1].day
    answer = checking.check(raw, roots.read(file))
    assert answer.status == checking.OPEN, answer
    assert "does not show that it stood like this" in answer.said[0]
    old = json.loads(honest)["history"]
    forged = json.loads(raw) | {"history": [*json.loads(raw)["history"], *old]}
    forged["fingerprint"] = exported.fingerprint(forged)
    assert checking.check(json.dumps(forged).encode(), made).status == checking.CONTRADICTED, "the days before say no"


@pytest.mark.parametrize("how", REWRITINGS)
def test_planted_a_witness_that_asks_for_the_newest_day_alone_takes_what_was_rewritten(
    desk: Desk, clock: Clock, signer: Signer, story: Story, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    made = rewritten_between(desk, clock, signer, story, how)
    monkeypatch.setattr(checking, "owed", lambda *_: {})
    raw = exporting.export(desk, story.who("officer"), story.ref)
    assert checking.check(raw, made).status == checking.HOLDS


def test_a_case_of_many_days_shows_each_of_them(desk: Desk, clock: Clock, signer: Signer) -> None:
    other = Story.filed(desk)
    made = a_day(desk, clock, signer)
    strange = json.loads(standing.proof(desk, other.who("complainant"), ""))
    story = Story.filed(desk)
    made += a_day(desk, clock, signer, 3)
    story.taken()
    made += a_day(desk, clock, signer)
    story.answered()
    made += a_day(desk, clock, signer, 2)
    raw = exporting.export(desk, story.who("officer"), story.ref)
    assert checking.check(raw, made).status == checking.HOLDS
    shown = [one["day"] for one in json.loads(raw)["history"]]
    assert len(shown) == len(set(shown)) >= 4
    for day in shown:
        answer = checking.check(raw, [one for one in made if one.day != day])
        assert answer.status == checking.OPEN, day
        assert day in answer.said[0]
    late = [one for one in made if one.day > shown[0]]
    assert "older pages" in checking.check(raw, late).said[0], "who began late fetches what the roots since then bind"
    old = json.loads(raw) | {"record": json.loads(raw)["history"][0], "history": json.loads(raw)["history"][:1]}
    old["fingerprint"] = exported.fingerprint(old)
    answer = checking.check(json.dumps(old).encode(), made)
    assert (answer.status, shown[2] in answer.said[0]) == (checking.OPEN, True), "it shows an older day alone"
    of_another = old | {"record": strange, "history": []}
    of_another["fingerprint"] = exported.fingerprint(of_another)
    assert checking.check(json.dumps(of_another).encode(), made).status == checking.CONTRADICTED
    damaged = json.loads(raw)
    damaged["entries"][0]["at"] = 10**30
    assert checking.check(json.dumps(damaged).encode(), made).status == checking.CONTRADICTED


ROWS = {
    "root": ("UPDATE checkpoints SET root = before WHERE day = '2026-03-03'", "signature does not fit"),
    "size": ("UPDATE checkpoints SET size = 2048 WHERE day = '2026-03-03'", "signature does not fit"),
    "before": ("UPDATE checkpoints SET before = root WHERE day = '2026-03-03'", "signature does not fit"),
    "day": ("UPDATE checkpoints SET day = '2026-03-09' WHERE day = '2026-03-04'", "the day before it is missing"),
    "key": ("UPDATE checkpoints SET key = root", "a key that is not the one of this house"),
    "blind": ("UPDATE checkpoints SET blind = (SELECT tag FROM cases LIMIT 1)", "the cases do not give its root"),
    "removed": ("DELETE FROM checkpoints WHERE day = '2026-03-03'", "the day before it is missing"),
    "first removed": ("DELETE FROM checkpoints WHERE day = '2026-03-02'", "the days before it are missing"),
    "leaves": ("UPDATE leaves SET body = (SELECT tag FROM cases LIMIT 1)", "the leaves that proofs are made from"),
    "leaves of before": ("DELETE FROM leaves WHERE day = '2026-03-03'", "the leaves that proofs are made from"),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_the_record_that_was_changed_is_reported(desk: Desk, keys: Path, story: Story, name: str) -> None:
    assert story.ref
    statement_, said = ROWS[name]
    open_record(desk)
    tamper(desk.store.engine, statement_)
    assert said in faults(desk, keys)


def test_the_newest_day_removed_is_found_outside(desk: Desk, keys: Path, story: Story) -> None:
    assert story.ref
    with desk.store.read() as tx:
        outside = [kept.said for kept in checkpoints.every(tx)]
    open_record(desk)
    tamper(desk.store.engine, "DELETE FROM checkpoints WHERE day = '2026-03-04'")
    assert "was kept outside, and is not here" in faults(desk, keys, outside)


def test_a_forged_day_of_the_stolen_key_is_found(desk: Desk, keys: Path, story: Story, signer: Signer) -> None:
    """A root over something else, rightly signed and chained: the cases do not give it."""
    assert story.ref
    open_record(desk)
    with desk.store.read() as tx:
        last = checkpoints.every(tx)[-1].said
    signature = signer.sign(statement(last.day, last.size, last.before, "ab" * 32))
    tamper(
        desk.store.engine,
        "UPDATE checkpoints SET root = :root, signature = :signature WHERE day = :day",
        root="ab" * 32,
        signature=signature,
        day=last.day,
    )
    assert "the cases do not give its root" in faults(desk, keys)
    assert "the signature" not in faults(desk, keys)


def test_the_database_refuses(desk: Desk, database: str, story: Story) -> None:
    assert story.ref
    attacks = ["UPDATE checkpoints SET root = before", "DELETE FROM checkpoints"]
    attacks += ["REPLACE INTO checkpoints SELECT * FROM checkpoints"] if desk.store.sqlite else ["TRUNCATE checkpoints"]
    engine = stranger(database, *(("recursive_triggers=OFF",) if desk.store.sqlite else ()))
    for attack in attacks:
        with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(attack))
    engine.dispose()


def test_planted_a_tree_that_leaves_a_case_out_does_not_find_its_removal(
    desk: Desk, keys: Path, clock: Clock, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story.filed(desk)
    case_id = one(desk.store.engine, "SELECT id FROM cases WHERE ref = :ref", ref=story.ref)
    whole = checkpoints.heads

    def without(*how: Any) -> dict[str, str]:
        return {key: value for key, value in whole(*how).items() if key != case_id}

    monkeypatch.setattr(checkpoints, "heads", without)
    a_day(desk, clock, signer)
    remove(desk, case_id)
    assert faults(desk, keys) == ""


def test_another_key_is_refused_by_whoever_knows_the_first(
    desk: Desk, clock: Clock, signer: Signer, tmp_path: Path
) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    first = a_day(desk, clock, signer)
    second = a_day(desk, clock, Signer(Ed25519PrivateKey.generate()))
    file = tmp_path / "roots.jsonl"
    assert roots.keep(file, first).refused == ()
    assert "another key" in " ".join(roots.keep(file, second).refused)
    assert roots.read(file) == first


def test_makers_have_three_sides() -> None:
    assert all(makers.viewer(person).name for person in THREE_SIDES)


def test_the_timetable_makes_the_record_where_the_key_is(desk: Desk, signer: Signer) -> None:
    from grievance.clock import timetable

    with_key, without = (timetable(desk, lambda *_: None, 5, found) for found in (signer, None))
    assert {job.id for job in with_key.get_jobs()} - {job.id for job in without.get_jobs()} == {"record"}
