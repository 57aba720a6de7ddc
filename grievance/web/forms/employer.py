"""The form of a factory or an association against a brand: the office knows who files, the brand only if they wish."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from wtforms import Form

from grievance.casework.filing import Complaint
from grievance.core.categories import ALLEGATIONS, COMMITMENTS
from grievance.core.errors import say
from grievance.language import plain_digits
from grievance.web.forms import fields
from grievance.web.forms.fields import in_words
from grievance.web.forms.filing import CONSENT, SHORT, WORDS, Words, consents, ticked
from grievance.web.speaking import say_it

KIND: Words = {
    "manufacturer": say("A factory or a group of factories"),
    "association": say("An association of employers"),
}
TOWARDS: Words = {
    "confidential": say("The brand does not learn who we are"),
    "named": say("The brand may know who we are"),
}
PRESSED: Words = {
    "threat": say("Orders are threatened, cut or moved because we spoke up"),
    "none": say("No"),
}
PROMISES: Words = {code: say(label) for code, label in COMMITMENTS.items()}
MORE: Words = {code: say(label) for kinds in ALLEGATIONS.values() for code, label in kinds.items()}


@lru_cache(maxsize=64)
def employer_form(language: str) -> type[Form]:
    """The form class in the language of the request, built once."""
    body: dict[str, Any] = {
        "filer": fields.one_of(say_it("Who complains?"), in_words(KIND)),
        "organisation": fields.line(say_it("Name of the factory or association")),
        "count": fields.number(
            say_it("For how many members do you speak?"),
            say_it("For an association. The brand is shown figures only from three members on, and no member’s own."),
            needed=False,
        ),
        "name": fields.line(say_it("Whom may we ask for?"), say_it("Name and post of one person."), needed=False),
        "phone": fields.line(say_it("A phone number or a mail address"), most=120, needed=False),
        "brand": fields.line(say_it("Which brand?"), say_it("And the buying office or agent, if one stands between.")),
        "about": fields.some_of(say_it("Which commitment is not kept?"), in_words(PROMISES)),
        "more": fields.some_of(say_it("More exactly"), in_words(MORE), needed=False),
        "pressed": fields.one_of(say_it("Does anybody press you for complaining?"), in_words(PRESSED), needed=False),
        "words": fields.text(
            say_it("What happened?"),
            say_it("Who did what, when, and what it costs you and your workers."),
            most=WORDS,
        ),
        "orders": fields.text(
            say_it("Orders, styles, dates and amounts"),
            say_it("They would show who you are: only the case officer reads them. Name the currency."),
            most=WORDS,
            needed=False,
        ),
        "tried": fields.text(say_it("What have you tried already, and what was answered?"), most=SHORT, needed=False),
        "want": fields.text(
            say_it("What would put it right?"),
            say_it("For example: pay the invoice, adjust the price, take the goods."),
            most=SHORT,
            needed=False,
        ),
        "anonymity": fields.one_of(
            say_it("May the brand know who you are?"),
            in_words(TOWARDS),
            say_it("If you choose nothing, it does not."),
            needed=False,
        ),
        "restatement": fields.one_of(
            say_it("May we prepare a text for the brand?"),
            in_words(CONSENT),
            say_it("You read it first, word by word. Nothing goes out before you release it."),
            needed=False,
        ),
        "referral": fields.one_of(
            say_it("If we are not the right ones: may we pass it on to another body?"), in_words(CONSENT), needed=False
        ),
    }
    return type(f"EmployerForm_{language}", (fields.Page,), body)


def employer_complaint(form: Form, language: str) -> Complaint:
    """What a valid form says. The office must know who files, so nobody is anonymous towards it."""
    given: dict[str, Any] = form.data
    return Complaint(
        filer=given["filer"],
        anonymity=given["anonymity"] or "confidential",
        language=language,
        account={
            "brand": given["brand"],
            "words": given["words"],
            "orders": given["orders"] or "",
            "count": str(given["count"] or ""),
            "tried": given["tried"] or "",
            "want": given["want"] or "",
        },
        about=ticked(ALLEGATIONS, COMMITMENTS, {*given["about"], *(given["more"] or ())}),
        retaliation=given["pressed"] == "threat",
        consents=consents(given),
        identity={"name": given["name"] or "", "organisation": given["organisation"]},
        contact={"phone": plain_digits(given["phone"] or "")},
    )
