"""What a move may ask and what a form can show are one list; every ask is asked somewhere."""

from __future__ import annotations

from pathlib import Path

from grievance.casework.showing.choosing import CHOICES, PICKED
from grievance.core.asks import ASKS
from grievance.core.lawbook import read_lawbook
from grievance.core.procedure import RESPONDENTS, TURNS
from grievance.vault import COMPARTMENTS
from grievance.web.forms.asks import SHAPES
from grievance.web.navigation import SHORT_RESPONDENTS, SHORT_TURNS

PROCEDURES = read_lawbook(Path(__file__).resolve().parents[2] / "workflows").procedures.values()


# asvs: 2.1.1
def test_every_shape_has_a_field_and_every_field_a_shape() -> None:
    assert {ask.shape for ask in ASKS.values()} <= set(SHAPES)


# asvs: 14.1.1
def test_every_text_has_a_place() -> None:
    kept = {name: ask.kept for name, ask in ASKS.items() if ask.shape in ("line", "text")}
    wrong = {name: place for name, place in kept.items() if place != "clear" and place not in COMPARTMENTS}
    assert not wrong
    assert {name for name, place in kept.items() if place == "clear"} == {"title", "restatement"}


def test_every_ask_is_asked_by_a_procedure() -> None:
    asked = {ask for procedure in PROCEDURES for move in procedure.moves.values() for ask in move.asks}
    assert set(ASKS) == asked


def test_every_ask_that_depends_on_the_case_says_where_its_choices_come_from() -> None:
    assert {name for name, ask in ASKS.items() if ask.shape in PICKED} == set(CHOICES)


def test_a_list_has_a_word_for_every_turn() -> None:
    assert set(SHORT_TURNS) == set(TURNS)
    assert set(SHORT_RESPONDENTS) == set(RESPONDENTS)
