"""Notices say nothing of any case, are tried again ever more rarely, and a crash sends at most one of them twice."""

from __future__ import annotations

import smtplib
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from config import Settings
from grievance import clock as timetable
from grievance.casework import escalating, recounting, telling
from grievance.casework.desk import Desk
from grievance.notices import BODIES, Notice, write
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
    while telling.deliver(desk, post):
        pass
    with desk.store.read() as tx:
        languages = {row.mail: row.language for row in tx.execute(select(people.c.mail, people.c.language))}
        kinds = set(tx.execute(select(outbox.c.kind).distinct()).scalars())
    assert kinds == set(BODIES) - {"frozen"}, "every kind of notice that a case causes was caused"
    bodies: dict[str, set[tuple[str, str]]] = {}
    for address, notice in post.sent:
        bodies.setdefault(languages[address], set()).add((notice.subject, notice.body))
    for language, found in bodies.items():
        known = {(notice.subject, notice.body) for notice in (write(kind, language) for kind in BODIES)}
        assert found <= known, language
    assert {len(subjects) for subjects in ({s for s, _ in found} for found in bodies.values())} == {1}
    assert set(bodies) == {"en", "km"}


def test_it_is_tried_again_ever_more_rarely_and_then_given_up(desk: Desk, clock: Clock) -> None:
    Story.filed(desk)
    waiting = states(desk)["waiting"]
    pauses: list[timedelta] = []
    last = clock.at
    post = Post(*(OSError() for _ in range(1000)))
    while states(desk)["waiting"]:
        if telling.deliver(desk, post):
            pauses.append(clock.at - last)
            last = clock.at
        clock.at += timedelta(minutes=1)
    assert post.tries == telling.TRIES * waiting
    assert pauses[1:] == sorted(pauses[1:])
    assert len(pauses) == telling.TRIES
    assert pauses[-1] >= 32 * pauses[1] > timedelta()
    assert states(desk) == {"dead": waiting}
    clock.pass_days(30)
    assert telling.deliver(desk, Post()) == 0


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
    telling.deliver(desk, post)
    assert states(desk) == {"sent": 2, "waiting": 1}


def test_what_was_sent_once_is_not_sent_again(desk: Desk, clock: Clock) -> None:
    Story.filed(desk)
    post = Post()
    assert telling.deliver(desk, post) == 3
    clock.pass_days(1)
    assert telling.deliver(desk, post) == 0
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
        telling.deliver(desk, dying)
    assert telling.deliver(desk, post) == 1, "the one in hand is lent to the dead process for a while"
    clock.at += telling.LENT
    assert telling.deliver(desk, post) == 1
    assert sorted(Counter(address for address, _ in post.sent).values()) == [1, 1, 2]
    assert states(desk) == {"sent": 3}


def test_a_slow_mail_server_holds_up_nobody(desk: Desk) -> None:
    """While a letter is on its way no transaction is open: a complaint is filed in the meantime."""
    Story.filed(desk)
    filed: list[Story] = []

    def slow(_: str, __: Notice) -> None:
        if not filed:
            filed.append(Story.filed(desk))

    assert telling.deliver(desk, slow) == 6
    assert filed


def test_two_processes_do_not_send_the_same_letter(desk: Desk) -> None:
    Story.filed(desk)
    first, second = Post(), Post()

    def meanwhile(address: str, notice: Notice) -> None:
        first(address, notice)
        telling.deliver(desk, second, 1)

    while telling.deliver(desk, meanwhile):
        pass
    assert sorted(Counter(address for address, _ in first.sent + second.sent).values()) == [1, 1, 1]
    assert second.sent


class Mailbox:
    """A real SMTP server's inbox."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append((str(envelope.mail_from), list(envelope.rcpt_tos), content))
        return "250 OK"


@contextmanager
def served() -> Iterator[tuple[Mailbox, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


def test_a_real_server_receives_them(desk: Desk) -> None:
    Story.filed(desk)
    with served() as (mailbox, port):
        send = timetable.sender(f"smtp://127.0.0.1:{port}", "panel@example.org")
        assert telling.deliver(desk, send) == 3
    assert {address for _, (address,), _ in mailbox.letters} == {
        "officer@demo.test",
        "officer2@demo.test",
        "coordinator@demo.test",
    }
    assert {sender for sender, _, _ in mailbox.letters} == {"panel@example.org"}
    letter = next(content.decode() for _, (to,), content in mailbox.letters if to == "officer@demo.test")
    assert "A message for you" in letter
    assert states(desk) == {"sent": 3}


def test_a_server_that_is_not_there_leaves_them_waiting(desk: Desk) -> None:
    Story.filed(desk)
    with served() as (_, port):
        pass
    assert telling.deliver(desk, timetable.sender(f"smtp://127.0.0.1:{port}", "panel@example.org")) == 3
    assert states(desk) == {"waiting": 3}


def test_beyond_this_machine_the_line_is_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without STARTTLS the letter is not handed over."""
    asked: list[str] = []

    class Server:
        def __init__(self, *_: object, **__: object) -> None:
            asked.append("connect")

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...

        def starttls(self) -> None:
            raise smtplib.SMTPNotSupportedError("no STARTTLS")

        def login(self, *_: object) -> None:
            asked.append("login")

        def send_message(self, *_: object) -> None:
            asked.append("send")

    monkeypatch.setattr(smtplib, "SMTP", Server)
    send = timetable.sender("smtp://user:secret@mail.example.org:587", "panel@example.org")
    with pytest.raises(smtplib.SMTPNotSupportedError):
        send("officer@demo.test", write("turn", "en"))
    assert asked == ["connect"]


def test_by_default_they_are_printed(tmp_path: Path, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = settings(tmp_path)
    assert isinstance(chosen, Settings)
    assert chosen.mail == "console"
    Story.filed(desk)
    assert telling.deliver(desk, timetable.sender(chosen.mail, chosen.mail_from)) == 3
    printed = capsys.readouterr().out
    assert printed.count("--- notice to ") == 3
    assert write("turn", "en").body in printed


def test_one_tick_rings_and_sends(desk: Desk, clock: Clock) -> None:
    Story.filed(desk)
    clock.pass_days(9)
    post = Post()
    assert timetable.once(desk, post, timetable.Watch()) == 2
    assert states(desk) == {"sent": len(post.sent)}
