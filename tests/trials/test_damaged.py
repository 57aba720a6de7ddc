"""Ten thousand damaged files come through the door: each is taken clean or refused by name, and no worker dies of one."""

from __future__ import annotations

import http.client
import random
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.core.evidence import AT_ONCE
from grievance.store.tables import files as kept_files
from tests import files
from tests.trials.processes import House
from tests.trials.sizes import scaled, seed
from tests.trials.test_crashes import Server

BOUNDARY = "damaged"


def form(ticket: str, sent: Sequence[tuple[str, bytes]]) -> bytes:
    """A complaint with these files, as a phone sends it."""
    head = '--%s\r\nContent-Disposition: form-data; name="%s"'
    texts = {"ticket": ticket, "workplace": "Lotus Stitch", "words": "The needle went through. See the photos."}
    parts = [f"{head % (BOUNDARY, name)}\r\n\r\n{value}\r\n".encode() for name, value in texts.items()]
    parts += [
        f'{head % (BOUNDARY, "files")}; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
        + body
        + b"\r\n"
        for name, body in sent
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(server: Server, sent: Sequence[tuple[str, bytes]]) -> tuple[int, str]:
    found = re.search(r'name="ticket" value="([^"]*)"', server.ask("GET", "/file", "")[1])
    assert found
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    try:
        headers = {"Host": "localhost", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        connection.request("POST", "/file", form(found[1], sent), headers | {"Accept-Language": "en"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def damage(desk: Desk, house: House, begun: int, count: int) -> None:
    """So many files, the kinds in turn, as many at once as a form may carry."""
    print(f"damaged files: seed {begun}, {count}")
    lot, whole = random.Random(begun), {kind: made() for kind, made in files.SENT.items()}
    kinds = [sorted(whole)[no % len(whole)] for no in range(count)]
    sent = [(f"{no}.{kind}", files.damaged(lot, whole[kind])) for no, kind in enumerate(kinds)]
    forms = [sent[at : at + AT_ONCE] for at in range(0, count, AT_ONCE)]
    server = Server(house)
    try:
        workers = server.workers()
        with ThreadPoolExecutor(4) as phones:
            answers = list(phones.map(lambda one: send(server, one), forms))
        assert server.workers() == workers, "a worker died"
    finally:
        server.kill()
    statuses = Counter(status for status, _ in answers)
    with desk.store.read() as tx:
        filed = tx.execute(select(func.count()).select_from(kept_files)).scalar_one()
    beside = [page for status, page in answers if status == 422]
    taken, refused = (
        filed + sum(page.count('name="kept"') for page in beside),
        Counter(kind for page in beside for kind in re.findall(r"\d+\.(\w+)</bdi>: ", page)),
    )
    print(f"forms {dict(statuses)}; {taken} files taken, {refused.total()} refused: {dict(refused)}; both workers live")
    assert set(statuses) <= {200, 422}, statuses
    assert taken + refused.total() == count, "each is taken, or refused by name"
    assert verifying.verify(desk)[1] == []


@pytest.fixture
def house(desk: Desk, database: str, tmp_path: Path, keys: Path) -> House:
    desk.now()
    return House(tmp_path, database, keys)


def test_twenty_damaged_files(desk: Desk, house: House) -> None:
    damage(desk, house, seed(), 20)


@pytest.mark.trial
def test_ten_thousand_damaged_files(desk: Desk, house: House) -> None:
    """Half of them on each database."""
    damage(desk, house, seed(), scaled(5_000))
