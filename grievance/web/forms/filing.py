"""The filing form: two answers are needed, nothing is chosen beforehand, and what was left open means no."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from wtforms import Form

from grievance.casework.filing import Complaint
from grievance.core.asks import WORKER_CATEGORIES
from grievance.core.categories import KINDS
from grievance.core.errors import Said, say
from grievance.language import plain_digits
from grievance.web.forms import fields
from grievance.web.forms.fields import in_words
from grievance.web.speaking import say_it

WORDS, SHORT = 20_000, 2_000
"""The longest story and the longest wish, in characters."""

Words = dict[str, Said]

ABOUT: Words = {name: say(label) for name, label in WORKER_CATEGORIES.items() if name != "procedure"}
URGENT: Words = {
    "danger": say("Life or health is in danger now"),
    "violence": say("Somebody is beaten, or forced to sexual acts"),
    "captive": say("A child is working, or somebody is kept by force"),
    "retaliation": say("Somebody is punished, or about to be dismissed, for speaking up"),
    "none": say("None of these"),
}
MANY: Words = {
    "one": say("Only me"),
    "few": say("2 to 10 people"),
    "more": say("More than 10 people"),
    "unknown": say("I do not know"),
}
MORE: Words = {code: say(label) for kinds in KINDS.values() for code, label in kinds.items()}
FILER: Words = {
    "worker": say("For myself, or for myself and others"),
    "group": say("For a group that I belong to; they chose me to speak"),
    "union": say("For a union"),
    "representative": say("For somebody else, and they agree"),
}
ANONYMITY: Words = {
    "anonymous": say("Nobody"),
    "confidential": say("Only the case officer"),
    "named": say("Everybody in the case"),
}
MANDATE: Words = {
    "written": say("Yes, in writing"),
    "word": say("Yes, by word of mouth"),
    "members": say("They are members of the union"),
    "no": say("Not yet"),
}
CHANNEL: Words = {
    "page": say("Only here, with my number"),
    "call": say("Call me"),
    "message": say("Write me a short message"),
    "union": say("Through the union or the person who speaks for me"),
}
CONSENT: Words = {"yes": say("Yes"), "no": say("No"), "unsure": say("I do not know yet")}
SAFE: Words = {
    "never": say("Do not call: I will look here myself"),
    "morning": say("Before work"),
    "evening": say("In the evening"),
    "sunday": say("On Sunday"),
}


class FilingPage(fields.Page):
    """What one field alone cannot see."""

    def validate(self, extra_validators: Any = None) -> bool:
        """A name beside “nobody may know” is asked about: it is neither kept nor dropped in silence."""
        fits = bool(super().validate(extra_validators))
        if self["anonymity"].data == "anonymous" and self["name"].data:
            self["name"].errors = [
                say_it(
                    "You chose that nobody may know who you are. Take the name away, or choose “Only the case officer”."
                )
            ]
            return False
        return fits


@lru_cache(maxsize=64)
def filing_form(language: str, *, site: bool) -> type[Form]:
    """The form class in the language of the request, built once; `site`: a poster has named the workplace."""
    place = (
        fields.line(say_it("Did it happen somewhere else? Write where."), needed=False)
        if site
        else fields.line(
            say_it("Name of the factory, or the number on the poster"),
            say_it("The poster hangs near the gate or the canteen. Example: KH-0412."),
        )
    )
    body: dict[str, Any] = {
        "workplace": place,
        "unit": fields.line(
            say_it("Building, line or section"),
            say_it("Leave this empty if few people work there. It could show who you are."),
            needed=False,
        ),
        "about": fields.some_of(say_it("What is it about?"), in_words(ABOUT), needed=False),
        "more": fields.some_of(say_it("More exactly, if you know"), in_words(MORE), needed=False),
        "urgent": fields.some_of(say_it("Is somebody in danger?"), in_words(URGENT), needed=False),
        "words": fields.text(
            say_it("Tell it in your own words"),
            say_it("No legal words needed. Who did what, when, how often."),
            most=WORDS,
        ),
        "since": fields.line(say_it("When did it begin?"), say_it("A month and a year is enough."), needed=False),
        "many": fields.one_of(say_it("How many people does it concern?"), in_words(MANY), needed=False),
        "want": fields.text(
            say_it("What would put it right?"),
            say_it("For example: pay what is owed, give the work back, stop it."),
            most=SHORT,
            needed=False,
        ),
        "filer": fields.one_of(say_it("For whom do you complain?"), in_words(FILER), needed=False),
        "organisation": fields.line(
            say_it("Name of the union or organisation"), say_it("If you write for one."), needed=False
        ),
        "count": fields.number(say_it("How many people do you speak for?"), needed=False),
        "mandate": fields.one_of(say_it("Did they ask you to speak for them?"), in_words(MANDATE), needed=False),
        "mandate_words": fields.text(
            say_it("Who asked you, when and how?"),
            say_it("A paper that shows it can come later: add a photo of it to your case."),
            most=SHORT,
            needed=False,
        ),
        "anonymity": fields.one_of(say_it("Who may know who you are?"), in_words(ANONYMITY), needed=False),
        "name": fields.line(say_it("Your name"), needed=False),
        "restatement": fields.one_of(
            say_it("May the factory learn what happened, in the officer’s words, never who you are?"),
            in_words(CONSENT),
            needed=False,
        ),
        "referral": fields.one_of(
            say_it("If we are not the right ones: may we pass it on to another body?"), in_words(CONSENT), needed=False
        ),
        "channel": fields.one_of(say_it("How shall we reach you?"), in_words(CHANNEL), needed=False),
        "phone": fields.line(say_it("A phone number"), most=60, needed=False),
        "safe": fields.one_of(say_it("When is it safe to call?"), in_words(SAFE), needed=False),
        "safe_words": fields.line(
            say_it("What may we say if somebody else answers?"),
            say_it("For example: “The clinic calls about the appointment”."),
            needed=False,
        ),
    }
    return type(f"FilingForm_{language}", (FilingPage,), body)


def complaint(form: Form, language: str, site: str, site_name: str) -> Complaint:
    """What a valid form says. Who is named somewhere else than at the poster's site is not at that site.

    Choices are kept as their message ids: the office reads them in its own language.
    """
    given: dict[str, Any] = form.data
    urgent, more = set(given["urgent"] or ()), set(given["more"] or ())
    elsewhere = bool(given["workplace"])
    return Complaint(
        filer=given["filer"] if given["filer"] in ("union", "representative") else "worker",
        anonymity=given["anonymity"] or ("confidential" if given["name"] else "anonymous"),
        language=language,
        account={
            "workplace": given["workplace"] or site_name,
            "unit": given["unit"] or "",
            "words": given["words"],
            "since": given["since"] or "",
            "many": said(MANY, given["many"]),
            "group": FILER["group"].text if given["filer"] == "group" else "",
            "count": str(given["count"] or ""),
            "mandate": said(MANDATE, given["mandate"]),
            "mandate_words": given["mandate_words"] or "",
            "want": given["want"] or "",
        },
        about=ticked(KINDS, ABOUT, {*(given["about"] or ()), *more}),
        danger=bool(urgent & {"danger", "violence", "captive"}),
        retaliation="retaliation" in urgent,
        consents=consents(given),
        identity={"name": given["name"] or "", "organisation": given["organisation"] or ""},
        contact={
            "channel": said(CHANNEL, given["channel"]),
            "phone": plain_digits(given["phone"] or ""),
            "safe": said(SAFE, given["safe"]),
            "safe_words": given["safe_words"] or "",
        },
        site="" if elsewhere else site,
    )


def consents(given: Mapping[str, Any]) -> dict[str, bool]:
    """What was answered with yes or no, by what it allows; not to know yet is neither."""
    asked = {"restatement_to_respondent": given["restatement"], "referral": given["referral"]}
    return {scope: answer == "yes" for scope, answer in asked.items() if answer in ("yes", "no")}


def ticked(tree: Mapping[str, Mapping[str, str]], mains: Iterable[str], given: Collection[str]) -> tuple[str, ...]:
    """Each main category that was ticked, or one of whose kinds was, followed by these."""
    found: list[str] = []
    for name in mains:
        kinds = [code for code in tree.get(name, ()) if code in given]
        if kinds or name in given:
            found += [name, *kinds]
    return tuple(found)


def said(words: Words, value: str | None) -> str:
    """The message id of what was chosen; empty for nothing."""
    return words[value].text if value in words else ""
