"""Every refusal this house can utter: a small family, each with a sentence that says what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Said:
    """A message id (English, translated at the door) and the values that it names in `{braces}`."""

    text: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        return self.text.format(**self.values)


def say(text: str, **values: object) -> Said:
    """A `Said` in one breath; the extractor of catalogues looks for this name."""
    return Said(text, MappingProxyType(values))


UNANSWERED = say("Please answer this.")


class GrievanceError(Exception):
    """The family. `said` is safe to show to whoever caused it, after translation."""

    def __init__(self, said: Said | str) -> None:
        self.said = said if isinstance(said, Said) else Said(said)
        super().__init__(str(self.said))


class Refused(GrievanceError):
    """This move is not possible now; the reason says why and so what would make it possible."""


class Stale(GrievanceError):
    """Somebody else moved the case between reading and writing; nothing was written."""

    def __init__(self) -> None:
        super().__init__(say("Somebody moved this case while you were reading. Look again, then send what you wrote."))


class Busy(GrievanceError):
    """The database could not serve the request; nothing was written."""

    def __init__(self, said: Said | None = None) -> None:
        super().__init__(said or say("The system is very busy. Nothing was lost: please send it again in a moment."))


class Down(Busy):
    """The database is not there, or takes nothing: stopped, unreachable, its disk full or read-only."""

    def __init__(self) -> None:
        super().__init__(
            say("The system cannot save anything now, so nothing was sent. Please try again in a few minutes.")
        )


class Gone(GrievanceError):
    """A file that should be there is not, or the place of the files does not answer."""

    def __init__(self) -> None:
        super().__init__(say("Files cannot be reached now. Nothing else is lost: try again in a moment."))


class Hidden(GrievanceError):
    """There is nothing here for this viewer: a missing case and a foreign one are the same."""

    def __init__(self) -> None:
        super().__init__(say("There is nothing here for you. Check the address, or start from the first page."))


def or_hidden(found: Found | None) -> Found:
    """What was found. Raises Hidden where that is nothing."""
    if found is None:
        raise Hidden
    return found


class Invalid(GrievanceError):
    """Answers that do not fit; `fields` maps each field to its sentence."""

    def __init__(self, fields: Mapping[str, Said]) -> None:
        self.fields = MappingProxyType(dict(fields))
        super().__init__(say("Some answers need another look. What you wrote is kept."))


def needed(name: str, text: str) -> None:
    """Raises Invalid, under the name of its field, for a text that says nothing."""
    if not text.strip():
        raise Invalid({name: UNANSWERED})


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a data file: where, and what is wrong in plain words."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class Faulty(GrievanceError):
    """A data file (procedure, calendar, scenarios) with all of its faults at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__(say("{faults}", faults="\n".join(str(fault) for fault in self.faults)))
