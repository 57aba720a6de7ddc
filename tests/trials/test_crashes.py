"""kill -9 at any moment: what was acknowledged is there once and whole, what was not is there whole or not at all."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import IO
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, text

from grievance.casework import filing
from grievance.casework.desk import Desk
from grievance.casework.house import safekeeping, unnoted, verifying
from grievance.casework.showing import following
from grievance.cli.serving import GUNICORN, WORKERS
from grievance.store.tables import cases, clocks, events, items, outbox, seats, tickets, wraps
from tests import makers, ports
from tests.casework.test_safekeeping import TO, backed_up, opened, restored
from tests.store.attacks import owned
from tests.trials.processes import House, file_complaints, heard, running
from tests.trials.sizes import CALM, scaled, seed

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {"events": 4, "seats": 2, "clocks": 1, "items": 3, "wraps": 6, "outbox": 3}
"""Rows of a filed case: filed, two seats, a clock; account, identity, contact, each for its room and the receipt; the
three people of the office are told."""


def rows(desk: Desk) -> dict[str, Counter[str]]:
    """For each table how many rows each case has."""
    tables = {"events": events, "seats": seats, "clocks": clocks, "items": items, "wraps": wraps}
    with desk.store.whole() as tx:
        found = {name: Counter(tx.execute(select(table.c.case_id)).scalars()) for name, table in tables.items()}
        causes = tx.execute(select(outbox.c.cause)).scalars()
        return found | {"outbox": Counter(cause.split("/")[0] for cause in causes)}


def check_whole(desk: Desk) -> int:
    """Every case of the database is whole; returns how many there are."""
    with desk.store.whole() as tx:
        ids = list(tx.execute(select(cases.c.id)).scalars())
        used = len(tx.execute(select(tickets.c.hash)).all())
    assert used == len(ids), "a ticket and its case are written together"
    for name, counted in rows(desk).items():
        assert set(counted) == set(ids), name
        assert set(counted.values()) <= {WHOLE[name]}, name
    assert verifying.verify(desk) == (len(ids), [])
    return len(ids)


def check_acknowledged(desk: Desk, acknowledged: dict[str, str]) -> None:
    """Each receipt that somebody holds opens a case."""
    for digits in acknowledged.values():
        following.show_receipt(desk, digits)
    assert len(set(acknowledged.values())) == len(acknowledged)


def kills(desk: Desk, house: House, count: int, seed: int, filings: int) -> None:
    """So many kills, and more until so many filings were acknowledged; then the disk is lost, too."""
    print(f"crashes: seed {seed}, {count} kills, {filings} filings and more, with a journal")
    dice, empty, killed = random.Random(seed), backed_up(desk), 0
    acknowledged: dict[str, str] = {}
    unanswered: list[str] = []
    while killed < count or len(acknowledged) < filings:
        killed += 1
        fresh = [following.new_ticket(desk) for _ in range(60)]
        # A worker whose phone showed an error sends again; one who saw the receipt may press "back" and send again too.
        again = unanswered + dice.sample(sorted(acknowledged), min(5, len(acknowledged)))
        dice.shuffle(rest := [*again[1:], *fresh])
        sent = [*again[:1], *rest]  # the one first that was on its way when the last one was killed
        with running(house, file_complaints) as (process, link):
            assert link.recv() == "ready"
            link.send(sent)
            # After so many answers, not after so long: a busy machine may not come to file anything in the time of a blink.
            said = [link.recv() for _ in range(dice.randrange(12)) if link.poll(60)]
            time.sleep(dice.random() * 0.05)
            process.kill()
            for ticket, digits in [*said, *heard(link)]:
                assert acknowledged.setdefault(ticket, digits) == digits, "another receipt for the same ticket"
        unanswered = [ticket for ticket in sent if ticket not in acknowledged][:20]
        check_acknowledged(desk, dict(dice.sample(sorted(acknowledged.items()), min(10, len(acknowledged)))))
    check_acknowledged(desk, acknowledged)
    whole = check_whole(desk)
    print(f"{killed} kills: {len(acknowledged)} acknowledged, none lost; {whole} cases, none doubled, each whole")
    assert whole >= len(acknowledged) > count // 2
    after_the_disk(house, empty, acknowledged, whole)
    calm = house.desk()
    for ticket, digits in dice.sample(sorted(acknowledged.items()), min(20, len(acknowledged))):
        assert filing.file(calm, "kh", makers.complaint(), ticket).digits == digits
    before = check_whole(desk)
    for ticket in unanswered:
        filing.file(calm, "kh", makers.complaint(), ticket)
    calm.store.engine.dispose()
    assert len(acknowledged) <= before <= check_whole(desk) <= before + len(unanswered)


def after_the_disk(house: House, empty: tuple[bytes, bytes], acknowledged: dict[str, str], whole: int) -> None:
    """Where the database is gone for good: all that was committed comes back from the journal, once and whole."""
    clock = house.desk()
    found = unnoted.note(clock)
    clock.store.engine.dispose()
    place = house.folder / "elsewhere"
    place.mkdir(mode=0o700)
    there = safekeeping.Place(f"sqlite:///{place / 'test.sqlite'}", str(place / "files"), place / "keys")
    kept = restored(there, empty, makers.Clock(), journal=house.journal)
    assert kept.replayed
    assert (kept.replayed.left, kept.replayed.unread) == (0, 0)
    back = opened(there, makers.Clock(), house.keys)
    check_acknowledged(back, acknowledged)
    with back.store.whole() as tx:
        many = len(tx.execute(select(cases.c.id)).all())
    assert verifying.verify(back) == (many, [])
    back.store.engine.dispose()
    print(f"the disk lost: {many} cases back from the journal, {len(acknowledged)} acknowledged; {found} were on slips")
    assert many == whole == kept.replayed.changes


@pytest.fixture
def house(desk: Desk, database: str, tmp_path: Path, keys: Path) -> House:
    desk.now()  # the database has to be there before the house that others open on it
    volume = tmp_path / "second"
    volume.mkdir(mode=0o700)
    return House(tmp_path, database, keys, journal=volume, journal_to=TO)


def test_ten_kills_while_people_file(desk: Desk, house: House) -> None:
    kills(desk, house, 10, seed(), 0)


@pytest.mark.trial
def test_five_hundred_kills_while_people_file(desk: Desk, house: House) -> None:
    kills(desk, house, scaled(500), seed(), scaled(2_000))


PLANTED = (
    ("DELETE FROM outbox WHERE person = 'rith'", "outbox"),
    ("DELETE FROM items WHERE name = 'contact'", "items"),
    ("DELETE FROM clocks", "clocks"),
    ("DELETE FROM tickets", "together"),
)
"""Halves of a filing, each looked for before the ones above it."""


def test_planted_halves_are_found(desk: Desk) -> None:
    makers.Story.filed(desk)
    makers.Story.filed(desk)
    assert check_whole(desk) == 2
    for statement, said in PLANTED:
        with owned(desk.store.engine) as connection:
            connection.execute(text(statement))
        with pytest.raises(AssertionError, match=said):
            check_whole(desk)


# --- The same through gunicorn and HTTP -------------------------------------------------------------------------------


class Server:
    """gunicorn with two workers in a session of its own, so that all of it dies at once. `log`: what it says of errors."""

    def __init__(self, house: House, more: Mapping[str, str] = CALM, log: IO[bytes] | None = None) -> None:
        self._free = ExitStack()
        self.port = self._free.enter_context(ports.held())
        command = [sys.executable, "-m", "gunicorn", "tests.trials.doors:application", *GUNICORN]
        command += ["--bind", f"127.0.0.1:{self.port}", "--log-level", "critical"]
        environ = os.environ | house.settings | dict(more)
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environ, start_new_session=True, stdout=subprocess.DEVNULL, stderr=log
        )
        end = time.monotonic() + 60
        while True:
            try:
                self.ask("GET", "/", "")
            except OSError:
                assert self.process.poll() is None, "gunicorn did not start"
                assert time.monotonic() < end
                time.sleep(0.05)
            else:
                break
        while len(self.workers()) < WORKERS:  # the first one answers before the second is there
            assert time.monotonic() < end
            time.sleep(0.01)

    def ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        """One request. Raises OSError or HTTPException when the server dies under it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def hang_up(self, path: str, body: str) -> None:
        """A request whose sender is gone before the answer comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, body, headers)
        connection.close()

    def workers(self) -> frozenset[int]:
        """Their process ids: another one later is one that died."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return frozenset(map(int, found.split()))

    def kill(self) -> None:
        """All of it, with -9."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._free.close()


def post(server: Server, tickets: Sequence[str], acknowledged: dict[str, str]) -> None:
    """Sends one form after another until the server is gone; a receipt that was shown is remembered."""
    for ticket in tickets:
        form = {"ticket": ticket, "workplace": "Lotus Stitch", "words": "Overtime is not paid.", "phone": "012345678"}
        form |= {"name": "Mom", "anonymity": "confidential"}
        try:
            status, page = server.ask("POST", "/file", urlencode(form))
        except (OSError, http.client.HTTPException):
            return
        assert status in (200, 503), page
        shown = re.search(r"(?:[0-9]{4}\W+){4}[0-9]{4}", re.sub(r"<[^>]*>", " ", page))
        if status == 200:
            assert shown, "no receipt on the page"
            digits = re.sub(r"\D", "", shown[0])
            assert acknowledged.setdefault(ticket, digits) == digits


def server_kills(desk: Desk, house: House, count: int, seed: int) -> None:
    print(f"server crashes: seed {seed}, {count} kills")
    dice = random.Random(seed)
    acknowledged: dict[str, str] = {}
    tickets = [[following.new_ticket(desk) for _ in range(count * 200)] for _ in range(3)]
    for _ in range(count):
        server = Server(house)
        sent = [[ticket for ticket in pile if ticket not in acknowledged][:200] for pile in tickets]
        people = [Thread(target=post, args=(server, [*sorted(acknowledged)[:2], *pile], acknowledged)) for pile in sent]
        for person in people:
            person.start()
        before, end = len(acknowledged), time.monotonic() + 30
        while len(acknowledged) == before and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(dice.random() * 0.5)
        server.kill()
        for person in people:
            person.join()
    print(f"{len(acknowledged)} acknowledged")
    assert len(acknowledged) >= count
    for ticket, digits in acknowledged.items():
        assert desk.vault.receipt_of(desk.vault.read_ticket(ticket)).digits == digits
    check_acknowledged(desk, acknowledged)
    check_whole(desk)


def test_a_server_that_is_killed_loses_nothing(desk: Desk, house: House) -> None:
    server_kills(desk, house, 1, seed())


@pytest.mark.trial
def test_a_server_that_is_killed_again_and_again_loses_nothing(desk: Desk, house: House) -> None:
    server_kills(desk, house, scaled(20), seed())
