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
