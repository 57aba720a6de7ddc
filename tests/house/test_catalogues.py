"""Catalogues: every message that people can meet is translated, and a missing one is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from config import Settings
from grievance import catalogues
from grievance.language import DRAFTS

Read = Callable[[Any], Catalog]


def test_every_catalogue_is_current_and_complete(capsys: pytest.CaptureFixture[str]) -> None:
    status = catalogues.check()
    assert capsys.readouterr().err == ""
    assert status == 0


def plant(monkeypatch: pytest.MonkeyPatch, change: Callable[[Catalog], None]) -> None:
    """Read every complete catalogue of a language with this change."""
    read: Read = read_po

    def changed(file: Any) -> Catalog:
        catalogue = read(file)
        if file.name.endswith(".po") and not any(f"/{draft}/" in file.name for draft in DRAFTS):
            change(catalogue)
        return catalogue

    monkeypatch.setattr(catalogues, "read_po", changed)


def drop(catalogue: Catalog) -> None:
    catalogue.delete("Make a complaint")


def empty(catalogue: Catalog) -> None:
    catalogue["Make a complaint"].string = ""


def guess(catalogue: Catalog) -> None:
    catalogue["Make a complaint"].flags.add("fuzzy")


def grow(catalogue: Catalog) -> None:
    catalogue.add("A message that nobody meets", "…")


def lose_a_value(catalogue: Catalog) -> None:
    catalogue["The case goes on to: {stage}"].string = "…"


PLANTS = [
    (drop, "lacks “Make a complaint”"),
    (empty, "does not translate “Make a complaint”"),
    (guess, "does not translate “Make a complaint”"),
    (grow, "still has “A message that nobody meets”"),
    (lose_a_value, "has other values in braces in “The case goes on to: {stage}”"),
]


# asvs: 1.3.10
@pytest.mark.parametrize(("change", "fault"), PLANTS)
def test_a_planted_fault_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Catalog], None],
    fault: str,
) -> None:
    plant(monkeypatch, change)
    assert catalogues.check() == 1
    assert capsys.readouterr().err == f"translations/km/LC_MESSAGES/messages.po: {fault}\n"


def test_a_draft_may_lack_messages_and_is_offered_only_where_a_setting_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not set(Settings.read({}).languages) & DRAFTS
    assert {path.parents[1].name for path in catalogues._catalogues()} > DRAFTS
    monkeypatch.setattr(catalogues, "DRAFTS", frozenset())
    assert catalogues.check() == 1
    assert "translations/ur/LC_MESSAGES/messages.po: lacks “Withdraw the complaint”" in capsys.readouterr().err


def test_a_word_of_a_procedure_that_no_catalogue_has_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*catalogues._vocabulary(), "A stage that is new"]
    monkeypatch.setattr(catalogues, "_vocabulary", lambda: iter(words))
    assert catalogues.check() == 1
    said = capsys.readouterr().err
    assert "messages.pot is not current" in said
    assert "messages.po: lacks “A stage that is new”" in said
