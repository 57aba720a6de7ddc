"""Writes notices: kinds and a language give a text, always the same one, that says nothing of any case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grievance.core.errors import Said, say
from grievance.language import translate, translate_many

SUBJECT = say("A message for you")
CLOSING = say("Sign in at the address that you know. A message like this one never holds a link, a name or details.")


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Both for the catalogues; which of them is said depends on the count."""
    return one, many


BODIES: Mapping[str, tuple[str, str]] = {
    "frozen": ngettext(
        "The clock of the system stands still, because the date of its machine cannot be trusted. "
        "Nothing moves on by itself until an administrator has looked at it and lets it go on.",
        "The clock of the system has stood still {n} times, because the date of its machine cannot be trusted. "
        "Nothing moves on by itself until an administrator has looked at it and lets it go on.",
    ),
    "recovery": ngettext(
        "A recovery code of your account was used. If that was not you, change your password and tell an administrator.",
        "{n} recovery codes of your account were used. If that was not you, change your password and tell an administrator.",
    ),
    "steps": ngettext(
        "What you need to sign in has changed: a second step was added or taken away, or new recovery codes were "
        "made. "
        "If you do not know of it, tell an administrator today.",
        "What you need to sign in has changed {n} times: second steps were added or taken away, or new recovery codes "
        "were made. "
        "If you do not know of it, tell an administrator today.",
    ),
    "through": ngettext(
        "Signing in to your account through your organisation was set up, or taken away. "
        "If you do not know of it, tell an administrator today.",
        "Signing in to your account through your organisation was set up or taken away {n} times. "
        "If you do not know of it, tell an administrator today.",
    ),
    "missed": ngettext(
        "A date was missed. The matter has moved on; please look at it today.",
        "A date was missed in {n} matters. They have moved on; please look at them today.",
    ),
    "turn": ngettext(
        "It is your turn in something that you take part in.", "It is your turn in {n} things that you take part in."
    ),
    "reminder": ngettext(
        "A date is coming near in something that waits for you.",
        "Dates are coming near in {n} things that wait for you.",
    ),
    "date": ngettext(
        "A date in a matter that you take part in has moved, because the calendar has changed.",
        "Dates in {n} matters that you take part in have moved, because the calendar has changed.",
    ),
    "many": ngettext(
        "Many complaints came in within a short time. They are received, and wait for you: those that are alike stand "
        "together in the bulk lane. Until it is calm again you get one such message an hour.",
        "Many complaints came in within a short time, and have done so for {n} hours. They are received, and wait for you: "
        "those that are alike stand together in the bulk lane. Until it is calm again you get one such message an hour.",
    ),
    "news": ngettext(
        "Something has changed in a matter that you take part in.",
        "Something has changed in {n} matters that you take part in.",
    ),
}
"""One and many, the most urgent first: a letter says all that waits for a person, and of what it is about only how many."""

LETTERS: Mapping[str, tuple[Said, Said]] = {
    "invitation": (
        say("You are invited to take part in a panel of workers, employers and brands. Open this to begin:"),
        say("It works once, for seven days. After that, ask whoever invited you for another one."),
    ),
    "reset": (
        say("Somebody asked for a new password for your account. Open this to choose one:"),
        say("It works once, for one hour."),
    ),
    "signing": (
        say("You wrote or decided something that you can sign now. Its mark is:"),
        say(
            "Sign in at the address that you know, and compare this mark with the one on the page before you sign. Keep this "
            "letter: whoever changes what you signed changes its mark. It tells nothing of what it is about."
        ),
    ),
    "record": (
        say("This is what our record of all cases comes to, day by day. Keep this letter where we cannot reach it:"),
        say(
            "Whoever keeps these lines can find out whether anything was changed, added or taken away afterwards. They tell "
            "nothing of any case, nor how many there are."
        ),
    ),
}
"""The letters that hold a link, or lines to be kept: why, and how long it lasts or what it is good for."""
LINKLESS = frozenset({"record", "signing"})
UNASKED = say("If you did not expect this, leave it. Nothing happens then. We write links in no other messages.")


@dataclass(frozen=True, slots=True)
class Notice:
    """What is mailed."""

    subject: str
    body: str


def write(kinds: Mapping[str, int], language: str, link: str = "") -> Notice:
    """The letter that tells of so many notices of each kind; of LETTERS the one kind with its link.

    Raises KeyError for an unknown kind.
    """
    if link:
        kind = next(iter(kinds))
        why, until = LETTERS[kind]
        said = [translate(why, language), link, translate(until, language)]
        said += [] if kind in LINKLESS else [translate(UNASKED, language)]
        return Notice(translate(SUBJECT, language), "\n\n".join(said) + "\n")
    unknown = set(kinds) - set(BODIES)
    if unknown:
        raise KeyError(*unknown)
    lines = [translate_many(*both, kinds[kind], language) for kind, both in BODIES.items() if kinds.get(kind)]
    body = "\n".join(lines)
    return Notice(translate(SUBJECT, language), f"{body}\n\n{translate(CLOSING, language)}\n")
