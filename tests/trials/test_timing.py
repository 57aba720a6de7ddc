"""Who measures how long an answer takes learns no better than by a coin who has an account, or which number once was."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import pytest
from flask import Flask
from sqlalchemy import delete

from grievance.casework.desk import Desk
from grievance.casework.house import people
from grievance.casework.showing import following
from grievance.casework.words import erasing
from grievance.store import people as rows
from grievance.store.tables import passes, throttle
from grievance.vault import passwords
from tests.conftest import BASE
from tests.makers import START, Clock, Story, page_token
from tests.trials.sizes import scaled, seed

KNOWN, STRANGER = "officer@demo.test", "nowhere@demo.test"
"""Each is asked equally often: what PostgreSQL leaves of rows that were deleted lies in the way of both."""
COIN = (0.48, 0.52)
"""Between these an attacker's share of right guesses over 10,000 pairs is chance: four standard errors and more."""

TOLD = 0.75
"""What a planted difference reaches in a few pairs, whatever else the machine does: it is 0.92 to 1 on one that four share."""

YEARS = 366 * 2 + 1
"""Days after which the words of an ended case are erased."""

Ask = Callable[[str], tuple[int, bytes, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Guess:
    """How well somebody guesses who looks at all times at once, and who compares the two of each pair, and by what chance."""

    auc: float
    paired: float
    error: float

    def __str__(self) -> str:
        return f"AUC {self.auc:.4f} ± {self.error:.4f}; of two asked one after the other {self.paired:.4f}"

    def is_a_coin(self) -> bool:
        """Both are chance: what a busy machine adds is the same in both of a pair."""
        return COIN[0] <= self.auc <= COIN[1] and COIN[0] <= self.paired <= COIN[1]


def guess(first: Sequence[float], second: Sequence[float]) -> Guess:
    """The chance that one of the first takes longer than one of the second, equal ones by half: 0.5 where nobody can tell."""
    every = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks, at = 0.0, 0
    while at < len(every):
        upto = at
        while upto < len(every) and every[upto][0] == every[at][0]:
            upto += 1
        ranks += sum(side == 0 for _, side in every[at:upto]) * (at + upto + 1) / 2
        at = upto
    both = len(first) * len(second)
    longer = sum((one > other) + (one == other) / 2 for one, other in zip(first, second, strict=True))
    # Mann and Whitney's, for two of one kind.
    error = sqrt((len(first) + len(second) + 1) / (12 * both))
    return Guess((ranks - len(first) * (len(first) + 1) / 2) / both, longer / len(first), error)


def guesses(desk: Desk, ask: Ask, pairs: int, lot: random.Random) -> Guess:
    """How often whoever measures is right; what comes back is the same to the byte, but for what is drawn afresh."""
    known, unknown, answers = list[float](), list[float](), set[tuple[int, int, tuple[str, ...]]]()
    for no in range(pairs):
        both = [(known, KNOWN), (unknown, STRANGER)]
        lot.shuffle(both)
        for times, mail in both:
            began = time.perf_counter()
            status, body, headers = ask(mail)
            times.append(time.perf_counter() - began)
            answers.add((status, len(body.replace(mail.encode(), b"")), tuple(sorted(name for name, _ in headers))))
            with desk.store.write() as tx:  # each is the first try of its address
                tx.execute(delete(throttle))
                tx.execute(delete(passes))
        assert len(answers) == 1, f"the answers of pair {no} differ: {answers}"
    return guess(known, unknown)


def asking(app: Flask, address: str, **more: str) -> Ask:
    """One form, sent with one address or another."""
    client = app.test_client()
    token = page_token(client.get(address, base_url=BASE).text)

    def ask(mail: str) -> tuple[int, bytes, list[tuple[str, str]]]:
        answer = client.post(address, base_url=BASE, data={"page_token": token, "mail": mail, **more})
        return answer.status_code, answer.data, list(answer.headers)

    return ask


def test_the_measure_tells_a_difference_from_none() -> None:
    lot = random.Random(1)
    alike = [lot.gauss(20, 2) for _ in range(4_000)]
    assert guess(alike, [lot.gauss(20, 2) for _ in range(4_000)]).is_a_coin()
    assert guess(alike, [lot.gauss(18, 2) for _ in range(4_000)]).auc > 0.7
    assert guess([1, 1], [1, 1]) == Guess(0.5, 0.5, sqrt(5 / 48))
    busy = [lot.gauss(200, 50) for _ in range(4_000)]
    told = guess(busy, [value - 1 for value in busy])
    assert told.auc < 0.52, "all at once a busy machine hides it"
    assert told.paired == 1
    assert not told.is_a_coin()


def test_what_comes_back_is_the_same_for_everybody(app: Flask, desk: Desk) -> None:
    for address, more in (("/account/sign-in", {"password": "wrong"}), ("/account/forgot", {})):
        guesses(desk, asking(app, address, **more), 3, random.Random(1))


def test_planted_a_stranger_that_costs_no_work_is_told_at_once(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits = passwords.password_fits
    monkeypatch.setattr(people, "password_fits", lambda stored, text: stored is not None and fits(stored, text))
    assert guesses(desk, asking(app, "/account/sign-in", password="wrong"), 15, random.Random(1)).auc > TOLD


def test_of_a_stranger_a_row_is_read_too(desk: Desk) -> None:
    """It takes some ten microseconds to make something of a row: enough to be told over 10,000 pairs."""
    with desk.store.read() as tx:
        assert [tx.execute(rows.BY_MAIL, {"mail": mail}).one().mail for mail in (KNOWN, "x")] == [KNOWN, None]
        assert rows.person_by_mail(tx, "x") is None


@pytest.mark.trial
@pytest.mark.parametrize("address", ["/account/sign-in", "/account/forgot"])
def test_ten_thousand_pairs(app: Flask, desk: Desk, address: str) -> None:
    begun, pairs = seed(), scaled(10_000)
    more = {"password": "wrong"} if address.endswith("sign-in") else {}
    right = guesses(desk, asking(app, address, **more), pairs, random.Random(begun))
    print(f"{address}: seed {begun}, {pairs} pairs, {right}")
    assert right.is_a_coin()


# Receipts: a number that never was, one whose case was erased, one whose case was withdrawn first; and two that open --------


_TOKEN = re.compile(rb'name="page_token" value="[0-9a-f]+"')


def typing(app: Flask) -> Ask:
    """A number is typed into the page that opens cases."""
    client = app.test_client()
    token = page_token(client.get("/follow", base_url=BASE).text)

    def ask(number: str) -> tuple[int, bytes, list[tuple[str, str]]]:
        client.delete_cookie("__Host-receipt", path="/")
        answer = client.post("/follow", base_url=BASE, data={"page_token": token, "number": number})
        body = _TOKEN.sub(b"", answer.data).replace(number.encode(), b"")  # drawn afresh, and what was typed itself
        return answer.status_code, body, [*answer.headers]

    return ask


def gone(desk: Desk, clock: Clock, many: int) -> list[str]:
    """The numbers of cases that were withdrawn, and then erased."""
    numbers = opening(desk, many, withdrawn=True)
    clock.pass_days(YEARS)
    while erasing.sweep(desk).cases:
        pass
    clock.at = START
    return numbers


def never(desk: Desk, many: int) -> list[str]:
    """Numbers that this house could have given, and never gave."""
    return [desk.vault.receipt_of(desk.random.randbytes(32)).digits for _ in range(many)]


def told_apart(
    ask: Ask,
    one: Sequence[str],
    other: Sequence[str],
    pairs: int,
    lot: random.Random,
) -> Guess:
    """How often whoever measures is right about which of two numbers was typed; what comes back is the same to the byte."""
    times: tuple[list[float], list[float]] = ([], [])
    answers = set[tuple[int, bytes, tuple[str, ...]]]()
    for no in range(pairs):
        both = [(times[0], one[no % len(one)]), (times[1], other[no % len(other)])]
        lot.shuffle(both)
        for kept, number in both:
            began = time.perf_counter()
            status, body, headers = ask(number)
            kept.append(time.perf_counter() - began)
            answers.add((status, body, tuple(sorted(name for name, _ in headers))))
        assert len(answers) == 1, f"the answers of pair {no} differ"
    return guess(*times)


PAIRS: Mapping[str, Callable[[Desk, Clock, int], tuple[list[str], list[str]]]] = {
    "never was, erased": lambda desk, clock, many: (never(desk, many), gone(desk, clock, many)),
    "open, withdrawn": lambda desk, _, many: (opening(desk, many), opening(desk, many, withdrawn=True)),
}


def opening(desk: Desk, many: int, *, withdrawn: bool = False) -> list[str]:
    """Numbers that open a case: one that runs, or one that was taken back."""
    stories = [Story.filed(desk) for _ in range(many)]
    for story in stories if withdrawn else ():
        story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    return [story.receipt for story in stories]


@pytest.mark.parametrize("pair", PAIRS)
def test_two_numbers_get_the_same_bytes(app: Flask, desk: Desk, clock: Clock, pair: str) -> None:
    told_apart(typing(app), *PAIRS[pair](desk, clock, 2), 4, random.Random(1))


def test_planted_a_number_that_is_looked_up_before_it_is_reckoned_is_told_at_once(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a house would that keeps the numbers of erased cases to answer them quickly."""
    erased = gone(desk, clock, 3)
    show = following.show_receipt

    def quick(lent: Desk, typed: str) -> object:
        if typed in erased:
            raise following.UnknownReceipt
        return show(lent, typed)

    monkeypatch.setattr(following, "show_receipt", quick)
    assert told_apart(typing(app), never(desk, 3), erased, 40, random.Random(1)).auc > TOLD


@pytest.mark.trial
@pytest.mark.parametrize("pair", PAIRS)
def test_ten_thousand_pairs_of_numbers(app: Flask, desk: Desk, clock: Clock, pair: str) -> None:
    begun, pairs = seed(), scaled(10_000)
    right = told_apart(typing(app), *PAIRS[pair](desk, clock, 20), pairs, random.Random(begun))
    print(f"{pair}: seed {begun}, {pairs} pairs, {right}")
    assert right.is_a_coin()
