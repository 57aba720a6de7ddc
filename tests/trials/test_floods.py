"""A flood of 50,000 an hour with 100 genuine complaints in it, 500 genuine ones from one address, and lost answers.

The hour is run in full with the thresholds that the house has, and once shortened at the same rate: a sixtieth of it with a
sixtieth of the flood, all of the genuine complaints, and thresholds of a sixtieth. Whoever floods does the work that is asked
in every second form, none in the others.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.store.tables import cases, outbox
from tests.casework.test_flooding import WORDS, solve
from tests.trials.processes import House
from tests.trials.sizes import CALM, scaled, seed
from tests.trials.test_crashes import Server

pytestmark = pytest.mark.trial

MINUTE = 60.0
FLOOD = 50_000
"""Forms in an hour."""
SOON = 3.0
"""Seconds within which 95 of 100 genuine complaints are answered."""
NUMBER = re.compile(r'<bdi class="receipt[^>]*>(.*?)</bdi>')
SAID = "We work until ten and they count until six. The guard locked the gate. My pay was cut when I was ill. A child sews. "


@pytest.fixture
def house(desk: Desk, database: str, tmp_path: Path, keys: Path) -> House:
    desk.now()
    return House(tmp_path, database, keys)


@contextmanager
def served(house: House, **more: str) -> Iterator[Server]:
    server = Server(house, more)
    try:
        yield server
    finally:
        server.kill()


def ticket_on(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]*)"', page)
    assert found
    return found[1]


def sent(server: Server, words: str, *, works: bool, ticket: str = "") -> tuple[int, str, float]:
    """Status, number and seconds of one complaint; the seconds of the work are the phone's, and not counted."""
    began = time.monotonic()
    page = "" if ticket else server.ask("GET", "/file", "")[1]
    ticket = ticket or ticket_on(page)
    opened = time.monotonic() - began
    work = solve(ticket) if works and "data-bits" in page else ""
    answers = {"ticket": ticket, "workplace": "Lotus Stitch", "words": words, "work": work}
    began = time.monotonic()
    status, text = server.ask("POST", "/file", urlencode(answers))
    if status == 429 and works:  # it began to ask while the form was open
        status, text = server.ask("POST", "/file", urlencode(answers | {"work": solve(ticket)}))
    found = NUMBER.search(text)
    return status, re.sub(r"<[^>]+>| ", "", found[1]) if found else "", opened + time.monotonic() - began


def genuine(dice: random.Random) -> str:
    words = SAID.split()
    return " ".join(dice.choice(words) for _ in range(60))


def check_letters(desk: Desk, began: float) -> None:
    """At most one digest for each officer in each hour of the clock that it touched."""
    hours = int(time.time() // 3600) - int(began // 3600) + 1
    with desk.store.read() as tx:
        told = tx.execute(select(func.count()).where(outbox.c.kind == "many").group_by(outbox.c.person))
        assert max(told.scalars(), default=0) <= hours


def answered(results: list[tuple[int, str, float]]) -> float:
    """All are taken, each with a number of its own; the seconds within which 95 of 100 were."""
    assert Counter(status for status, _, _ in results) == {200: len(results)}
    assert len({number for _, number, _ in results}) == len(results)
    return sorted(seconds for _, _, seconds in results)[int(len(results) * 0.95)]


def flooded(desk: Desk, house: House, minutes: float, **thresholds: str) -> None:
    """The flood of so many minutes; a smaller trial takes less of each, in as much less time."""
    begun, since = seed(), time.time()
    dice, flood, true, lasts = random.Random(begun), scaled(round(FLOOD * minutes / 60)), scaled(100), minutes * MINUTE
    lasts *= flood / (FLOOD * minutes / 60)
    print(f"flood: seed {begun}, {flood} and {true} genuine in {lasts:.0f} s")
    order = [False] * flood + [True] * true
    dice.shuffle(order)
    texts = [genuine(dice) if real else WORDS.format(n=dice.randrange(10**6)) for real in order]
    with served(house, **thresholds) as server, ThreadPoolExecutor(24) as phones:
        began = time.monotonic()

        def one(no: int) -> tuple[bool, tuple[int, str, float]]:
            time.sleep(max(0.0, began + no * lasts / len(order) - time.monotonic()))
            return order[no], sent(server, texts[no], works=order[no] or no % 2 == 0)

        results = list(phones.map(one, range(len(order))))
        took = time.monotonic() - began
    p95 = answered([result for real, result in results if real])
    statuses = Counter(result[0] for real, result in results if not real)
    with desk.store.read() as tx:
        sizes = Counter(tx.execute(select(cases.c.bulk)).scalars())
    print(
        f"{len(order)} in {took:.0f} s; genuine p95 {p95:.2f} s; flood {dict(statuses)}; clusters {sizes.most_common(4)}"
    )
    assert set(statuses) <= {200, 429}
    assert p95 <= SOON
    check_letters(desk, since)
    assert verifying.verify(desk) == (true + statuses[200], [])


def test_a_minute_of_a_flood_with_a_hundred_genuine(desk: Desk, house: House) -> None:
    flooded(desk, house, 1, GRIEVANCE_FLOOD_ASK="1", GRIEVANCE_FLOOD_BULK="10")


def test_an_hour_of_a_flood_with_a_hundred_genuine(desk: Desk, house: House) -> None:
    flooded(desk, house, 60)


def test_five_hundred_genuine_from_one_address(desk: Desk, house: House) -> None:
    begun, since, count = seed(), time.time(), scaled(500)
    dice = random.Random(begun)
    print(f"one address: seed {begun}, {count}")
    texts = [genuine(dice) for _ in range(count)]
    with served(house) as server, ThreadPoolExecutor(16) as phones:
        began = time.monotonic()

        def one(no: int) -> tuple[int, str, float]:
            time.sleep(max(0.0, began + no * MINUTE / 500 - time.monotonic()))
            return sent(server, texts[no], works=True)

        results = list(phones.map(one, range(count)))
    p95 = answered(results)
    print(f"{count} in {time.monotonic() - began:.0f} s, p95 {p95:.2f} s")
    assert p95 <= SOON
    check_letters(desk, since)
    with desk.store.read() as tx:
        assert set(tx.execute(select(cases.c.bulk)).scalars()) == {""}, "a whole factory is no flood"


def test_a_thousand_forms_whose_answer_is_lost_or_that_are_sent_at_once(desk: Desk, house: House) -> None:
    """One to fifty equal ones at once, one of five hung up on before its answer: always one case, and one number."""
    begun, count = seed(), scaled(1000)
    dice = random.Random(begun)
    print(f"equal forms: seed {begun}, {count}")
    with served(house, **CALM) as server, ThreadPoolExecutor(50) as phones:
        for no in range(count):
            ticket = ticket_on(server.ask("GET", "/file", "")[1])
            many = dice.choice([1, 1, 1, 2, 2, 3, 5, 50] if no % 20 == 0 else [1, 2, 2, 3, 4])
            body = {"ticket": ticket, "workplace": "Lotus Stitch", "words": f"Number {no}"}
            if dice.random() < 0.2:
                server.hang_up("/file", urlencode(body))

            def one(_: int, ticket: str = ticket, no: int = no) -> tuple[int, str, float]:
                return sent(server, f"Number {no}", works=False, ticket=ticket)

            results = list(phones.map(one, range(many)))
            busy = [status for status, _, _ in results if status == 503]
            if busy:
                results = [result for result in results if result[0] != 503] + [one(0)]
            assert {status for status, _, _ in results} == {200}
            assert len({number for _, number, _ in results}) == 1
    assert verifying.verify(desk) == (count, [])
