"""What pages with a list of cases are given: frozen values that hold what this viewer may see and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from grievance.casework.views import Due


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of cases."""

    ref: str
    title: str
    stage_label: str
    turn: str
    turn_label: str
    my_turn: bool
    lane: str
    final_label: str
    category: str
    site: str
    site_name: str
    place: str
    assignee: str
    assignee_name: str
    mine: bool
    due: Due | None
    seq: int = 0  # of the case when it was listed
    spoken: bool = False  # the viewer's own seat has moved since the stage was entered
    answers: str = "employers"  # the side that answers in this procedure: one of procedure.RESPONDENTS
    brand: str = ""  # the name of the brand that a complaint is about, where the viewer may know
    second: bool = False  # a second officer is asked to confirm the release, and the viewer could be the one
    empty: tuple[tuple[str, str], ...] = ()  # (role, side) of seats that nobody fills


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of a list of cases, and what it was narrowed to."""

    rows: tuple[Row, ...]
    total: int
    more: bool  # the list holds more than `total`; of a long one not all are counted
    first: int
    page: int
    pages: int  # that are known of
    counts: Mapping[str, str]  # tab → how many, "1000+" for more
    officers: Mapping[str, str]
    order: str = ""  # the name of the order that holds, empty for that of time; a hyphen before it turns it round
    only: int = 0  # so many cases were sorted where the list holds more, those that are due soonest; else 0
    today: date | None = None  # in the programme's zone
    stopped: str = ""  # why the clock stands still, empty while it runs
    bulk: int = 0  # so many cases wait in the bulk lane for the viewer, up to lists.MANY + 1
    unreached: bool = False  # somebody did not receive our notices, and the viewer has to see to it
