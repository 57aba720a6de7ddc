"""A file is kept before it is entered, seen by whom it is for, and by nobody else; nothing is lost or left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from grievance.casework import filing, finding
from grievance.casework.desk import Desk, Tampered
from grievance.casework.files import evidence, keeping, tray
from grievance.casework.files.keeping import Upload
from grievance.casework.house import verifying
from grievance.casework.showing import following, reading
from grievance.core import evidence as rules
from grievance.core.errors import Gone, Hidden, Refused, Stale
from grievance.core.events import Entry, EvidenceAdded, EvidenceReleased
from grievance.core.fold import replay
from grievance.core.visibility import SHARE
from grievance.store import cases, files, ledger
from grievance.vault import Sealed
from tests.files import jpeg, m4a, pdf, png
from tests.makers import ROLES, Clock, Story, complaint, objects, viewer
from tests.papers import unfolded

CAPTION = "The machine without its cover"


def add(story: Story, role: str, *bodies: bytes, caption: str = CAPTION, once: str = "") -> tuple[int, list[Any]]:
    sent = [Upload(f"file {no}", body) for no, body in enumerate(bodies, 1)]
    return evidence.add(story.desk, story.who(role), story.ref, sent, caption, roles=ROLES[role], once=once)


def fetch(story: Story, role: str, no: int, person: str = "") -> bytes:
    return evidence.open_file(story.desk, story.who(role, person), story.ref, no, roles=ROLES[role]).body


def agree(story: Story) -> None:
    story.do("complainant", "give_consent", {"consent": SHARE})


def release(story: Story, no: int) -> None:
    evidence.release(
        story.desk, viewer("sophea"), story.ref, no, "It shows the machine.", "A machine", roles=ROLES["officer"]
    )


def test_the_complainant_and_the_office_see_it_and_nobody_else_does(desk: Desk) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    assert add(story, "complainant", jpeg(), m4a()) == (2, [])
    for role in ("complainant", "officer"):
        assert [piece.caption for piece in story.view(role).evidence] == [CAPTION, CAPTION]
        assert fetch(story, role, 1).startswith(b"\xff\xd8\xff")
        assert b"ftyp" in fetch(story, role, 2)
    panellist = next(iter(story.seated("panel")))
    for role, person in (("respondent", ""), ("brand", ""), ("panel", panellist)):
        assert story.view(role, person).evidence == ()
        with pytest.raises(Hidden):
            fetch(story, role, 1, person)
    assert verifying.verify(desk) == (1, [])


def only_by_consent_and_by_an_officer(story: Story) -> None:
    with pytest.raises(Refused, match="not agreed"):
        release(story, 1)
    agree(story)
    with pytest.raises(Hidden):
        fetch(story, "respondent", 1)
    release(story, 1)
    for role in ("respondent", "brand", "complainant", "officer"):
        assert fetch(story, role, 1), role
    shown = story.view("respondent").evidence
    assert [(piece.caption, piece.shown_as, piece.reason) for piece in shown] == [("", "A machine", "")]
    assert story.view("complainant").evidence[0].reason == "It shows the machine."
    with pytest.raises(Refused, match="already"):
        release(story, 1)


def test_the_parties_see_it_only_by_consent_and_by_an_officer(desk: Desk) -> None:
    story = Story.filed(desk).taken()
    add(story, "complainant", jpeg(), png())
    only_by_consent_and_by_an_officer(story)
    with pytest.raises(Hidden):
        fetch(story, "respondent", 2), "one file was released, not all"
    assert verifying.verify(desk) == (1, [])


def test_planted_a_release_without_consent_is_noticed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story.filed(desk).taken()
    add(story, "complainant", jpeg())
    monkeypatch.setattr(rules, "SHARE", "restatement_to_respondent")  # which they gave
    with pytest.raises(pytest.fail.Exception):
        only_by_consent_and_by_an_officer(story)


def test_nothing_is_shown_before_the_restatement(desk: Desk) -> None:
    story = Story.filed(desk)
    add(story, "complainant", jpeg())
    agree(story)
    with pytest.raises(Refused, match="restatement"):
        release(story, 1)


def test_nobody_but_the_office_releases(desk: Desk) -> None:
    story = Story.filed(desk).taken()
    add(story, "complainant", jpeg())
    agree(story)
    for person in ("lotus-hr", "north-buyer", "mekong-hr"):
        for roles in (ROLES["officer"], ROLES["respondent"]):
            with pytest.raises(Hidden):
                evidence.release(desk, viewer(person), story.ref, 1, "why", "", roles=roles)


def test_what_a_party_sends_is_for_everybody_in_the_case(desk: Desk) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    assert add(story, "respondent", pdf())[0] == 1
    panellist = next(iter(story.seated("panel")))
    for role, person in (("complainant", ""), ("officer", ""), ("brand", ""), ("panel", panellist)):
        assert b"(Pay slip) Tj" in unfolded(fetch(story, role, 1, person))
        assert story.view(role, person).evidence[0].caption == CAPTION
    with pytest.raises(Hidden):
        fetch(story, "respondent", 1, "mekong-hr"), "a stranger fetched it"
    with pytest.raises(Hidden):
        fetch(story, "respondent", 2), "there is no such file"


def test_a_process_without_the_key_opens_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story.filed(desk)
    add(story, "officer", jpeg())
    monkeypatch.setattr(type(desk.vault._keys), "private", property(lambda _: {}), raising=False)
    with pytest.raises(Sealed):
        fetch(story, "officer", 1)
    assert fetch(story, "complainant", 1), "the receipt's own key is enough"


def test_each_file_that_does_not_fit_is_told_and_the_others_are_kept(desk: Desk) -> None:
    story = Story.filed(desk)
    added, refused = add(story, "complainant", jpeg(), b"hello", png(), b"", pdf(), m4a(), jpeg(turned=3))
    assert added == 3
    assert [file.name for file in refused] == ["file 2", "file 4", "file 6", "file 7"]
    assert "At most 5" in str(refused[-1].said)


def test_so_many_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "IN_ALL", 2)
    story = Story.filed(desk).taken()
    assert add(story, "complainant", jpeg(), png(), pdf())[0] == 2
    with pytest.raises(Refused, match="2 files"):
        add(story, "complainant", pdf())
    assert add(story, "respondent", pdf(), jpeg())[0] == 2, "each has room of their own"
    assert add(story, "brand", pdf())[0] == 1


def test_sent_twice_it_is_there_once(desk: Desk) -> None:
    story = Story.filed(desk)
    for _ in range(2):
        assert add(story, "complainant", jpeg(), once="mark") == (1, [])
    assert len(story.view("complainant").evidence) == 1
    assert add(story, "complainant", png(), once="mark") == (1, [])
    assert len(story.view("complainant").evidence) == 2, "another file under the same mark is another file"


# ---- never lost, never orphaned


def test_killed_between_the_object_and_the_entry(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story.filed(desk)
    before = story.view("complainant")
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "append", raising(RuntimeError("kill")))
        with pytest.raises(RuntimeError):
            add(story, "complainant", jpeg(), once="mark")
    assert story.view("complainant") == before
    assert len(objects(desk)) == 1, "the bytes came first"
    assert add(story, "complainant", jpeg(), once="mark") == (1, []), "what died can be sent again"
    assert len(objects(desk)) == 2
    assert keeping.sweep(desk) == 0, "what came today may still be on its way"
    clock.pass_days(3)
    assert keeping.sweep(desk) == 1
    assert fetch(story, "complainant", 1).startswith(b"\xff\xd8\xff"), "the sweep took what belongs to a case"
    assert len(objects(desk)) == 1
    assert keeping.sweep(desk) == 0


def test_planted_a_sweep_that_does_not_ask_is_noticed(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "known", lambda *_: frozenset())
    with pytest.raises(AssertionError):
        test_killed_between_the_object_and_the_entry(desk, clock, monkeypatch)


def test_killed_before_the_object_there_is_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story.filed(desk)
    before = story.view("complainant")
    with monkeypatch.context() as patch:
        patch.setattr(type(desk.store.objects), "put", raising(Gone()))
        with pytest.raises(Gone):
            add(story, "complainant", jpeg())
    assert story.view("complainant") == before
    assert objects(desk) == set()


def test_a_move_at_the_same_moment_costs_no_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story.filed(desk)
    append, stale = ledger.append, [Stale(), Stale()]

    def contended(*what: Any) -> None:
        if stale:
            raise stale.pop()
        append(*what)

    monkeypatch.setattr(ledger, "append", contended)
    assert add(story, "complainant", jpeg()) == (1, [])
    assert len(story.view("complainant").evidence) == 1


def raising(error: Exception) -> Callable[..., None]:
    def fault(*_: object, **__: object) -> None:
        raise error

    return fault


# ---- tampered with


def test_a_changed_byte_is_not_shown_and_verify_finds_it(desk: Desk, tmp_path: Path) -> None:
    story = Story.filed(desk)
    add(story, "complainant", jpeg())
    (name,) = objects(desk)
    kept = Path(desk.store.objects.place) / name
    body = bytearray(kept.read_bytes())
    assert jpeg()[:40] not in body
    body[100] ^= 1
    kept.write_bytes(body)
    for role in ("complainant", "officer"):
        with pytest.raises(Tampered):
            fetch(story, role, 1)
    assert ["does not open" in str(found) for found in verifying.verify(desk)[1]] == [True]
    kept.unlink()
    with pytest.raises(Gone):
        fetch(story, "officer", 1)
    assert ["is gone" in str(found) for found in verifying.verify(desk)[1]] == [True]


# asvs: 5.3.2
def test_a_file_opens_in_no_other_place(desk: Desk) -> None:
    """Its bytes and its wraps are moved to another case, and the rows are changed to say so."""
    one, other = Story.filed(desk), Story.filed(desk)
    add(one, "complainant", jpeg())
    add(other, "complainant", png())
    with desk.store.write() as tx:
        held = [finding.find(tx, story.who("complainant"), "") for story in (one, other)]
        names = [held.case.evidence[0].object for held in held]
        tx.execute(text("UPDATE files SET object = 'x' WHERE object = :name"), {"name": names[1]})
    folder = Path(desk.store.objects.place)
    (folder / names[1]).write_bytes((folder / names[0]).read_bytes())
    with pytest.raises(Tampered):
        fetch(other, "officer", 1)
    assert any("files" in str(found) for found in verifying.verify(desk)[1])


def test_the_ledger_gives_the_files(desk: Desk) -> None:
    story = Story.filed(desk).taken()
    add(story, "complainant", jpeg())
    agree(story)
    release(story, 1)
    with desk.store.read() as tx:
        held = finding.find(tx, story.who("complainant"), "")
        entries: list[Entry] = [entry for entry, _ in cases.ledger_of(tx, held.case.id)]
    assert replay(held.case.id, entries) == held.case
    assert [type(entry.event) for entry in entries][-1] is EvidenceReleased
    added = next(entry.event for entry in entries if isinstance(entry.event, EvidenceAdded))
    assert len(added.digest) == 64
    assert added.size == 1


# ---- with the form


def test_files_come_with_the_form_and_are_part_of_it(desk: Desk) -> None:
    ticket = following.new_ticket(desk)
    tapped = []
    for _ in range(2):  # twice
        came = tray.fill(desk, ticket, [Upload("a.jpg", jpeg()), Upload("b.pdf", pdf())], ())
        tapped.append(filing.file(desk, "kh", complaint(), ticket, came))
    receipt = tapped[0]
    assert tapped[1] == receipt
    story = Story(desk, receipt.digits, "", following.show_receipt(desk, receipt.digits))
    story.ref = story.view("complainant").ref
    assert [piece.kind for piece in story.view("officer").evidence] == ["jpeg", "pdf"]
    fetched = fetch(story, "officer", 2)
    assert fetched == fetch(story, "complainant", 2)
    assert fetched.startswith(b"%PDF-"), "written anew from its pages"
    with pytest.raises(filing.SentBefore):  # another file would be lost in silence
        filing.file(desk, "kh", complaint(), ticket, tray.fill(desk, ticket, [Upload("c.png", png())], ()))
    assert verifying.verify(desk) == (1, [])


def test_what_was_taken_need_not_be_sent_again(desk: Desk, clock: Clock) -> None:
    ticket = following.new_ticket(desk)
    first = tray.fill(desk, ticket, [Upload("ភស្តុតាង.jpg", jpeg()), Upload("bad", b"bad")], ())
    assert [file.name for file in first.refused] == ["bad"]
    ((token, name),) = tray.tokens(desk, ticket, first)
    assert name == "ភស្តុតាង.jpg"
    second = tray.fill(desk, ticket, [Upload("b.png", png())], [token])
    assert (len(second.pieces), second.refused, second.lost) == (2, (), False)
    receipt = filing.file(desk, "kh", complaint(), ticket, second)
    view = reading.case(desk, following.show_receipt(desk, receipt.digits), "", roles=ROLES["complainant"])
    assert [piece.kind for piece in view.evidence] == ["jpeg", "png"]
    assert tray.fill(desk, following.new_ticket(desk), [], [token]).lost, "a token of another form"
    assert tray.fill(desk, ticket, [], ["nonsense"]).lost
    clock.pass_days(2)
    assert tray.fill(desk, ticket, [], [token]).lost, "it may have been swept"
