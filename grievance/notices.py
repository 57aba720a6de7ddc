"""Writes notices: a kind and a language give a text, always the same one, that says nothing of any case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grievance.core.errors import Said, say
from grievance.language import translate

SUBJECT = say("A message for you")
CLOSING = say("Sign in at the address that you know. A message like this one never holds a link, a name or details.")
BODIES: Mapping[str, Said] = {
    "turn": say("It is your turn in something that you take part in."),
    "news": say("Something has changed in a matter that you take part in."),
    "date": say("A date in a matter that you take part in has moved, because the calendar has changed."),
    "reminder": say("A date is coming near in something that waits for you."),
    "missed": say("A date was missed. The matter has moved on; please look at it today."),
    "frozen": say(
        "The clock of the system stands still, because the date of its machine cannot be trusted. "
        "Nothing moves on by itself until an administrator has looked at it and lets it go on."
    ),
}

LETTERS: Mapping[str, tuple[Said, Said]] = {
    "invitation": (
        say("You are invited to take part in a panel of workers, employers and brands. Open this to begin:"),
        say("It works once, for seven days. After that, ask whoever invited you for another one."),
    ),
    "reset": (
        say("Somebody asked for a new password for your account. Open this to choose one:"),
        say("It works once, for one hour."),
    ),
}
"""The letters that hold a link: why, and how long it lasts."""
UNASKED = say("If you did not expect this, leave it. Nothing happens then. We write links in no other messages.")


@dataclass(frozen=True, slots=True)
class Notice:
    """What is mailed."""

    subject: str
    body: str


def write(kind: str, language: str, link: str = "") -> Notice:
    """The notice of this kind in this language; of LETTERS with their link. Raises KeyError for an unknown kind."""
    if link:
        why, until = LETTERS[kind]
        said = (translate(why, language), link, translate(until, language), translate(UNASKED, language))
        return Notice(translate(SUBJECT, language), "\n\n".join(said) + "\n")
    body = f"{translate(BODIES[kind], language)}\n\n{translate(CLOSING, language)}\n"
    return Notice(translate(SUBJECT, language), body)
