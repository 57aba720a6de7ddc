"""The commands people type: init, demo, advance, prove, verify; each says what it did, or what to do instead."""

from __future__ import annotations

import io
import os
import socket
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from grievance import demo
from grievance.app import create_app
from grievance.casework.desk import Desk
from grievance.casework.house import founding, furnishing, people, pretending, verifying
from grievance.casework.showing import following, reading, worklists
from grievance.cli import run
from grievance.core.errors import Down, Refused
from grievance.demo import cast
from grievance.demo.staging import viewer_of
from grievance.store import factors
from grievance.vault import make_keys
from tests.browser import serving
from tests.makers import ROLES, Story, desk_of, house, settings, viewer

PROCEDURE = Path(__file__).resolve().parents[1] / "workflows" / "kh" / "worker-1.toml"


# asvs: 6.3.2
def test_init_makes_keys_database_and_the_first_administrator_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o755)  # as a mounted volume is: others may enter it
    chosen = settings(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("a long quiet river\n"))
    command = ["init", "--mail", "Admin@Example.org", "--name", "Ada"]
    before = os.umask(0)
    try:
        assert run(command, chosen, create_app) == 0
    finally:
        os.umask(before)
    made = [path for path in chosen.data.iterdir() if path.stat().st_mode & 0o077]
    assert made == [], "every user of the machine can read it"
    desk = desk_of(create_app(chosen))
    viewer = people.whois(desk, people.sign_in(desk, "admin@example.org", "a long quiet river").token)
    assert viewer is not None
    assert viewer.administrator
    monkeypatch.setattr("sys.stdin", io.StringIO("another quiet river\n"))
    assert run(command, chosen, create_app) == 1
    assert "accounts already" in capsys.readouterr().err


def test_a_server_makes_no_database_where_there_is_none(tmp_path: Path) -> None:
    """Begun while its disk is away, it would go on with an empty one in its place."""
    tmp_path.chmod(0o700)
    chosen = settings(tmp_path)
    make_keys(chosen.keys)
    desk = desk_of(create_app(chosen))
    with pytest.raises(Down), desk.store.read():
        pass
    desk.store.engine.dispose()
    assert not (chosen.data / "grievance.sqlite").exists()


@pytest.mark.parametrize("command", [["init"], ["database"], ["serve"], ["original", "make-key"]])
def test_a_folder_that_cannot_be_made_is_said_in_one_line(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """As that of another user; for root it takes a file in the way."""
    tmp_path.chmod(0o700)
    (tmp_path / "taken").touch()
    nowhere = tmp_path / "taken" / "data"
    chosen = replace(settings(tmp_path), data=nowhere, keys=nowhere / "keys")
    words = [*command, str(nowhere / "pair")] if command[0] == "original" else command
    assert run(words, chosen, create_app) == 1
    assert "cannot be used as this user: Not a directory" in capsys.readouterr().err


# asvs: 6.3.2
def test_a_weak_password_founds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run(["init", "--mail", "a@example.org", "--name", "A"], settings(tmp_path), create_app) == 1
    assert capsys.readouterr().err.strip()


def test_init_says_what_is_wrong_with_an_address_before_it_asks_for_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("sys.stdin", io.StringIO("a long quiet river\n"))
    assert run(["init", "--mail", "nobody", "--name", " "], settings(tmp_path), create_app) == 1
    told = capsys.readouterr().err
    assert "mail: Write one mail address" in told
    assert "name: Please answer this." in told


def test_a_list_of_sites_is_looked_at_and_then_taken_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o700)
    desk, chosen = desk_of(house(tmp_path)), settings(tmp_path)
    file = tmp_path / "sites.csv"
    file.write_text("number;name;place;factory;brands\nKH-0900;Plant;Takeo;Lotus Stitch Co., Ltd.;Northcoat\n")
    command = ["import-sites", str(file), "--programme", "kh", "--by"]
    assert run([*command, "officer@demo.test"], chosen, create_app) == 1
    assert "No active administrator" in capsys.readouterr().err
    assert run([*command, "admin@demo.test"], chosen, create_app) == 0
    assert "1 new, 0 changed, 0 as they are: looked at" in capsys.readouterr().out
    assert furnishing.sites(desk, viewer("sarin"), "KH-0900").total == 0
    assert run([*command, "admin@demo.test", "--apply"], chosen, create_app) == 0
    assert furnishing.site(desk, viewer("sarin"), "KH-0900").buyers == ("brand-north",)
    file.write_text(file.read_text().replace("Lotus", "Lotos") + "X\n")
    assert run([*command, "admin@demo.test", "--apply"], chosen, create_app) == 1
    told = capsys.readouterr().err
    assert f"{file}:2: " in told
    assert f"{file}:3: " in told


def test_verify_finds_a_record_that_was_tampered_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o700)
    desk, chosen = desk_of(house(tmp_path)), settings(tmp_path)
    furnishing.make_body(desk, viewer("sarin"), "union", "", "A union")
    assert run(["verify"], chosen, create_app) == 0
    with sqlite3.connect(tmp_path / "grievance.sqlite") as stranger:
        stranger.execute("DROP TRIGGER deeds_no_update")
        stranger.execute("UPDATE deeds SET actor = 'nobody'")
    stranger.close()
    assert run(["verify"], chosen, create_app) == 1
    assert "does not hold at entry 1" in capsys.readouterr().out


def test_the_demo_can_look_back_from_the_first_day_of_the_calendars(desk: Desk) -> None:
    """Its oldest cases are older than two months, and are filed under what was in force on that day."""
    assert {desk.lawbook.in_force(name, date(2025, 10, 1)).name for name in cast.TRACKS.values()} == {
        *cast.TRACKS.values()
    }


# Days on which calendars differ: before a long holiday, mid-week, in one, at the end of a year.
@pytest.mark.parametrize(
    ("database", "today"),
    [
        ("sqlite", "2026-04-13"),
        *(pytest.param("sqlite", day, marks=pytest.mark.trial) for day in ("2026-11-22", "2026-12-30", "2026-10-09")),
        pytest.param("postgresql", "2026-04-13", marks=pytest.mark.trial),
    ],
    indirect=["database"],
)
def test_the_demo_has_a_case_in_every_stage_and_its_ledger_holds(desk: Desk, today: str) -> None:
    _empty(desk)
    now = datetime.fromisoformat(f"{today}T05:00:00").replace(tzinfo=UTC)
    object.__setattr__(desk, "now", lambda: now)
    assert demo.load(desk)
    assert not demo.load(desk), "a second load does nothing"
    officer = viewer_of("sophea")
    found: set[str] = set()
    for view, page in (("", 1), ("", 2), ("", 3), ("ended", 1)):
        listed = worklists.worklist(desk, officer, {"view": view}, roles=ROLES["officer"], page=page)
        found |= {reading.case(desk, officer, row.ref, roles=ROLES["officer"]).stage for row in listed.rows}
    stages = set(desk.lawbook.procedure("kh/worker-1@1").stages)
    assert stages <= found
    assert found - stages == {"outside", "file_review", "pooling", "order_watch"}, "about us, and about brands"
    assert verifying.verify(desk) == (78, [])
    shown = {}
    for name, digits in founding.demo_receipts(desk).items():
        seen, around = following.page(desk, following.show_receipt(desk, digits), "", roles=ROLES["complainant"])
        shown[name] = around.step or (seen.stage if seen else "")
        assert len(around.cases) == (2 if name.startswith("the number that opens two") else 0)
    assert shown == {
        "closed, and its words are kept longer": "withdrawn",
        "somebody asks to read a name": "answer",
        "what the factory may read is on its way": "triage",
        "the factory has to answer": "answer",
        "is the remedy real?": "verification",
        "closed with a verified remedy": "closed",
        "a union for 1,600 people": "remedy",
        "a factory reads what the brand would read": "file_review",
        "a number that another one is to replace: this can be stopped": "announced",
        "a number that was lost: what it opened, another one opens": "handed",
        "the number that opens two complaints, its own and the first one": "triage",
    }


def _empty(desk: Desk) -> None:
    """The house of the tests has the demo's people already; the demo brings its own."""
    from sqlalchemy import delete

    from grievance.store import tables

    with desk.store.write() as tx:
        for table in (tables.factors, tables.buyers, tables.sites, tables.roster, tables.members, tables.programmes):
            tx.execute(delete(table))
        tx.execute(delete(tables.people))
        tx.execute(delete(tables.bodies))


# asvs: 15.2.3
def test_only_a_demo_lets_its_clock_be_moved_and_only_forward(desk: Desk) -> None:
    with pytest.raises(Refused):
        pretending.advance(desk.store, timedelta(days=10))
    founding.mark_demo(desk, {})
    with pytest.raises(Refused):
        pretending.advance(desk.store, timedelta(days=-1))
    before = datetime.now(UTC)
    pretending.advance(desk.store, timedelta(days=10))
    assert pretending.Offset(desk.store)() - before >= timedelta(days=10)


# asvs: 15.2.3
def test_an_offset_is_not_believed_outside_a_demo(desk: Desk) -> None:
    from grievance.store import people as rows

    with desk.store.write() as tx:
        rows.set_fact(tx, pretending.OFFSET, "864000")
    assert pretending.Offset(desk.store)() - datetime.now(UTC) < timedelta(minutes=1)


def test_prove_shows_every_fault_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shortest = PROCEDURE.parent.parent / "default" / "process-1.toml"
    assert run(["prove", str(shortest)], settings(tmp_path), create_app) == 0
    assert "at most 55 days" in capsys.readouterr().out
    assert run(["prove", "--draw"], settings(tmp_path), create_app) == 0
    assert capsys.readouterr().out.count("stateDiagram") == len(list(PROCEDURE.parent.parent.glob("*/*-1.toml")))
    folder = tmp_path / "kh"
    folder.mkdir()
    (tmp_path / "calendars").mkdir()
    for calendar in (PROCEDURE.parent.parent / "calendars").iterdir():
        (tmp_path / "calendars" / calendar.name).write_text(calendar.read_text())
    bad = (
        PROCEDURE.read_text()
        .replace('late    = "pass_on"', 'late    = "pass_onn"')
        .replace('turn    = "officer"', "", 1)
    )
    (folder / "worker-1.toml").write_text(bad)
    with pytest.raises(SystemExit) as refused:
        run(["prove", str(folder / "worker-1.toml")], settings(tmp_path), create_app)
    text = str(refused.value)
    assert "pass_onn" in text
    assert text.count("worker-1.toml:") >= 2, "every fault at once"


def test_the_demo_refuses_a_span_it_cannot_read_and_verify_tells_of_a_changed_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o700)
    chosen = settings(tmp_path)
    assert run(["demo"], chosen, create_app) == 0
    assert cast.PASSWORD in capsys.readouterr().out
    assert run(["demo", "--advance", "tomorrow"], chosen, create_app) == 2
    assert run(["verify"], chosen, create_app) == 0
    with sqlite3.connect(chosen.database.removeprefix("sqlite:///")) as raw:
        raw.execute("UPDATE cases SET lane = 'U9' WHERE id = (SELECT min(id) FROM cases)")
    assert run(["verify"], chosen, create_app) == 1
    assert "the row's lane is not what the ledger says" in capsys.readouterr().out


def test_keys_of_an_earlier_version_are_added_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o700)
    chosen = settings(tmp_path)
    desk_of(house(tmp_path))
    assert run(["keys"], chosen, create_app) == 0
    for half in ("key", "pub"):
        (chosen.keys / f"mediation.{half}").unlink()
    assert run(["verify"], chosen, create_app) == 1
    assert "grievance keys --add-missing" in capsys.readouterr().err
    assert run(["keys"], chosen, create_app) == 1
    assert run(["keys", "--add-missing"], chosen, create_app) == 0
    assert "mediation" in capsys.readouterr().out
    assert run(["verify"], chosen, create_app) == 0


def test_keys_for_which_words_are_sealed_are_not_made_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o700)
    chosen = settings(tmp_path)
    Story.filed(desk_of(house(tmp_path)))
    for half in ("key", "pub"):
        (chosen.keys / f"words.{half}").unlink()
    assert run(["keys", "--add-missing"], chosen, create_app) == 1
    assert "Restore them from your copy" in capsys.readouterr().err
    assert not (chosen.keys / "words.key").exists()


@pytest.mark.parametrize("name", ["words.key", "notes.pub", "pepper.key", "record.key", "record.pub"])
def test_a_key_that_cannot_be_used_is_named(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o700)
    chosen = settings(tmp_path)
    desk_of(house(tmp_path))
    (chosen.keys / "identity.key").unlink()  # it may lie on another host
    assert run(["keys"], chosen, create_app) == 0
    (chosen.keys / name).write_text("torn")
    assert run(["keys"], chosen, create_app) == 1
    told = capsys.readouterr()
    assert f"{name} is damaged" in told.err
    assert told.out.count("Nothing is missing") == 1


def test_second_steps_are_forgotten_at_the_host(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o700)
    desk = desk_of(house(tmp_path))
    with desk.store.write() as tx:
        factors.add(tx, factors.Factor("one", "sarin", "totp", "Telephone", "", desk.now(), None, 0))
    command = ["forget-steps", "admin@demo.test", "--reason", "Lost the telephone"]
    assert run(command, settings(tmp_path), create_app) == 0
    assert "gone" in capsys.readouterr().out
    assert people.sign_in(desk, "admin@demo.test", cast.PASSWORD).whole
    assert run(command, settings(tmp_path), create_app) == 1
    assert "has a second step" in capsys.readouterr().err


def test_whoever_ends_the_first_process_ends_the_doors(tmp_path: Path) -> None:
    """As `docker stop` and a supervisor do: nothing goes on behind their back, and the port is free."""
    tmp_path.chmod(0o700)
    serving.keep_proofs(desk_of(house(tmp_path, clock=None)))
    with serving.begun(tmp_path) as (process, port):
        process.terminate()
        assert process.wait(60) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 60)
