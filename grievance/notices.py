"""Writes notices: a kind and a language give a text, always the same one, that says nothing of any case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grievance.core.errors import Said, say
from grievance.language import translate

SUBJECT = say("A message for you")
CLOSING = say("Sign in at the address that you know. We never send links, names or details by mail.")
BODIES: Mapping[str, Said] = {
    "turn": say("It is your turn in something that you take part in."),
    "news": say("Something has changed in a matter that you take part in."),
    "reminder": say("A date is coming near in something that waits for you."),
    "missed": say("A date was missed. The matter has moved on; please look at it today."),
    "frozen": say(
        "The clock of the system stands still, because the date of its machine cannot be trusted. "
        "Nothing moves on by itself until an administrator has looked at it and lets it go on."
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What is mailed."""

    subject: str
    body: str


def write(kind: str, language: str) -> Notice:
    """The notice of this kind in this language. Raises KeyError for an unknown kind."""
    body = f"{translate(BODIES[kind], language)}\n\n{translate(CLOSING, language)}\n"
    return Notice(translate(SUBJECT, language), body)
