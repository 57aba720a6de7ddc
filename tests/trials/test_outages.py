"""The disk is full, takes nothing, or the database is gone: nothing is lost or doubled, and nobody types it again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from html import unescape
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import ProgrammingError

from grievance.casework.desk import Desk
from grievance.core.errors import Busy, Down
from grievance.store import outages
from grievance.store.tables import cases
from tests import makers, postgres
from tests.conftest import BASE
from tests.store.attacks import owned
from tests.trials.sizes import scaled
from tests.trials.test_crashes import check_acknowledged, check_whole
from tests.web.staff import Staff

WORDS = " ".join(["គេមិនបើកប្រាក់ថែមម៉ោង for two months."] * 60)
"""More than fits into what is left of a page."""
FORM = {"workplace": "Lotus Stitch", "words": WORDS, "phone": "012345678", "name": "Mom", "anonymity": "confidential"}

Outage = Callable[[Engine], AbstractContextManager[None]]


@contextmanager
def with_pragma(engine: Engine, during: str, after: str) -> Iterator[None]:
    """Each connection of SQLite is under this pragma for a while."""
    now = [during]

    def apply(dbapi: Any, *_: object) -> None:
        dbapi.execute(f"PRAGMA {now[0]}")

    event.listen(engine, "checkout", apply)
    try:
        yield
    finally:
        now[0] = after


@contextmanager
def refused(engine: Engine, condition: str) -> Iterator[None]:
    """PostgreSQL answers a write with this error of its own (its manual, appendix A)."""
    with owned(engine) as tx:
        body = f"$$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{condition}'; END $$"
        tx.execute(text(f"CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS {body}"))
        tx.execute(text("CREATE TRIGGER refused BEFORE INSERT ON events EXECUTE FUNCTION refused()"))
    yield
    with owned(engine) as tx:
        tx.execute(text("DROP FUNCTION refused CASCADE"))


def full(engine: Engine) -> AbstractContextManager[None]:
    """Not a page more fits on the disk."""
    if engine.dialect.name == "sqlite":
        return with_pragma(engine, "max_page_count=1", "max_page_count=1073741823")  # no less than there are
    return refused(engine, "disk_full")


def read_only(engine: Engine) -> AbstractContextManager[None]:
    """Everything can be read, nothing written."""
    if engine.dialect.name == "sqlite":
        return with_pragma(engine, "query_only=ON", "query_only=OFF")
    return refused(engine, "read_only_sql_transaction")


@contextmanager
def gone(engine: Engine) -> Iterator[None]:
    """The file is elsewhere; the server answers nobody and has hung up."""
    if engine.dialect.name == "sqlite":
        there = Path(engine.url.database or "")
        # The file itself goes first and comes last: whoever opens it between finds all that belongs to it, or nothing.
        parts = sorted(part for part in there.parent.iterdir() if part.name.startswith(there.name))
        for part in parts:
            part.rename(part.with_name(f"away-{part.name}"))
        yield
        assert not there.exists(), "nobody makes an empty database in its place"
        for part in reversed(parts):
            part.with_name(f"away-{part.name}").rename(part)
        return
    name = engine.url.database or ""
    with maintenance(engine) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    yield
    with maintenance(engine) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))


@contextmanager
def maintenance(engine: Engine) -> Iterator[psycopg.Connection[Any]]:
    url = engine.url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(postgres.owners(url), autocommit=True) as connection:
        yield connection


def opened_form(client: FlaskClient) -> dict[str, str]:
    found = re.search(r'name="ticket" value="([^"]+)"', client.get("/file", base_url=BASE).text)
    assert found
    return FORM | {"ticket": found[1]}


def form_on(page: str) -> dict[str, str]:
    """The form that a page sends when its button is pressed, as a browser reads it."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in fields}


def how_many(desk: Desk) -> int:
    with desk.store.read() as tx:
        return int(tx.execute(select(func.count()).select_from(cases)).scalar_one())


@pytest.mark.parametrize("outage", [full, read_only, gone])
def test_a_filing_meets_it_with_503_keeps_what_was_typed_and_arrives_once(
    app: Flask, client: FlaskClient, desk: Desk, outage: Outage
) -> None:
    form = opened_form(client)
    with outage(desk.store.engine):
        client.post("/file", base_url=BASE, data=form)
        answer = client.post("/file", base_url=BASE, data=form)
        assert answer.status_code == 503
        assert WORDS in unescape(answer.text)
        assert "nothing was sent" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    sent = form_on(answer.text) if "Send it again" in answer.text else form
    assert sent["words"].strip() == WORDS
    arrived = client.post("/file", base_url=BASE, data=form | sent)
    assert arrived.status_code == 200, arrived.text
    again = client.post("/file", base_url=BASE, data=form | sent)
    assert again.status_code == 200
    assert how_many(desk) == 1
    assert check_whole(desk) == 1


def test_what_an_officer_wrote_stays_while_the_database_is_gone(app: Flask, client: FlaskClient, desk: Desk) -> None:
    """Nobody can be asked who they are: so the page is the plain one, and the form goes out again as it came."""
    officer, story = Staff(app, "sophea"), makers.Story.filed(desk)
    token = makers.page_token(officer.get(f"/office/cases/{story.ref}").text)
    form = {"page_token": token, "seen": str(story.view("officer").seq), "greeting": "We have read it, all of it."}
    there = f"/office/cases/{story.ref}/acknowledge"
    with gone(desk.store.engine):
        answer = officer.client.post(there, base_url=BASE, data=form)
        secret = {"page_token": token, "mail": "a b", "password": "open sesame " * 3}
        signing_in = client.post("/account/sign-in", base_url=BASE, data=secret)
    assert answer.status_code == 503
    assert form_on(answer.text) == form
    assert f'action="{there}"' in answer.text
    assert "open sesame" not in signing_in.text, "a password is typed again"
    sent = officer.client.post(there, base_url=BASE, data=form_on(answer.text))
    assert sent.status_code == 303
    assert story.view("officer").seq > int(form["seen"])


def test_planted_a_fault_of_ours_is_no_outage(desk: Desk) -> None:
    with pytest.raises(Exception, match="nothing_like_it") as caught, desk.store.read() as tx:
        tx.execute(text("SELECT nothing_like_it"))
    assert not isinstance(caught.value, Busy)
    assert outages.outage(caught.value) is None
    assert outages.outage(ValueError()) is None


def test_a_disk_that_turned_read_only_under_postgresql_is_an_outage_and_who_may_not_is_none(desk: Desk) -> None:
    """It says of both that somebody may not do that."""
    if desk.store.sqlite:
        return
    with refused(desk.store.engine, "insufficient_privilege"), pytest.raises(Down):
        makers.Story.filed(desk)
    with pytest.raises(ProgrammingError, match="must be owner"), desk.store.write() as tx:
        tx.execute(text("DROP TABLE events"))


def test_planted_a_connection_that_believes_its_file_writes_into_one_that_is_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why each connection looks whether its file is still the one that stands there."""
    if not desk.store.sqlite:
        return
    with desk.store.read() as tx:
        tx.execute(text("SELECT 1"))
    raw = desk.store.engine.raw_connection()
    with gone(desk.store.engine):
        raw.cursor().execute("SELECT 1 FROM cases").fetchall()  # SQLite itself sees nothing
        with pytest.raises(Busy), desk.store.write():
            raise AssertionError("it was opened")
    raw.close()


def people_file(app: Flask, desk: Desk, seconds: float, outage: Outage) -> tuple[int, float]:
    """Three people file without a pause, through an outage of so many seconds: how many arrived, and seconds until one did."""
    acknowledged: dict[str, str] = {}
    waited: list[int] = []
    stop, back, first = Event(), [0.0], [0.0]

    def file() -> None:
        client = app.test_client()
        while not stop.is_set():
            with suppress(AssertionError):  # the form itself cannot be opened meanwhile
                form = opened_form(client)
                answer = client.post("/file", base_url=BASE, data=form)
                while answer.status_code == 503 and not stop.is_set():
                    waited.append(1)
                    assert WORDS in unescape(answer.text), "what was typed is gone"
                    time.sleep(0.5)
                    answer = client.post("/file", base_url=BASE, data=form)
                if answer.status_code == 200:
                    shown = re.search(r"(?:[0-9]{4}\W+){4}[0-9]{4}", re.sub(r"<[^>]*>", " ", answer.text))
                    assert shown
                    acknowledged[form["ticket"]] = re.sub(r"\D", "", shown[0])
                    if back[0] and not first[0]:
                        first[0] = time.monotonic()
            time.sleep(0.05)

    people = [Thread(target=file, daemon=True) for _ in range(3)]
    try:
        for person in people:
            person.start()
        time.sleep(1)
        with outage(desk.store.engine):
            time.sleep(seconds)
        back[0] = time.monotonic()
        while not first[0] and time.monotonic() < back[0] + 60:
            time.sleep(0.05)
    finally:
        stop.set()
        for person in people:
            person.join(30)
    assert waited
    assert first[0], "nothing arrived within a minute"
    check_acknowledged(desk, acknowledged)
    assert len(acknowledged) <= check_whole(desk) <= len(acknowledged) + 3, "doubled"
    return len(acknowledged), first[0] - back[0]


@pytest.mark.trial
@pytest.mark.parametrize("outage", [full, read_only, gone])
def test_a_minute_without_it_loses_and_doubles_nothing(app: Flask, desk: Desk, outage: Outage) -> None:
    arrived, after = people_file(app, desk, scaled(60), outage)
    print(
        f"{outage.__name__}: {arrived} acknowledged, none lost, none doubled; the first {after:.2f} s after it was back"
    )
