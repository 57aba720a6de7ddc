"""Empties the outbox: one letter a person, however much waits for them; what fails is tried again, then given up."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from grievance.casework.desk import Desk, Tampered
from grievance.notices import Notice, write
from grievance.store import outbox, stands

log = logging.getLogger(__name__)

TRIES = 8
"""After so many failures in a row (about a day) a notice is dead: somebody has to see to it (`undelivered.py`)."""

LINK = "letter"
"""What a link that waits in the outbox is sealed for."""

LENT = timedelta(minutes=5)
"""How long a claimed letter is left to the one who claimed it; sending one takes seconds."""


def deliver(desk: Desk, send: Callable[[str, Notice], None], most: int = 100) -> int:
    """Send up to `most` letters through `send(mail, letter)`. Returns how many were tried.

    Everything that waits for a person is claimed, sent as one letter, and settled; no transaction is open while it is
    sent: a slow mail server holds up nobody who files, and a crash sends at most that one twice.
    """
    for done in range(most):
        with desk.store.write() as tx:
            silent = stands.state(tx) == stands.SILENT
            letter = None if silent else outbox.claim_letter(tx, desk.now(), desk.now() + LENT)
        if letter is None:
            return done
        sent = True
        try:
            link = desk.vault.open_cookie(LINK, letter.sealed).decode() if letter.sealed else ""
            send(letter.mail, write(letter.kinds, letter.language, link))
        except (
            OSError,
            ValueError,
            KeyError,
            Tampered,
        ) as error:  # the server, the address, the kind: the next one may do better
            log.warning("a notice could not be sent: %s", type(error).__name__)
            sent = False
        with desk.store.write() as tx:
            if sent:
                outbox.settle_letter(tx, letter)
            else:
                outbox.put_back(tx, letter, desk.now() + timedelta(minutes=2 ** (letter.tries + 1)), TRIES)
    return most
