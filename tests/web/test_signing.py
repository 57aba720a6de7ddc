"""What a panellist signed with a passkey holds without the house; whoever changes it, or signs for another, is found."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from grievance.casework import signable, signing
from grievance.casework.delivering import deliver
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing.exporting import check_file, export
from grievance.core import exported, signed
from grievance.core.chain import GENESIS, link
from grievance.core.events import PanelSigned
from grievance.notices import Notice
from grievance.store import audit
from grievance.store.tables import cases
from tests.makers import Story, page_token, viewer
from tests.passkeys import Passkey
from tests.web.staff import BASE, Staff, hidden, words
from tests.web.test_passkeys import a_passkey, options, register

OWN = "You have signed this with a passkey."
SIGNED = "Signed with their own key, so a change would be noticed:"


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story.filed(desk).taken().answered().reviewed()


def entries_of(desk: Desk, story: Story) -> list[Any]:
    with desk.store.read() as tx:
        found = tx.execute(select(cases.c.id).where(cases.c.ref == story.ref)).scalar_one()
        return [line.entry() for line in audit.lines(tx, found)]


def signer(app: Flask, desk: Desk, person: str, name: bytes = b"a passkey of the tests") -> tuple[Staff, Passkey]:
    staff, passkey = Staff(app, person), a_passkey(desk, id=name)
    assert register(staff, passkey).status_code == 200
    return staff, passkey


def sign(staff: Staff, passkey: Passkey, story: Story, what: str) -> int:
    address = f"/panel/cases/{story.ref}/sign/{what}"
    page = staff.get(address).text
    sent = {"page_token": page_token(page), "proof_passkey": passkey.sign(options(page))}
    return staff.client.post(address, base_url=BASE, data=sent).status_code


def decided(story: Story) -> list[str]:
    sitting = list(story.seated("panel"))
    for person in sitting:
        story.position("take_view", "not_upheld", person=person)
    sides = {side: person for person, side in story.seated("panel").items()}
    for person in sides.values():
        story.position("change_view", "not_upheld", person=person)
    assert story.view("officer").decided == "together"
    return sitting


def test_a_position_is_signed_and_a_changed_one_needs_a_new_signature(app: Flask, desk: Desk, story: Story) -> None:
    first, second, *rest = story.seated("panel")
    for person in (first, second):
        story.position("take_view", "upheld", person=person)
    staff, passkey = signer(app, desk, first)
    case = f"/panel/cases/{story.ref}"
    assert "You have not signed this. Only our own record shows it." in staff.read(case)
    shown = staff.read(f"{case}/sign/position")
    assert "Because upheld." in shown
    assert "Issue 1: Wages and benefits: Upheld" in shown
    assert "issue 1: upheld" in shown
    assert sign(staff, passkey, story, "position") == 303
    assert OWN in staff.read(case)
    assert SIGNED not in Staff(app, second).read(case), "a sealed view shows nothing of its seat"
    for person in rest:
        story.position("take_view", "partly", person=person)
    assert SIGNED in Staff(app, second).read(case)
    story.position("change_view", "partly", person=first)
    assert "You have not signed this. Only our own record shows it." in staff.read(case)
    assert OWN not in staff.read(case)
    assert "Not signed. Only our own record shows it:" in Staff(app, second).read(case)
    assert not verifying.verify(desk)[1]


def test_the_mark_is_mailed_before_and_says_nothing_of_the_case(app: Flask, desk: Desk, story: Story) -> None:
    first = next(iter(story.seated("panel")))
    deliver(desk, lambda *_: None)
    story.position("take_view", "upheld", person=first)
    sent: list[tuple[str, Notice]] = []
    deliver(desk, lambda mail, letter: sent.append((mail, letter)))
    marked = [letter.body for _, letter in sent if "Its mark is" in letter.body or signed.FORMAT in letter.body]
    page = Staff(app, first).read(f"/panel/cases/{story.ref}/sign/position")
    view = signing.look(desk, viewer(first), story.ref, "position", "x")
    letters = [letter.body for _, letter in sent if view.mark in letter.body]
    assert len(letters) == 1
    assert view.mark in page
    for word in (story.ref, "upheld", "Lotus", "Overtime", "http"):
        assert word not in letters[0]
    assert len(marked) <= 1


def test_a_mark_is_what_people_compare_and_nothing_else(app: Flask, desk: Desk, story: Story) -> None:
    first = next(iter(story.seated("panel")))
    story.position("take_view", "upheld", person=first)
    view = signing.look(desk, viewer(first), story.ref, "position", "x")
    assert f"Its mark {view.mark}" in Staff(app, first).read(f"/panel/cases/{story.ref}/sign/position")
    assert "mark" not in view.text


def test_what_was_signed_in_the_form_of_before_holds(
    app: Flask, desk: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, made, before = next(iter(story.seated("panel"))), signed.text, list(signed.FORMATS)[-1]
    story.position("take_view", "upheld", person=first)
    staff, passkey = signer(app, desk, first)

    def older(ref: str, seq: int, event: Any, seat: int, salt: str) -> str:
        return made(ref, seq, event, seat, salt, before)

    with monkeypatch.context() as then:
        then.setattr(signed, "text", older)
        assert sign(staff, passkey, story, "position") == 303
    entries = entries_of(desk, story)
    assert isinstance(entries[-1].event, PanelSigned)
    assert not list(signable.faults(story.ref, entries))
    monkeypatch.delitem(signed.FORMATS, before)
    assert [seq for seq, _ in signable.faults(story.ref, entries)] == [entries[-1].seq]


def test_a_decision_is_signed_seat_by_seat_and_holds_in_a_file(app: Flask, desk: Desk, story: Story) -> None:
    sitting = decided(story)
    staff, passkey = signer(app, desk, sitting[0])
    assert sign(staff, passkey, story, "position") == 303
    assert sign(staff, passkey, story, "decision") == 303
    other = Staff(app, sitting[1])
    address = f"/panel/cases/{story.ref}/sign/decision"
    page = other.get(address).text
    assert "You have no passkey" in words(page)
    assert "What you sign All sides decided together." in words(page)
    assert "Because not_upheld." in page
    assert other.send(f"{address}/attest", on=address, digest=hidden(page, "digest")).status_code == 303
    told = Staff(app, "sophea").read(f"/office/cases/{story.ref}")
    assert SIGNED in told
    read = other.read(f"/panel/cases/{story.ref}")
    confirmed = "Confirmed after signing in, not signed with their own key. Only our own record shows it: "
    assert re.search(confirmed + r"\w+: [\w ]+ \(you\)", read)
    assert confirmed in staff.read(f"/panel/cases/{story.ref}")
    raw = export(desk, viewer("sophea"), story.ref)
    checked = check_file(raw)
    assert not checked.faults
    assert json.loads(raw)["whole"]
    assert sum("signed with passkey" in note and passkey.origin in note for note in checked.notes) == 2
    assert sum("attested by the server alone" in note for note in checked.notes) == 1
    for outside in ("lotus-hr",):
        assert passkey.origin not in Staff(app, outside).get(f"/party/cases/{story.ref}").text
    assert story.bearer
    for_them = export(desk, story.bearer, story.ref)
    assert b"PanelSigned" not in for_them, "a key is the same in every case"
    assert not verifying.verify(desk)[1]


def forged(raw: bytes, **changes: Any) -> bytes:
    """The file after its newest signature was changed, with every hash reckoned anew."""
    content = json.loads(raw)
    entry = next(one for one in reversed(content["entries"]) if one["kind"] == "PanelSigned")
    entry["data"] = json.dumps(json.loads(entry["data"]) | changes)
    return rehashed(content)


def rehashed(content: dict[str, Any]) -> bytes:
    head = GENESIS
    for one in content["entries"]:
        head = one["hash"] = link(head, content["id"], one["seq"], one["at"], one["kind"], one["actor"], one["data"])
    content["head"] = head
    content["fingerprint"] = exported.fingerprint(content)
    return json.dumps(content).encode()


def test_whoever_rewrites_what_was_signed_is_found(app: Flask, desk: Desk, story: Story) -> None:
    sitting = decided(story)
    staff, passkey = signer(app, desk, sitting[0])
    assert sign(staff, passkey, story, "position") == 303
    raw = export(desk, viewer("sophea"), story.ref)
    assert not check_file(raw).faults
    content = json.loads(raw)
    signature = json.loads(next(one["data"] for one in content["entries"] if one["kind"] == "PanelSigned"))
    for name, value in {"mark": "00" * 32, "seat": signature["seat"] + 1, "what": "decision", "of": 1}.items():
        assert any("does not hold" in fault for fault in check_file(forged(raw, **{name: value})).faults), name
    for name in ("key", "data", "client", "signature"):
        assert any("does not hold" in fault for fault in check_file(forged(raw, **{name: ""})).faults), name
    taken = next(one for one in content["entries"] if one["seq"] == signature["of"])
    taken["data"] = taken["data"].replace("not_upheld", "upheld", 1)
    assert any("does not hold" in fault for fault in check_file(rehashed(content)).faults)


def test_planted_without_that_check_the_rewriting_stands(
    app: Flask, desk: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = decided(story)
    staff, passkey = signer(app, desk, sitting[0])
    sign(staff, passkey, story, "position")
    raw = export(desk, viewer("sophea"), story.ref)
    monkeypatch.setattr(signable, "faults", lambda *_: ())
    assert not check_file(forged(raw, mark="00" * 32)).faults


def test_verify_finds_a_signature_that_was_changed_in_the_database(app: Flask, desk: Desk, story: Story) -> None:
    first = next(iter(story.seated("panel")))
    story.position("take_view", "upheld", person=first)
    staff, passkey = signer(app, desk, first)
    assert sign(staff, passkey, story, "position") == 303
    entries = entries_of(desk, story)
    assert not list(signable.faults(story.ref, entries))
    assert isinstance(entries[-1].event, PanelSigned)
    entries[-1] = replace(entries[-1], event=replace(entries[-1].event, signature=entries[-1].event.data))
    assert [seq for seq, _ in signable.faults(story.ref, entries)] == [entries[-1].seq]


def test_only_ones_own_passkey_over_this_text_signs(app: Flask, desk: Desk, story: Story) -> None:
    first, second = list(story.seated("panel"))[:2]
    for person in (first, second):
        story.position("take_view", "upheld", person=person)
    staff, passkey = signer(app, desk, first)
    other, theirs = signer(app, desk, second, b"another passkey")
    before = len(entries_of(desk, story))
    assert sign(staff, theirs, story, "position") == 422, "the passkey of somebody else"
    assert sign(staff, replace(passkey, origin="https://localhost.example"), story, "position") == 422
    assert sign(staff, replace(passkey, verified=False), story, "position") == 422
    address = f"/panel/cases/{story.ref}/sign/position"
    page = staff.get(address).text
    answer = passkey.sign(options(page))
    sent = {"page_token": page_token(page), "proof_passkey": answer}
    story.position("take_view", "partly", person=first)  # in another window
    assert staff.client.post(address, base_url=BASE, data=sent).status_code == 409
    for wrong in ("", "{}", "[]", "x" * 30_000, answer):
        page = staff.get(address).text
        sent = {"page_token": page_token(page), "proof_passkey": wrong}
        assert staff.client.post(address, base_url=BASE, data=sent).status_code == 422, wrong[:9]
    assert len(entries_of(desk, story)) == before + 2, "the new position and its move alone"
    assert sign(staff, passkey, story, "position") == 303
    assert sign(other, theirs, story, "position") == 303


def test_who_holds_no_seat_or_said_nothing_signs_nothing(app: Flask, desk: Desk, story: Story) -> None:
    first, second, *_ = story.seated("panel")
    story.position("take_view", "upheld", person=first)
    address = f"/panel/cases/{story.ref}/sign"
    assert Staff(app, second).get(f"{address}/position").status_code == 404
    assert Staff(app, first).get(f"{address}/decision").status_code == 404
    assert Staff(app, first).get(f"{address}/anything").status_code == 404
    assert Staff(app, "sophea").get(f"{address}/position").status_code == 404
    mine = Staff(app, first)
    page = mine.get(f"{address}/position").text
    gone = mine.send(f"{address}/position/attest", on=f"{address}/position", digest="00" * 32)
    assert gone.status_code == 409, "another text than was read"
    sent = {"digest": hidden(page, "digest")}
    assert mine.send(f"{address}/position/attest", on=f"{address}/position", **sent).status_code == 303
    assert "Only our own record shows it." in mine.read(f"{address}/position")
    token = page_token(mine.get("/account").text)
    twice = {"page_token": token, **sent}
    assert mine.client.post(f"{address}/position/attest", base_url=BASE, data=twice).status_code == 409


def test_the_page_works_in_khmer(app: Flask, story: Story) -> None:
    first = next(iter(story.seated("panel")))
    story.position("take_view", "upheld", person=first)
    address = f"/panel/cases/{story.ref}/sign/position"
    page = Staff(app, first).client.get(address, base_url=BASE, headers={"Accept-Language": "km"})
    assert page.status_code == 200


def test_the_text_is_made_from_the_entry_alone(desk: Desk, story: Story) -> None:
    first = next(iter(story.seated("panel")))
    story.position("take_view", "upheld", person=first)
    said = signing.look(desk, viewer(first), story.ref, "position", "x").text
    assert said.startswith(f"{signed.FORMAT}\ncase: {story.ref}\n")
    with desk.store.read() as tx:
        rows = tx.execute(text("SELECT data FROM events WHERE kind = 'PositionTaken'")).scalars().all()
    assert json.loads(rows[0])["words"]["position_reasons"] in said
    assert "Because" not in said
