"""A case with other values: as `dataclasses.replace` gives it, only faster."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from grievance.core.case import Case, changed
from grievance.store import codec


def test_a_changed_case_is_what_replace_gives() -> None:
    case = Case(id="a", seq=3, about=("wages",))
    other = changed(case, seq=4, stage="triage")
    assert other == replace(case, seq=4, stage="triage")
    assert codec.write_case(other) == codec.write_case(replace(case, seq=4, stage="triage"))
    assert (case.seq, case.stage) == (3, "")


def test_a_name_that_no_case_has_is_refused() -> None:
    with pytest.raises(TypeError, match="stagee"):
        changed(Case(), stagee="triage")  # type: ignore[call-arg]


def test_a_case_stays_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        changed(Case(), seq=1).seq = 2  # type: ignore[misc]


def test_a_kept_case_is_told_from_another_to_the_letter_and_may_be_older() -> None:
    case = Case(id="a", seq=3, about=("wages",), consents={"referral": True})
    text = codec.write_case(case)
    assert codec.says(text, case)
    assert codec.says(text.replace('"signed":{}', "").replace(",}", "}"), case), "of a version that did not know it"
    for was, now in (
        ('"seq":3', '"seq": 3'),
        ('"seq":3', '"seq":3.0'),
        ('"seq":3', '"seq":4,"seq":3'),
        ('"signed"', '"Signed"'),
        ('"referral":true', '"referral":true,"x":1'),
        ('"wages"', r'"w\u0061ges"'),
        ('["wages"]', '["wages","wages"]'),
        ('"id":"a",', ""),
        ("}", ""),
    ):
        assert was in text
        assert not codec.says(text.replace(was, now), case), now
