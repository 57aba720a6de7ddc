"""What people write, sought where it leaves the house: backups, the journal, letters, pages and exports, by everybody."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from pyrage import x25519

from grievance.casework import delivering
from grievance.casework.desk import Desk
from grievance.casework.house import packing, safekeeping
from grievance.casework.showing import exporting
from grievance.casework.words import custody
from grievance.core.errors import Hidden
from grievance.notices import Notice
from grievance.store import journal
from tests import makers
from tests.casework.test_canaries import CLEAR, SEALED, told
from tests.makers import Clock, Story, viewer
from tests.seeking import found_in, leak
from tests.web.staff import Staff
from tests.web.test_intake import Phone

__all__ = ["told"]

KEY = x25519.Identity.generate()
NEVER = {
    "officer": {"name", "organisation"},
    "complainant": {"note"},
    "party": set(SEALED)
    - {"reasons", "statement", "comment", "position", "plan", "proof", "seen", "caption", "shown_as", "file"},
}
"""What must never be read there. The panel and the parties may read what is exchanged between them, and shown files."""


@pytest.fixture
def app(database: str, tmp_path: Path, clock: Clock, keys: Path, volume: Path) -> Iterator[Flask]:
    """The house with a journal on a second disk."""
    to = str(KEY.to_public())
    more = {"GRIEVANCE_KEYS": str(keys), "GRIEVANCE_JOURNAL": str(volume), "GRIEVANCE_JOURNAL_TO": to}
    made = makers.house(tmp_path, database, clock, **more)
    yield made
    makers.desk_of(made).store.engine.dispose()


def leaks(piles: Mapping[str, bytes], canaries: Mapping[str, str]) -> dict[str, set[str]]:
    return {name: found for name, pile in piles.items() if (found := found_in(pile, canaries))}


def backups(desk: Desk) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Both files as they lie on a disk; and all their parts, opened with the key that stays away from the machine."""
    cases, wraps = io.BytesIO(), io.BytesIO()
    safekeeping.backup(desk, cases, wraps, [str(KEY.to_public())])
    closed = {"cases": cases.getvalue(), "wraps": wraps.getvalue()}
    parts: dict[str, bytes] = {}
    for name, raw in closed.items():
        with packing.unpacked(io.BytesIO(raw), KEY) as found:
            for part, body in found:
                parts[f"{name}: {part}"] = parts.get(f"{name}: {part}", b"") + body
    return closed, parts


def test_no_canary_is_in_a_backup(desk: Desk, told: Story) -> None:
    assert told.ref
    closed, parts = backups(desk)
    assert leaks(closed, SEALED | CLEAR) == {}
    assert leaks(parts, SEALED) == {}
    assert set.union(*leaks(parts, CLEAR).values()) == set(CLEAR), "the search is blind"
    assert not any(name.startswith("wraps") for name in leaks(parts, CLEAR)), "keys stand beside words"


def test_no_canary_is_in_the_journal(desk: Desk, told: Story, volume: Path) -> None:
    import pyrage

    assert told.ref
    assert desk.store.journal
    files = sorted(volume.glob("*.journal"))
    assert leaks({file.name: file.read_bytes() for file in files}, SEALED | CLEAR) == {}
    frames = [frame for file in files for frame in journal.frames(file)]
    plain = {str(no): pyrage.decrypt(frame, [KEY]) for no, frame in enumerate(frames)}
    assert plain
    assert leaks(plain, SEALED) == {}
    assert set.union(*leaks(plain, CLEAR).values()) == set(CLEAR), "the search is blind"


def test_no_canary_is_in_a_letter(desk: Desk, told: Story) -> None:
    sent: dict[str, bytes] = {}

    def send(mail: str, letter: Notice) -> None:
        sent[f"{mail} {len(sent)}"] = f"{letter.subject}\n{letter.body}".encode()

    while delivering.deliver(desk, send):
        pass
    assert len(sent) > 5
    assert leaks(sent, SEALED | CLEAR | {"ref": told.ref, "receipt": told.receipt}) == {}


def test_each_role_reads_what_is_theirs_and_no_more(app: Flask, desk: Desk, told: Story) -> None:
    """On pages and in exports."""
    ref = told.ref
    custody.ask(desk, viewer("sophea"), ref, "danger", "She was locked in.", seen=0)
    people = {"sophea": ("office", "officer"), "lotus-hr": ("party", "party"), "north-buyer": ("party", "party")}
    people |= dict.fromkeys(told.seated("panel"), ("panel", "party"))
    found = []
    for person, (door, role) in people.items():
        page = Staff(app, person).get(f"/{door}/cases/{ref}")
        assert page.status_code == 200
        piles = {"page": page.data, "headers": str(page.headers).encode()}
        piles["export"] = exporting.export(desk, viewer(person), ref)
        never = {name: SEALED[name] for name in NEVER[role]}
        found += [(person, name, read) for name, read in leaks(piles, never).items()]
        assert leaks({"page": page.data}, CLEAR), (person, "the search is blind")
    custodian = Staff(app, "o3")
    pages = {address: custodian.get(address).data for address in ("/custody", f"/custody/cases/{ref}")}
    assert b"She was locked in." in pages[f"/custody/cases/{ref}"]
    found += [("o3", name, read) for name, read in leaks(pages, SEALED | CLEAR).items()]
    phone = Phone(app)
    phone.open(told.receipt)
    mine = {address: phone.get(address).data for address in ("/case", "/case/words", "/case/export")}
    found += [("receipt", name, read) for name, read in leaks(mine, {"note": SEALED["note"]}).items()]
    for person in ("mekong-hr", "n2", "m2", "op", "sarin"):
        with pytest.raises(Hidden):
            exporting.export(desk, viewer(person), ref)
        stranger = Staff(app, person)
        shown = {door: stranger.get(f"/{door}/cases/{ref}").data for door in ("office", "party", "panel", "custody")}
        shown |= {f"list of {door}": stranger.get(f"/{door}").data for door in ("office", "party", "panel", "custody")}
        found += [(person, name, read) for name, read in leaks(shown, SEALED | CLEAR).items()]
    assert found == []


def test_planted_a_filing_that_keeps_its_words_in_clear_is_found_in_both(
    desk: Desk, volume: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyrage

    leak(desk.vault, monkeypatch)
    Story.filed(desk, contact={"phone": SEALED["phone"]})
    closed, parts = backups(desk)
    assert leaks(closed, SEALED) == {}
    assert set.union(*leaks(parts, SEALED).values()) == {"phone"}
    frames = [frame for file in volume.glob("*.journal") for frame in journal.frames(file)]
    assert leaks({"journal": b"".join(pyrage.decrypt(frame, [KEY]) for frame in frames)}, SEALED)


def test_planted_an_employer_who_reads_as_the_office_is_found(
    app: Flask, desk: Desk, told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grievance.core import visibility

    monkeypatch.setattr(visibility, "OWN_WORDS", visibility.OWN_WORDS | {"respondent"})
    with pytest.raises(AssertionError, match="lotus-hr"):
        test_each_role_reads_what_is_theirs_and_no_more(app, desk, told)
