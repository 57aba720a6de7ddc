"""Notices say nothing of any case, are tried again ever more rarely, and a crash sends at most one of them twice."""

from __future__ import annotations

import smtplib
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config import Settings
from grievance import clock as timetable
from grievance.casework import delivering, escalating, recounting
from grievance.casework.desk import Desk
from grievance.language import translate, translate_many
from grievance.notices import BODIES, CLOSING, Notice, write
from grievance.store.tables import outbox, people
from tests.makers import Clock, Story, complaint, decreed, settings


class Post:
    """Keeps what is sent; fails as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.sent: list[tuple[str, Notice]] = []
        self.failures = list(failures)
        self.tries = 0

    def __call__(self, address: str, notice: Notice) -> None:
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((address, notice))


def states(desk: Desk) -> Counter[str]:
    with desk.store.read() as tx:
        return Counter(tx.execute(select(outbox.c.state)).scalars())


def test_a_notice_is_the_same_whatever_happened(desk: Desk, clock: Clock) -> None:
    """Two cases that differ in everything cause byte for byte the same letters, for each kind and language."""
    post = Post()
    Story.filed(desk).taken().answered().reviewed()
    other = complaint(
        about=("violence", "child"),
        danger=True,
        account={"workplace": "Mekong Knit", "words": "Somebody was hurt."},
        identity={"name": "Chanthou", "organisation": "A union"},
    )
    Story.filed(desk, **{name: getattr(other, name) for name in ("about", "danger", "account", "identity")})
    for _ in range(12):
        clock.pass_days(2)
        recounting.recount(decreed(desk, more={clock.at.date() + timedelta(days=3): "Declared"}))
        escalating.sweep(desk)
    while delivering.deliver(desk, post):
        pass
    with desk.store.read() as tx:
        languages = {row.mail: row.language for row in tx.execute(select(people.c.mail, people.c.language))}
        kinds = set(tx.execute(select(outbox.c.kind).distinct()).scalars())
    assert kinds == set(BODIES) - {"frozen", "recovery", "steps", "through", "many"}, (
        "every kind of notice that a case causes was caused"
    )
    bodies: dict[str, set[tuple[str, str]]] = {}
    for address, notice in post.sent:
        bodies.setdefault(languages[address], set()).add((notice.subject, notice.body))
    for language, found in bodies.items():
        # What differs is how many matters there are, of which kind: whoever reads it learns nothing else.
        spoken = {translate_many(*both, n, language) for both in BODIES.values() for n in range(1, 30)}
        for _, body in found:
            *lines, closing = body.strip().split("\n")
            assert set(filter(None, lines)) <= spoken, language
            assert closing == translate(CLOSING, language)
    assert {len(subjects) for subjects in ({s for s, _ in found} for found in bodies.values())} == {1}
    assert set(bodies) == {"en", "km"}


def test_it_is_tried_again_ever_more_rarely_and_then_given_up(desk: Desk, clock: Clock) -> None:
    Story.filed(desk)
    waiting = states(desk)["waiting"]
    pauses: list[timedelta] = []
    last = clock.at
    post = Post(*(OSError() for _ in range(1000)))
    while states(desk)["waiting"]:
        if delivering.deliver(desk, post):
            pauses.append(clock.at - last)
            last = clock.at
        clock.at += timedelta(minutes=1)
    assert post.tries == delivering.TRIES * waiting
    assert pauses[1:] == sorted(pauses[1:])
    assert len(pauses) == delivering.TRIES
    assert pauses[-1] >= 32 * pauses[1] > timedelta()
    assert states(desk) == {"dead": waiting}
    clock.pass_days(30)
    assert delivering.deliver(desk, Post()) == 0


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        smtplib.SMTPServerDisconnected("gone"),
        UnicodeError(),
        KeyError("kind"),
    ],
)
def test_one_letter_that_cannot_be_sent_holds_up_no_other(desk: Desk, error: Exception) -> None:
    Story.filed(desk)
    post = Post(error)
    delivering.deliver(desk, post)
    assert states(desk) == {"sent": 2, "waiting": 1}


def test_what_was_sent_once_is_not_sent_again(desk: Desk, clock: Clock) -> None:
    Story.filed(desk)
    post = Post()
    assert delivering.deliver(desk, post) == 3
    clock.pass_days(1)
    assert delivering.deliver(desk, post) == 0
    assert len(post.sent) == len(set(post.sent)) == 3


class Killed(BaseException):
    """What no handler catches: the process is gone."""


def test_a_crash_between_sending_and_settling_sends_at_most_that_one_twice(desk: Desk, clock: Clock) -> None:
    Story.filed(desk)
    post = Post()

    def dying(address: str, notice: Notice) -> None:
        post(address, notice)
        if len(post.sent) == 2:
            raise Killed

    with pytest.raises(Killed):
        delivering.deliver(desk, dying)
    assert delivering.deliver(desk, post) == 1, "the one in hand is lent to the dead process for a while"
    clock.at += delivering.LENT
    assert delivering.deliver(desk, post) == 1
    assert sorted(Counter(address for address, _ in post.sent).values()) == [1, 1, 2]
    assert states(desk) == {"sent": 3}


# asvs: 16.5.2
def test_a_slow_mail_server_holds_up_nobody(desk: Desk) -> None:
    """While a letter is on its way no transaction is open: a complaint is filed in the meantime."""
    Story.filed(desk)
    filed: list[Story] = []

    def slow(_: str, __: Notice) -> None:
        if not filed:
            filed.append(Story.filed(desk))

    assert delivering.deliver(desk, slow) == 4, "one, then what waits for each of the three"
    assert filed


def test_two_processes_do_not_send_the_same_letter(desk: Desk) -> None:
    Story.filed(desk)
    first, second = Post(), Post()

    def meanwhile(address: str, notice: Notice) -> None:
        first(address, notice)
        delivering.deliver(desk, second, 1)

    while delivering.deliver(desk, meanwhile):
        pass
    assert sorted(Counter(address for address, _ in first.sent + second.sent).values()) == [1, 1, 1]
    assert second.sent


def test_by_default_they_are_printed(tmp_path: Path, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = settings(tmp_path)
    assert isinstance(chosen, Settings)
    assert chosen.mail == "console"
    Story.filed(desk)
    assert delivering.deliver(desk, timetable.sender(chosen.mail, chosen.mail_from)) == 3
    printed = capsys.readouterr().out
    assert printed.count("--- notice to ") == 3
    assert write({"turn": 1}, "en").body in printed


def test_one_tick_rings_and_sends(desk: Desk, clock: Clock) -> None:
    Story.filed(desk)
    clock.pass_days(9)
    post = Post()
    assert timetable.once(desk, post, timetable.Watch()) == 3
    assert states(desk) == {"sent": 9}
    assert len(post.sent) == len({address for address, _ in post.sent}) == 6, "one letter a person, of all that waited"
