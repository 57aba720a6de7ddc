"""The fields that forms are built of: any script's digits are read, sentences are ours, what was typed stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from wtforms import Form
from wtforms.fields import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError

from grievance.core.errors import Said
from grievance.language import plain_digits
from grievance.web.speaking import say_it, say_many


class Catalogue:
    """Our catalogue under the two names that WTForms calls."""

    def gettext(self, text: str) -> str:
        """One message."""
        return say_it(text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """A message that depends on a count."""
        return say_many(one, many, n)


class Page(Form):
    """A form of this house. Invisible characters at both ends are dropped, nothing else of what was typed."""

    class Meta:
        """How WTForms behaves here."""

        def get_translations(self, form: Form) -> Catalogue:  # noqa: ARG002
            """Ours: WTForms ships no Khmer."""
            return Catalogue()

        def bind_field(self, form: Form, unbound: Any, options: Any) -> Any:
            """Texts are stripped."""
            if issubclass(unbound.field_class, StringField):
                filters = unbound.kwargs.get("filters", [])
                unbound.kwargs["filters"] = [*filters, _strip] if _strip not in filters else filters
            return unbound.bind(form=form, **options)


def _strip(text: str | None) -> str:
    return (text or "").strip(" \t\r\n\u200b\ufeff")


class Plain:
    """Reads the digits of any script before the field itself reads them."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As the field does, on ASCII digits."""
        super().process_formdata([plain_digits(value) for value in valuelist])  # type: ignore[misc]


class Number(Plain, IntegerField):
    """A whole number."""


class Day(Plain, DateField):
    """A date, as the browser's own picker sends it."""


class Moment(Plain, DateTimeLocalField):
    """A date and a time of day in the programme's zone."""


class Answered(InputRequired):
    """Must be answered: blanks and invisible characters alone are no answer."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raises StopValidation with our sentence; WTForms translates only sentences of its own."""
        super().__call__(form, field)
        if isinstance(field, StringField) and not field.data:
            field.errors = []
            raise StopValidation(self.message or "")


def required() -> InputRequired:
    """Must be answered."""
    return Answered(say_it("Please answer this."))


def at_most(most: int) -> Length:
    """A text of so many characters at most."""
    return Length(max=most, message=say_it("Shorter, please: at most %(max)d characters."))


def in_words(choices: Mapping[str, Said] | Mapping[str, str]) -> dict[str, str]:
    """Choices that are messages of ours, in the reader's language; names are handed to a field as they are."""
    return {value: say_it(said) for value, said in choices.items()}


def _options(choices: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in choices.items()]


def line(label: str, hint: str = "", *, most: int = 200, needed: bool = True) -> Any:
    """One line of text."""
    return StringField(label, [required() if needed else Optional(), at_most(most)], description=hint)


def text(label: str, hint: str = "", *, most: int = 20_000, needed: bool = True) -> Any:
    """A text of any length that a person would write."""
    return TextAreaField(label, [required() if needed else Optional(), at_most(most)], description=hint)


def one_of(label: str, choices: Mapping[str, str], hint: str = "", *, needed: bool = True) -> Any:
    """One of a few (value → words in the reader's language): radios up to seven, else a list."""
    if len(choices) <= 7:  # noqa: PLR2004  more radios than fit on a phone's screen
        return RadioField(label, [required() if needed else Optional()], choices=_options(choices), description=hint)
    return picked(label, choices, hint, needed=needed)


def picked(label: str, choices: Mapping[str, str], hint: str = "", *, needed: bool = True) -> Any:
    """One of many, or one of a list that grows with the house: it folds up, however short."""
    options = _options({"": say_it("Choose…") if needed else say_it("None"), **choices})
    return SelectField(label, [required() if needed else Optional()], choices=options, description=hint)


def some_of(label: str, choices: Mapping[str, str], hint: str = "", *, needed: bool = True) -> Any:
    """Any number of a few."""
    return SelectMultipleField(label, [required()] if needed else [], choices=_options(choices), description=hint)


def number(label: str, hint: str = "", *, least: int = 1, most: int = 1_000_000, needed: bool = True) -> Any:
    """A whole number within bounds."""
    bounds = NumberRange(least, most, message=say_it("A number from %(min)s to %(max)s, please."))
    return Number(label, [required() if needed else Optional(), bounds], description=hint)


def yes(label: str, hint: str = "") -> Any:
    """A box that must be ticked."""
    return BooleanField(label, [InputRequired(say_it("Tick this to go on."))], description=hint)


def day(label: str, hint: str = "", *, needed: bool = False) -> Any:
    """A date."""
    return Day(label, [required() if needed else Optional()], description=hint)


def moment(label: str, hint: str = "") -> Any:
    """A date and a time of day."""
    return Moment(label, [required()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], description=hint)


def amount(label: str, hint: str = "") -> Any:
    """An amount of money as typed, digits of any script, a point for the decimals; kept as text, never as a float."""

    def fits(_: Form, field: Field) -> None:
        field.data = plain_digits(field.data or "").replace(",", "").replace(" ", "")
        whole, _, rest = field.data.partition(".")
        if field.data and not (whole.isdigit() and (not rest or rest.isdigit()) and len(field.data) <= 15):  # noqa: PLR2004
            raise ValidationError(say_it("An amount such as 120.50, please."))

    return StringField(label, [Optional(), fits], description=hint)


def iso(value: datetime) -> str:
    """An instant as the ledger keeps it."""
    return value.astimezone(UTC).isoformat()
