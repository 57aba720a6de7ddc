"""Builds the form of a move from what it asks, and reads its answers; the vocabulary is core's, the fields are here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from wtforms import Form
from wtforms.fields import HiddenField

from grievance.casework.moving import Answers
from grievance.casework.views import FormView
from grievance.core.asks import ASKS, CATEGORIES, CURRENCIES, GROUPS, LINE, TEXT, Ask
from grievance.core.errors import say
from grievance.core.procedure import ROLES, SIDES
from grievance.language import say_moment
from grievance.web.forms import fields
from grievance.web.speaking import say_it, spoken

Fields = dict[str, Any]
Choices = Mapping[str, str]

ELSEWHERE: Mapping[str, str] = {"seen": "what_seen"}
"""Asks whose name the page itself has taken, and the field under which they stand: `seen` is how far it had read."""


MOST_PICKED = 6
"""So many can be picked at once; a case with more of them is better taken apart: proposal."""


def form_for(view: FormView) -> type[Form]:
    """The form class of one move on one case, in the reader's language."""
    body: Fields = {"seen": HiddenField()}
    for name, ask in view.asks.items():
        body |= SHAPES[ask.shape](ELSEWHERE.get(name, name), ask, _offered(view, name, ask))
    return type("MoveForm", (fields.Page,), body)


def _offered(view: FormView, name: str, ask: Ask) -> Choices:
    """The choices that depend on the case, in words."""
    offered = view.choices.get(name, {})
    if ask.shape == "seat":
        return {no: words for no, words in _seats(view).items() if no in offered}
    if name == "which_session":
        return {no: say_moment(datetime.fromisoformat(at), view.case.zone, spoken()) for no, at in offered.items()}
    return offered


def answers(form: Form, view: FormView) -> Answers:
    """What a valid form says: facts for the ledger, texts for the vault."""
    facts: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for name, ask in view.asks.items():
        if ask.shape in ("line", "text"):
            texts[name] = form[name].data
        elif ask.shape in ("outcomes", "answers"):
            facts[name] = {no: form[f"{name}-{no}"].data for no in view.choices[name]}
        elif ask.shape == "picks":
            picked = (form[f"{name}-{no}"].data for no in range(1, MOST_PICKED + 1))
            facts[name] = list(dict.fromkeys(filter(None, picked)))
        elif ask.shape == "remedy":
            facts[name] = _remedy(form, name)
        elif ask.shape == "moment":
            facts[name] = fields.iso(form[name].data.replace(tzinfo=view.case.zone))
        elif ask.shape == "date":
            facts[name] = form[name].data.isoformat()
        else:
            facts[name] = form[ELSEWHERE.get(name, name)].data
    return Answers(facts, texts)


def errors_to(form: Form, found: Mapping[str, Any]) -> None:
    """Puts the sentences of an Invalid on the fields that they are about: of an ask with several fields on the first."""
    for name, said in found.items():
        stands = ELSEWHERE.get(name, name)
        matching = [field for field in form if field.name == stands or field.name.startswith(f"{stands}-")]
        for field in matching[:1]:
            field.errors = [*field.errors, say_it(said)]


def _line(name: str, ask: Ask, _: Choices) -> Fields:
    return {name: fields.line(say_it(ask.label), say_it(ask.hint), most=LINE, needed=ask.required)}


def _text(name: str, ask: Ask, _: Choices) -> Fields:
    return {name: fields.text(say_it(ask.label), say_it(ask.hint), most=TEXT, needed=ask.required)}


def _number(name: str, ask: Ask, _: Choices) -> Fields:
    return {name: fields.number(say_it(ask.label), say_it(ask.hint))}


def _date(name: str, ask: Ask, _: Choices) -> Fields:
    return {name: fields.day(say_it(ask.label), say_it(ask.hint), needed=ask.required)}


def _moment(name: str, ask: Ask, _: Choices) -> Fields:
    return {name: fields.moment(say_it(ask.label), say_it(ask.hint))}


def _choice(name: str, ask: Ask, _: Choices) -> Fields:
    return {name: fields.one_of(say_it(ask.label), fields.in_words(ask.choices), say_it(ask.hint), needed=ask.required)}


def _choices(name: str, ask: Ask, _: Choices) -> Fields:
    return {name: fields.some_of(say_it(ask.label), fields.in_words(ask.choices), say_it(ask.hint))}


def _yes(name: str, ask: Ask, _: Choices) -> Fields:
    return {name: fields.yes(say_it(ask.label), say_it(ask.hint))}


def _pick(name: str, ask: Ask, choices: Choices) -> Fields:
    """Choices that the case gives: names of sites, people and seats stay as they are, remedies are words of ours."""
    words = {**choices}
    if name in ("which_remedy", "open_remedy"):
        kinds = ASKS["remedy"].choices
        words = {no: f"{no}. {say_it(kinds.get(kind, kind))}" for no, kind in choices.items()}
    return {name: fields.one_of(say_it(ask.label), words, say_it(ask.hint))}


def _picks(name: str, ask: Ask, choices: Choices) -> Fields:
    """A few lists one below the other: without a script all stand there, with one the next shows when it is needed."""
    label, hint, some = say_it(ask.label), say_it(ask.hint), choices
    return {
        f"{name}-{no}": fields.picked(
            label if no == 1 else say_it(say("And also ({no})", no=no)), some, hint, needed=False
        )
        for no, hint in enumerate([hint, *[""] * (MOST_PICKED - 1)], 1)
    }


def _seats(view: FormView) -> Choices:
    """Number of a seat → its side and place there, or its role, and the name where this viewer reads it."""
    found: dict[str, str] = {}
    places: Counter[str] = Counter()
    sides = [*SIDES, ""]
    for seat in sorted((*view.case.seats, *view.case.beside), key=lambda seat: sides.index(seat.side)):
        places[seat.side] += 1
        where = (
            say("{side}, seat {no}", side=say(SIDES[seat.side]), no=places[seat.side])
            if seat.side
            else ROLES[seat.role]
        )
        found[str(seat.no)] = ": ".join(part for part in (say_it(where), seat.name) if part)
    return found


def _per_issue(name: str, ask: Ask, choices: Choices) -> Fields:
    return {
        f"{name}-{no}": fields.one_of(_issue(no, category), fields.in_words(ask.choices), say_it(ask.label))
        for no, category in choices.items()
    }


def _remedies(name: str, ask: Ask, choices: Choices) -> Fields:
    issues = {no: _issue(no, category) for no, category in choices.items() if no.isdecimal()}
    owners = {owner: name for owner, name in choices.items() if not owner.isdecimal()}
    return {
        f"{name}-issue": fields.one_of(say_it("For which issue?"), issues),
        f"{name}-kind": fields.one_of(say_it("What is to be done?"), fields.in_words(ask.choices)),
        f"{name}-owner": fields.one_of(say_it("Who owes it?"), owners, needed=False),
        f"{name}-group": fields.one_of(
            say_it("For whom?"), fields.in_words(GROUPS), say_it("Without a name."), needed=False
        ),
        f"{name}-beneficiaries": fields.number(say_it("For how many people?")),
        f"{name}-amount": fields.amount(say_it("Amount of money, if any"), say_it("For all of them together.")),
        f"{name}-currency": fields.one_of(say_it("Currency"), fields.in_words(CURRENCIES), needed=False),
        f"{name}-due": fields.day(say_it("By which day?"), say_it("Leave it empty for the procedure’s own date.")),
    }


def _remedy(form: Form, name: str) -> dict[str, Any]:
    due = form[f"{name}-due"].data
    sum_of_money = form[f"{name}-amount"].data or ""
    return {
        "issue": int(form[f"{name}-issue"].data),
        "kind": form[f"{name}-kind"].data,
        "owner": form[f"{name}-owner"].data or "",
        "group": form[f"{name}-group"].data or "",
        "beneficiaries": form[f"{name}-beneficiaries"].data,
        "amount": sum_of_money,
        "currency": (form[f"{name}-currency"].data or "") if sum_of_money else "",
        "due": due.isoformat() if due else "",
    }


def _issue(no: str, category: str) -> str:
    return say_it(say("Issue {no}: {what}", no=no, what=say(CATEGORIES[category])))


SHAPES: Mapping[str, Callable[[str, Ask, Choices], Fields]] = {
    "line": _line,
    "text": _text,
    "number": _number,
    "date": _date,
    "moment": _moment,
    "choice": _choice,
    "choices": _choices,
    "yes": _yes,
    "pick": _pick,
    "picks": _picks,
    "seat": _pick,
    "outcomes": _per_issue,
    "answers": _per_issue,
    "remedy": _remedies,
}
