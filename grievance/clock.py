"""When nobody acts: a timetable that only ticks. What is due stands in the database, so any number of clocks may run."""

from __future__ import annotations

import logging
import smtplib
import ssl
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import wraps
from urllib.parse import parse_qs, unquote, urlsplit

from apscheduler.schedulers.background import BackgroundScheduler

from grievance.casework import (
    bulk,
    delivering,
    escalating,
    filing,
    flooding,
    proving,
    recounting,
    reseating,
    standstill,
)
from grievance.casework.desk import Desk
from grievance.casework.files import keeping, scanning
from grievance.casework.house import anchoring, calendars, inviting, unnoted
from grievance.casework.house.anchoring import Signer
from grievance.casework.words import erasing, lapsing
from grievance.core.errors import GrievanceError
from grievance.notices import Notice

log = logging.getLogger(__name__)

Send = Callable[[str, Notice], None]

SOON = timedelta(minutes=1)
"""After a start, when whoever waited for the house has been served: proofs are reckoned for half a minute then."""


def timetable(desk: Desk, send: Send, tick: int, signer: Signer | None = None) -> BackgroundScheduler:
    """A scheduler, not yet started, that looks every `tick` seconds at what is due and at what waits to be sent.

    Without a `signer` it makes no root of the record: another clock of the house has to.
    It keeps nothing: with a job store of its own two processes would double and lose jobs.
    """
    scheduler = BackgroundScheduler(timezone="UTC")
    watch, soon = Watch(), datetime.now(UTC) + SOON
    every = {"trigger": "interval", "coalesce": True, "max_instances": 1, "misfire_grace_time": None}

    def add(name: str, job: Callable[..., object], *more: object, **when: object) -> None:
        scheduler.add_job(put_off(job), args=[desk, *more], id=name, **every, **when)

    add("tick", once, send, watch, seconds=tick)
    add("tickets", filing.forget_tickets, hours=6)
    add("sketches", flooding.forget_sketches, hours=6)
    add("bulk", bulk.finish, minutes=5)
    add("scanner", scanning.ask_again, minutes=1)
    add("journal", unnoted.note, minutes=1)
    add("files", after_a_look(keeping.sweep, watch), hours=6)
    add("erasure", after_a_look(erasing.sweep, watch), hours=1)
    add("names", lapsing.lapse, minutes=5)
    add("seats", reseating.reseat, minutes=5)
    if signer:
        add("record", anchoring.anchor, signer, minutes=5, next_run_time=soon)
    else:
        log.warning("this clock holds no record.key: another one has to sign the daily root of the record")
    add("proofs", proving.reckon, days=1, next_run_time=soon)
    add("calendars", calendars.warn, days=1, next_run_time=soon)
    return scheduler


def after_a_look(job: Callable[[Desk], object], watch: Watch) -> Callable[[Desk], None]:
    """The job, where the date can be trusted at this moment: what goes between a jump and the next tick does not come back."""

    @wraps(job)
    def run(desk: Desk) -> None:
        if watch.trusts(desk):
            job(desk)

    return run


def put_off(job: Callable[..., object]) -> Callable[..., None]:
    """The job, for which an outage is no fault: it says so in one line, and its next turn does what was left."""

    def run(*given: object) -> None:
        try:
            job(*given)
        except GrievanceError as error:
            log.warning("%s was put off: %s", job.__module__.rpartition(".")[2], error)

    return run


class Watch:
    """Holds the date that the machine shows against the time that passed. `wall` and `steady` give seconds."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] | None = None) -> None:
        self._wall, self._steady = wall, steady or _passed
        self._ahead = self._wall() - self._steady()
        self._seen = standstill.Watch()

    def trusts(self, desk: Desk) -> bool:
        """One look: whether the date can be trusted, and the clock may ring."""
        return standstill.look(desk, self._seen, self.drift())

    def drift(self) -> timedelta:
        """By how much more the date has moved on than time, since it was asked last."""
        before, self._ahead = self._ahead, self._wall() - self._steady()
        return timedelta(seconds=self._ahead - before)


def _passed() -> float:
    """Seconds of time that passed, those included in which the machine slept: sleep is downtime, not a jump."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def once(desk: Desk, send: Send, watch: Watch) -> int:
    """One tick: ring what is due, unless the clock stands still, and send what waits.

    Returns the number of rungs; what fails is tried at the next tick.
    """
    rungs = 0
    try:
        if watch.trusts(desk):
            recounting.recount(desk)  # before anything rings by a date that is no longer right
            swept = escalating.sweep(desk)
            rungs = swept.rungs
            if swept.aside:
                log.error("%d due cases were set aside", len(swept.aside))
            if escalating.others_ring(desk, swept):
                return rungs  # whoever ends last sends: after an outage each person gets one letter, not one a batch
        inviting.answer_askings(desk)
        while delivering.deliver(desk, send):
            pass
    except GrievanceError as error:
        log.warning("this tick was cut short: %s", error)
    return rungs


def sender(mail: str, mail_from: str) -> Send:
    """How notices leave: printed for "console", else by the SMTP server of the address (smtp:// or smtps://)."""
    if mail == "console":
        return _print
    parts = urlsplit(mail)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    host, port = parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 587)
    plain = parts.scheme == "smtp" and (host in ("localhost", "127.0.0.1", "::1") or "plain" in parse_qs(parts.query))

    def send(address: str, notice: Notice) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = mail_from, address, notice.subject
        letter.set_content(notice.body)
        with _connected(parts.scheme, host, port) as server:
            if parts.scheme == "smtp" and not plain:
                server.starttls(context=ssl.create_default_context())  # without one it would believe any certificate
            if user:
                server.login(user, password)
            server.send_message(letter)

    return send


def _connected(scheme: str, host: str, port: int) -> smtplib.SMTP:
    patience = timedelta(seconds=20).total_seconds()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=patience, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=patience)


def _print(address: str, notice: Notice) -> None:
    sys.stdout.write(f"--- notice to {address}: {notice.subject}\n{notice.body}")
    sys.stdout.flush()
