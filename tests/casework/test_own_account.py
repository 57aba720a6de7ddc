"""What lets somebody into an account does not come or go without an entry, whoever does it: its owner too."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest

from grievance.casework.desk import Desk
from grievance.casework.house import entering, people, recording, steps
from grievance.core.errors import Hidden, Refused
from grievance.demo import cast
from grievance.store import factors, sessions
from grievance.store import people as accounts
from grievance.vault import token_hash
from tests.makers import contents, viewer

HOUSE = Path(people.__file__).parent
SOPHEA, MAIL = viewer("sophea"), "officer@demo.test"
CHANGES = {
    *("factors.add", "factors.remove", "factors.remove_all", "bindings.bind", "bindings.unbind"),
    *("sign_ins.close_session", "sign_ins.close_sessions", "sessions.close_session", "sessions.close_sessions"),
    *("rows.set_password", "setup.change_person"),
}
"""Functions of the store that change what lets somebody in, as the house calls them."""
WITHOUT = {
    "people.sign_in": "the same password, hashed anew",
    "people.sign_out": "whoever leaves their own browser",
    "steps.forget": "part of a deed, which notes it",
}
"""Who calls one of them and notes nothing, and why."""


def unnoted(sources: dict[str, str]) -> set[str]:
    """The functions that change what lets somebody in and note nothing."""
    found = set()
    for module, source in sources.items():
        for one in ast.parse(source).body:
            if isinstance(one, ast.FunctionDef):
                called = {ast.unparse(node.func) for node in ast.walk(one) if isinstance(node, ast.Call)}
                noted = called & {"act.note", "recording.note"}
                found |= {f"{module}.{one.name}"} if called & CHANGES and not noted else set()
    return found


def test_whatever_lets_somebody_in_is_changed_with_an_entry() -> None:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in HOUSE.glob("*.py")}
    assert unnoted(sources) == WITHOUT.keys()


def test_planted_a_function_that_forgets_it_is_named() -> None:
    assert unnoted({"steps": "def lend(tx, row):\n    factors.add(tx, row)\n"}) == {"steps.lend"}


def noted(desk: Desk) -> list[str]:
    """What the record says now, oldest first."""
    return [row[3] for row in sorted(contents(desk)["deeds"])]


def an_app(desk: Desk, name: str) -> tuple[str, ...]:
    offer = steps.offer(desk, SOPHEA, "The house")
    code = pyotp.TOTP("".join(offer.groups)).at(desk.now())
    return steps.keep_app(desk, SOPHEA, "a token", offer.sealed, name, code)


def check_each_change(desk: Desk) -> None:
    def does(act: Callable[[], object], *kinds: str) -> None:
        before = noted(desk)
        act()
        assert noted(desk) == [*before, *kinds]

    codes: list[str] = []
    here = people.sign_in(desk, MAIL, cast.PASSWORD).token
    elsewhere = people.session_id(people.sign_in(desk, MAIL, cast.PASSWORD).token).hex()
    does(lambda: people.end_session(desk, SOPHEA, elsewhere), "signed_out")
    does(lambda: codes.extend(an_app(desk, "Telephone of Sophea")), "totp_added", "codes_made")
    does(lambda: entering.prove(desk, SOPHEA, here, codes[0]), "code_used")
    does(lambda: an_app(desk, "A second one"), "totp_added")
    does(lambda: steps.new_codes(desk, SOPHEA), "codes_made")
    for one in steps.ways(desk, SOPHEA).steps:
        does(lambda one=one: steps.remove(desk, SOPHEA, one.id), "totp_removed")  # type: ignore[misc]
    does(lambda: people.sign_out(desk, SOPHEA, here))
    rows = [row for row in contents(desk)["deeds"] if row[2] == "sophea"]
    assert rows
    assert {row[4] for row in rows} == {"sophea"}
    assert "Telephone" not in repr(rows), "what somebody calls their telephone is nobody's business for ever"
    assert recording.verify(desk) == []


def test_what_somebody_changes_of_their_own_account_has_its_entry(desk: Desk) -> None:
    check_each_change(desk)


def test_new_codes_are_told_in_a_letter(desk: Desk) -> None:
    an_app(desk, "Telephone")
    letters = len(contents(desk)["outbox"])
    steps.new_codes(desk, SOPHEA)
    told = [row for row in contents(desk)["outbox"][letters:] if {"sophea", "steps"} <= set(map(str, row))]
    assert len(told) == 1


def test_planted_a_change_that_forgets_its_entry_is_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    an_app(desk, "Telephone")
    monkeypatch.setattr(recording.Deed, "note", lambda *_, **__: None)
    with pytest.raises(RuntimeError, match="without an entry"):
        steps.new_codes(desk, SOPHEA)
    with pytest.raises(RuntimeError, match="without an entry"):
        steps.remove(desk, SOPHEA, steps.ways(desk, SOPHEA).steps[0].id)
    assert steps.has_step(desk, SOPHEA)


def test_what_was_refused_has_none(desk: Desk) -> None:
    before = noted(desk)
    with pytest.raises(Refused):
        steps.new_codes(desk, SOPHEA)
    with pytest.raises(Hidden):
        steps.remove(desk, SOPHEA, "0" * 32)
    with pytest.raises(Hidden):
        people.end_session(desk, SOPHEA, token_hash("nobody's").hex())
    with desk.store.write() as tx:
        assert accounts.person_by_mail(tx, MAIL)
        sessions.close_sessions(tx, "sophea")
        assert not factors.has_step(tx, "sophea")
    assert noted(desk) == before
