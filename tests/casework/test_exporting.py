"""An exported case tells what its viewer may see and no more, and every change of the file is found, but one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from grievance.app import create_app
from grievance.casework import moving
from grievance.casework.desk import Desk
from grievance.casework.showing import exporting
from grievance.cli import run
from grievance.core import exported
from grievance.core.chain import GENESIS, link
from grievance.core.errors import Hidden
from grievance.store.tables import cases, events
from tests import makers
from tests.makers import Story, viewer

OTHERS = ("complainant", "respondent")


@pytest.fixture
def story(desk: Desk) -> Story:
    """A case before the panel, with a note of the office, a message, and a first view."""
    made = Story.filed(desk).taken()
    moving.write_note(desk, viewer("sophea"), made.ref, "CANARYnote")
    assert made.bearer is not None
    moving.write_message(desk, made.bearer, made.ref, "CANARYmessage")
    made.answered().reviewed()
    person = next(iter(made.seated("panel")))
    made.position("take_view", "upheld", person=person)
    return made


def file_of(desk: Desk, story: Story, role: str, person: str = "") -> dict[str, Any]:
    raw = exporting.export(desk, story.who(role, person), story.ref)
    assert exporting.check_file(raw).faults == ()
    return dict(json.loads(raw))


def raw_of(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()


def test_a_whole_file_of_a_case_that_nobody_judged_yet_carries_the_ledgers_own_hashes(desk: Desk) -> None:
    story = Story.filed(desk).taken()
    content = file_of(desk, story, "officer")
    assert content["whole"]
    with desk.store.read() as tx:
        hashes = list(tx.execute(select(events.c.hash).order_by(events.c.seq)).scalars())
        assert content["head"] == tx.execute(select(cases.c.head)).scalar_one()
    assert [entry["hash"] for entry in content["entries"]] == hashes
    words = {text["name"]: text["body"] for text in content["texts"]}
    assert words["restatement"] == "Overtime is unpaid."
    assert "គេមិនបើកប្រាក់ថែមម៉ោងឱ្យយើងទេ" in words["account"]


def test_the_office_is_not_told_what_the_panel_thinks_before_it_decides(desk: Desk, story: Story) -> None:
    content = file_of(desk, story, "officer")
    assert not content["whole"]
    assert "PositionTaken" not in {entry["kind"] for entry in content["entries"]}
    assert "upheld" not in json.dumps(content)
    assert "CANARYnote" in json.dumps(content)


def test_each_hears_what_they_may_see_and_nothing_else(desk: Desk, story: Story) -> None:
    with desk.store.read() as tx:
        ledger = set(tx.execute(select(events.c.hash)).scalars())
        case_id = tx.execute(select(cases.c.id)).scalar_one()
    filed = json.dumps(makers.complaint().account["words"], ensure_ascii=False)
    for role in OTHERS:
        content = file_of(desk, story, role)
        said = json.dumps(content, ensure_ascii=False)
        assert not content["whole"]
        assert not any(entry["hash"] in ledger for entry in content["entries"]), "no hash to guess against"
        for hidden in ("CANARYnote", case_id, "sophea", "Assessed", "could_have_written", "severity", '"upheld"'):
            assert hidden not in said, (role, hidden)
        assert (filed.strip('"') in said) is (role == "complainant")
        assert ("CANARYmessage" in said) is (role == "complainant")
        assert "Overtime is unpaid." in said
        kinds = {entry["kind"] for entry in content["entries"]}
        assert "SeatTaken" not in kinds, "nobody learns who sits where"
        assert ("Filed" in kinds) is (role == "complainant")


def test_a_party_learns_no_moment_before_the_release(desk: Desk, story: Story) -> None:
    released = story.view("officer").released_at
    assert released is not None
    micros = int(released.timestamp() * 1_000_000)
    for role, person in (("respondent", ""), ("panel", next(iter(story.seated("panel"))))):
        moments = [entry["at"] for entry in file_of(desk, story, role, person)["entries"]]
        assert all(at is None or at >= micros for at in moments)


def test_a_panellist_hears_their_own_view_and_no_other(desk: Desk, story: Story) -> None:
    first, second = list(story.seated("panel"))[:2]
    story.position("take_view", "partly", person=second)
    said = json.dumps(file_of(desk, story, "panel", first))
    assert "Because upheld." in said
    assert "partly" not in said


def test_whoever_holds_no_seat_gets_nothing(desk: Desk, story: Story) -> None:
    with pytest.raises(Hidden):
        exporting.export(desk, viewer("mekong-hr"), story.ref)
    other = Story.filed(desk)
    assert other.bearer is not None
    with pytest.raises(Hidden):
        exporting.export(desk, other.bearer, story.ref)
    assert json.loads(exporting.export(desk, other.bearer, other.ref))["ref"] == other.ref


def change(entry: int, name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def plant(content: dict[str, Any]) -> None:
        content["entries"][entry][name] = value

    return plant


def _rehash_one(content: dict[str, Any]) -> None:
    entry = content["entries"][1]
    entry["data"] = "{}"
    previous = content["entries"][0]["hash"]
    at = -1 if entry["at"] is None else entry["at"]
    entry["hash"] = link(previous, content["id"], entry["seq"], at, entry["kind"], entry["actor"], entry["data"])


def _swap(content: dict[str, Any]) -> None:
    entries = content["entries"]
    entries[1], entries[2] = entries[2], entries[1]


def _text(content: dict[str, Any]) -> None:
    content["texts"][0]["body"] += "."


def _text_of_another(content: dict[str, Any]) -> None:
    content["texts"][0]["seq"] = len(content["entries"])


PLANTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "a moment": change(2, "at", 1),
    "an actor": change(2, "actor", "{}"),
    "a fact": change(2, "data", "{}"),
    "a kind": change(2, "kind", "Noted"),
    "a hash": change(2, "hash", "0" * 64),
    "an entry dropped": lambda content: content["entries"].pop(2),
    "the first entry dropped": lambda content: content["entries"].pop(0),
    "the newest entry dropped": lambda content: content["entries"].pop(),
    "an entry doubled": lambda content: content["entries"].insert(2, content["entries"][1]),
    "two entries swapped": _swap,
    "one entry hashed anew": _rehash_one,
    "a text": _text,
    "a text of another entry": _text_of_another,
}


@pytest.mark.parametrize("role", ["officer", "complainant"])
def test_every_change_is_found_even_under_a_new_fingerprint(desk: Desk, story: Story, role: str) -> None:
    kept = json.dumps(file_of(desk, story, role))
    for name, plant in PLANTS.items():
        content = json.loads(kept)
        plant(content)
        assert "The fingerprint does not fit" in " ".join(exporting.check_file(raw_of(content)).faults), name
        content["fingerprint"] = exported.fingerprint(content)
        assert exporting.check_file(raw_of(content)).faults, name


def rehashed(content: dict[str, Any]) -> dict[str, Any]:
    """The file as somebody would make it who changes it and reckons everything anew."""
    previous = GENESIS
    for entry in content["entries"]:
        at = -1 if entry["at"] is None else entry["at"]
        previous = link(previous, content["id"], entry["seq"], at, entry["kind"], entry["actor"], entry["data"])
        entry["hash"] = previous
    content["head"] = previous
    content["fingerprint"] = exported.fingerprint(content)
    return content


def test_a_whole_rehash_hides_a_change_and_only_what_was_noted_elsewhere_shows_it(desk: Desk) -> None:
    """Said honestly in `core/exported.py`, and here."""
    content = file_of(desk, Story.filed(desk).taken(), "officer")
    noted = (content["head"], content["fingerprint"])
    content["entries"][0]["data"] = content["entries"][0]["data"].replace('"U3"', '"U1"')
    assert exporting.check_file(raw_of(rehashed(content))).faults == ()
    assert (content["head"], content["fingerprint"]) != noted


def test_a_whole_file_that_says_another_stage_than_its_entries_is_found(desk: Desk) -> None:
    content = file_of(desk, Story.filed(desk).taken(), "officer")
    content["stage"] = "closed"
    assert exporting.check_file(raw_of(rehashed(content))).faults == ("The stage is not what the entries say.",)
    content["entries"][1]["data"] = "{"
    assert "cannot be read" in exporting.check_file(raw_of(rehashed(content))).faults[0]


# asvs: 1.5.2
@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"\xff", b'{"format": "grievance-case-1"}', b"1" * 5000])
def test_what_is_no_exported_case_is_said_so(raw: bytes) -> None:
    checked = exporting.check_file(raw)
    assert not checked.content
    assert checked.faults[0].startswith("This is no exported case")


def test_the_command_needs_no_database_and_no_key(
    desk: Desk, story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_house(_: object) -> Any:
        raise AssertionError

    file = tmp_path / "case.json"
    file.write_bytes(exporting.export(desk, story.who("complainant"), story.ref))
    chosen = makers.settings(tmp_path)
    assert run(["verify", str(file)], chosen, no_house) == 0
    assert "as complainant may see it" in capsys.readouterr().out
    content = json.loads(file.read_bytes())
    content["turn"] = "nobody"
    file.write_bytes(raw_of(content))
    assert run(["verify", str(file)], chosen, no_house) == 1
    assert "The fingerprint does not fit" in capsys.readouterr().out
    assert run(["verify", str(tmp_path / "gone.json")], chosen, create_app) == 1
