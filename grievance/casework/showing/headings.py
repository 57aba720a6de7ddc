"""How the lines of a timeline, and the texts in it, are headed."""

from __future__ import annotations

from collections.abc import Mapping

from grievance.core import events as e
from grievance.core.errors import say

OTHER: Mapping[type[e.Event], str] = {
    e.Filed: say("The complaint arrived").text,
    e.ContactRead: say("The contact details were read").text,
    e.Assigned: say("An officer took the case").text,
    e.Noted: say("Note of the office").text,
    e.ReceiptHanded: say("The number was handed over").text,
    e.Linked: say("Linked with another case").text,
    e.HandedOn: say("A lost number: the way to another one").text,
    e.Unlinked: say("Not linked with another case any more").text,
    e.Gathered: say("Many complaints came at once: it waits beside others like it").text,
    e.TakenOut: say("Taken out of those that came at once").text,
    e.SetAside: say("Set aside with others like it").text,
    e.TakenUp: say("Not set aside after all").text,
    e.ClockRecounted: say("The calendar changed, so a date was counted again").text,
}
"""Entries beside moves that have a line of their own; the rest is part of the move that caused it."""

READ_AS: Mapping[str, str] = {
    "body": say("The other body").text,
    "comment": say("Comment on the answer").text,
    "greeting": say("First word to the complainant").text,
    "handover": say("How the body confirmed").text,
    "late_reason": say("Why it comes late").text,
    "other_ways": say("Other ways").text,
    "own_words": say("In their own words").text,
    "plan": say("Plan").text,
    "proof": say("What was done, and how it can be seen").text,
    "questions": say("Questions").text,
    "settlement_text": say("Text of the settlement").text,
    "statement": say("Statement").text,
}
"""How a text is headed when others read it, where the label of the question speaks to whoever writes."""

BULK = (e.Gathered, e.TakenOut, e.SetAside, e.TakenUp)
"""What happens to a case that came in a flood."""


def reasons(body: str) -> tuple[tuple[str, str], ...]:
    """The text of a line that says why, under its heading; nothing where nobody said so, or it is not for this viewer."""
    return ((say("Reasons").text, body),) if body else ()
