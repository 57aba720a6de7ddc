"""The office works from a list in the order of time, moves cases by forms that lose nothing, and reads own words alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from grievance.casework import moving, proving
from grievance.casework.desk import Desk, Viewer
from grievance.casework.showing import exporting, prefilling, reading
from grievance.core.procedure import RESPONDENTS
from grievance.demo import stories
from grievance.demo.plots.brands import Claim
from grievance.demo.staging import Stage
from grievance.web import navigation
from grievance.web.speaking import voice
from tests.makers import Clock, Story
from tests.web.staff import BASE, Staff, hidden, words
from tests.workflows.proofs import proof_of

OWN = "គេមិនបើកប្រាក់ថែមម៉ោង"


@pytest.fixture
def officer(app: Flask) -> Staff:
    return Staff(app, "sophea")


def rows(page: str) -> int:
    return len(re.findall(r'<th scope="row"', page))


def test_an_empty_list_teaches(officer: Staff) -> None:
    assert "A complaint appears here the moment it is filed" in officer.read("/office")
    assert "Nothing is late." in officer.read("/office?view=late")
    assert "Nothing is due in the next seven days." in officer.read("/office?view=week")
    assert "No case has ended yet." in officer.read("/office?view=ended")
    assert "No case fits." in officer.read("/office?q=nothing+like+this")


def test_a_long_list_is_read_in_pages(officer: Staff, desk: Desk) -> None:
    for _ in range(60):
        Story.filed(desk, about=())
    first = officer.get("/office?who=nobody").text
    assert rows(first) == 25
    assert "1 to 25 of 60" in first
    assert 'href="/office?who=nobody&amp;page=2"' in first
    last = officer.get("/office?who=nobody&page=3").text
    assert rows(last) == 10
    assert "51 to 60 of 60" in last
    assert "51 to 60 of 60" in officer.get("/office?who=nobody&page=99").text


def test_the_search_finds_the_restatement_and_never_own_words(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    for wanted in ("overtime", story.ref, "KH-0412"):
        assert story.ref in officer.read(f"/office?q={wanted}")
    assert "No case fits." in officer.read(f"/office?q={OWN}")


# asvs: 1.2.4
@pytest.mark.parametrize(
    "address",
    ["?page=0", "?page=-1", "?page=x", "?page=%D9%A3", "?page=9999999999999999999999", "?q=%00", "?turn=%00&lane=%00",
     "?q=%22%27%25_", "?who=%00x", "?about=" + "x" * 5000, "?view=nonsense", "?q=%ff%fe"],
)  # fmt: skip
def test_a_strange_address_breaks_nothing(officer: Staff, address: str) -> None:
    assert officer.get(f"/office{address}").status_code == 200


def test_it_is_your_turn_only_where_the_case_is_yours(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    assert "<b>You</b>" not in officer.get("/office").text
    page = officer.get(f"/office/cases/{story.ref}").text
    sent = officer.send(
        f"/office/cases/{story.ref}/assign", f"/office/cases/{story.ref}", person="sophea", seen=hidden(page, "seen")
    )
    assert sent.location == f"/office/cases/{story.ref}?done=assigned"
    assert "The case is given to: Sophea Officer." in officer.read(sent.location)
    assert "<b>You</b>" in officer.get("/office").text
    assert story.ref in officer.read("/office?who=me")
    assert story.ref not in officer.read("/office?who=nobody")


def test_of_two_officers_the_second_is_told(app: Flask, officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    case = f"/office/cases/{story.ref}"
    seen = hidden(officer.get(case).text, "seen")
    rith = Staff(app, "rith")
    assert rith.send(f"{case}/assign", case, person="rith", seen=seen).status_code == 303
    late = officer.send(f"{case}/assign", case, person="sophea", seen=seen)
    assert late.status_code == 409
    assert "Somebody moved this case while you were reading." in words(late.text)
    assert '<option value="sophea" selected>' in late.text
    assert officer.send(f"{case}/assign", case, person="lotus-hr", seen=hidden(late.text, "seen")).status_code == 422


def test_a_move_says_whom_it_tells_and_what_was_done(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    address = f"/office/cases/{story.ref}/acknowledge"
    page = officer.get(address).text
    assert "Who is told The person who complained" in words(page)
    assert "The case goes on to: Can we take it?" in words(page)
    sent = officer.send(address, seen=hidden(page, "seen"), greeting="សួស្តី\x00")
    assert sent.location == f"/office/cases/{story.ref}?done=acknowledge"
    done = officer.read(sent.location)
    assert "Done: Confirm receipt. Told: The person who complained." in done
    assert "សួស្តី" in done


@pytest.mark.parametrize("claimed", ["nothing", "submit_answer", "pass_on", "message%00", ""])
def test_an_address_claims_nothing_that_the_office_cannot_have_done(officer: Staff, desk: Desk, claimed: str) -> None:
    assert "Done:" not in officer.read(f"/office/cases/{Story.filed(desk).ref}?done={claimed}")


def test_without_that_guard_an_address_could_claim_it(
    officer: Staff, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grievance.web.office.done", lambda _: navigation.Done("Answer", ()))
    assert "Done: Answer." in officer.read(f"/office/cases/{Story.filed(desk).ref}?done=submit_answer")


def test_what_does_not_fit_is_kept_and_named(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    story.do("officer", "acknowledge")
    address = f"/office/cases/{story.ref}/restate"
    page = officer.get(address).text
    assert "This is the one text in clear." in words(page)
    assert OWN in page
    wrong = officer.send(
        address, seen=hidden(page, "seen"), title="", restatement="Kept words", could_have_written="១៥"
    )
    assert wrong.status_code == 422
    assert "Kept words" in wrong.text
    assert 'href="#title"' in wrong.text
    assert 'id="title-e"' in wrong.text
    right = {"title": "Overtime", "restatement": "Kept words", "could_have_written": "១៥"}
    assert officer.send(address, seen=hidden(wrong.text, "seen"), **right).status_code == 303
    assert "15 people could have written this." in officer.read(f"/office/cases/{story.ref}")


def test_a_move_on_a_case_that_moved_keeps_what_was_typed(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    address = f"/office/cases/{story.ref}/acknowledge"
    seen = hidden(officer.get(address).text, "seen")
    moving.write_note(desk, story.who("officer"), story.ref, "Somebody else was here.")  # type: ignore[arg-type]
    stale = officer.send(address, seen=seen, greeting="Typed for ten minutes")
    assert stale.status_code == 409
    assert "Typed for ten minutes" in stale.text
    again = officer.send(address, seen=hidden(stale.text, "seen"), greeting="Typed for ten minutes")
    assert again.status_code == 303


def test_what_is_not_possible_says_why(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    story.do("officer", "acknowledge")
    assert "Release the restatement Not now: Write the restatement first." in officer.read(f"/office/cases/{story.ref}")
    address = f"/office/cases/{story.ref}/release"
    assert officer.get(address).status_code == 409
    refused = officer.send(address, seen=hidden(officer.get(address).text, "seen"))
    assert refused.status_code == 409
    assert "Write the restatement first." in refused.text


def test_messages_go_to_the_complainant_and_notes_to_nobody(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    case = f"/office/cases/{story.ref}"
    assert officer.send(f"{case}/messages", case, message="  \n ").status_code == 422
    long = officer.send(f"{case}/messages", case, message="x" * 20_001)
    assert long.status_code == 422
    assert "x" * 20_001 in long.text
    assert officer.send(f"{case}/messages", case, message="Come on <Sunday>").status_code == 303
    assert officer.send(f"{case}/notes", case, note="Called, nobody answered").status_code == 303
    page = officer.get(case).text
    assert "Come on &lt;Sunday&gt;" in page
    assert "Called, nobody answered" in page
    theirs = story.view("complainant")
    assert [message.body for message in theirs.messages] == ["Come on <Sunday>"]
    assert "Called, nobody answered" not in repr(theirs)


def test_a_missing_and_a_foreign_case_are_the_same(app: Flask, officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    factory = Staff(app, "lotus-hr")
    for path in ("", "/admit", "/nonsense"):
        foreign, missing = (
            factory.get(f"/office/cases/{story.ref}{path}"),
            factory.get(f"/office/cases/AAAA-BBBB{path}"),
        )
        assert foreign.status_code == missing.status_code == 404
        assert foreign.data == missing.data
    for path in ("messages", "notes", "assign", "extend"):
        foreign = factory.send(
            f"/office/cases/{story.ref}/{path}", "/account", message="x", note="x", person="", seen="1"
        )
        assert foreign.status_code == 404, path
    assert officer.get(f"/office/cases/{story.ref}/nonsense").status_code == 404
    assert officer.get("/office/cases/%00").status_code == 404


def test_every_post_needs_the_token_of_a_page(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    for path in ("messages", "notes", "assign", "acknowledge"):
        response = officer.client.post(
            f"/office/cases/{story.ref}/{path}", base_url=BASE, data={"note": "x", "message": "x"}
        )
        assert response.status_code == 400, path


def test_a_late_case_says_so_in_words(officer: Staff, desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk, danger=True)
    assert "4 hours left" in officer.read("/office")
    clock.at = clock.at.replace(hour=9)
    late = Staff(officer.client.application, "sophea")
    assert "late by 2 hours" in late.read("/office?view=late")
    assert "Danger" in late.read("/office?lane=U1")
    assert story.ref not in late.read("/office?lane=U2")


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is reckoned once a process, not once a house."""
    monkeypatch.setattr(proving, "prove", lambda procedure, _: proof_of(procedure.key))


@pytest.mark.xdist_group("proofs")
@pytest.mark.usefixtures("proofs")
def test_a_procedure_is_shown_with_its_proof(officer: Staff, desk: Desk) -> None:
    assert "kh/worker-1" in officer.read("/office/procedures")
    law = desk.lawbook.procedure(
        "default/process-1@1"
    )  # the shortest: the others take seconds, and have tests of their own
    object.__setattr__(desk, "lawbook", replace(desk.lawbook, procedures={law.key: law}))
    page = officer.read("/office/procedures/default/process-1")
    assert "The proof is being reckoned." in page
    assert (proving.reckon(desk), proving.reckon(desk)) == (1, 0)
    page = officer.read("/office/procedures/default/process-1")
    assert "Proved" in page
    assert "days at most" in page
    assert page == officer.read("/office/procedures/default/process-1@1")
    assert officer.get("/office/procedures/kh/worker-9").status_code == 404
    assert proving.proved(desk, law) is not None
    assert proving.proved(desk, replace(law, digest="of another text")) is None, "another law is proved anew"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            {"faults": ("kh/worker-1.toml:9: Nobody leaves this stage.",)},
            "Not proved kh/worker-1.toml:9: Nobody leaves",
        ),
        ({"reached": False}, "The calendar does not reach far enough"),
    ],
)
def test_what_is_not_proved_is_said(
    officer: Staff, desk: Desk, monkeypatch: pytest.MonkeyPatch, found: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr(proving, "_found", lambda desk, law: proving.Proved(proving._mark(desk, law), **found))
    proving.reckon(desk)
    assert said in words(officer.read("/office/procedures/kh/worker-1"))


def test_the_case_is_taken_along(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk).taken()
    link = f"/office/cases/{story.ref}/export"
    assert f'download href="{link}"' in officer.get(f"/office/cases/{story.ref}").text
    answer = officer.get(link)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="case.json"'
    checked = exporting.check_file(answer.data)
    assert (checked.faults, checked.content["ref"]) == ((), story.ref)
    assert OWN in answer.text


def test_a_factory_finds_no_file_at_this_door(app: Flask, desk: Desk) -> None:
    check_no_file(app, Story.filed(desk).taken())


def test_planted_a_file_for_any_seat_is_found(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story.filed(desk).taken()
    monkeypatch.setattr(reading, "case", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        check_no_file(app, story)


def check_no_file(app: Flask, story: Story) -> None:
    """A party of the case, which holds a seat in it, is answered as if there were no such case."""
    factory = Staff(app, "lotus-hr")
    there, missing = (factory.get(f"/office/cases/{ref}/export") for ref in (story.ref, "AAAA-BBBB"))
    assert there.status_code == missing.status_code == 404
    assert there.data == missing.data


def test_the_list_names_whoever_answers_in_that_procedure(officer: Staff, desk: Desk) -> None:
    Story.filed(desk).taken()
    stage = Stage(desk, desk.now())
    factory = {"filer": "manufacturer", "organisation": "Tonle Shoes Co., Ltd."}
    claim = Claim(stage, stories.PAID_LATE, **factory)
    claim.filed(9)
    claim.taken(5).released(3)
    stage.play()
    page = officer.read("/office?turn=respondent")
    shown = [
        words(cell) for cell in re.findall(r'<td role="cell" class="snug">(.*?)</td>', officer.get("/office").text)
    ]
    assert {"Factory", "Brand"} <= set(shown), shown
    assert "Respondent" in page, "the filter speaks of both"


def test_without_the_procedure_a_brand_would_be_called_a_factory(
    officer: Staff, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: one word for everybody who answers, whatever the procedure says."""
    monkeypatch.setattr(navigation, "SHORT_RESPONDENTS", dict.fromkeys(RESPONDENTS, "Factory"))
    stage = Stage(desk, desk.now())
    claim = Claim(stage, stories.PAID_LATE, filer="manufacturer", organisation="Tonle Shoes Co., Ltd.")
    claim.filed(9)
    claim.taken(5).released(3)
    stage.play()
    assert '<td role="cell" class="snug">Factory' in officer.get("/office").text


def test_whoever_confirms_a_release_reads_why_and_how_many_could_have_written_it(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk)
    story.do("officer", "acknowledge", greeting="We have read it.")
    facts = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["wages"]}
    story.do("officer", "assess", facts)
    story.do("officer", "restate", {"could_have_written": 4}, title="Unpaid", restatement="It is unpaid.")
    rith, address = Staff(app, "rith"), f"/office/cases/{story.ref}"
    assert "could have written this" not in rith.get(f"{address}/confirm_release").text, "nobody asks yet"
    story.do("officer", "ask_second", office_reasons="I left out <the machine> and the hall.")
    for move in ("confirm_release", "decline_release"):
        page = rith.read(f"{address}/{move}")
        assert "4 people could have written this." in page
        assert "I left out <the machine> and the hall." in page
        assert "Sophea" in page


def chosen(page: str) -> list[str]:
    """What a form would send that nobody touched."""
    return re.findall(r'value="([^"]+)" (?:checked|selected)', page)


def test_the_triage_starts_with_what_was_ticked_and_decides_nothing_unseen(officer: Staff, desk: Desk) -> None:
    """What it is about is there, marked as theirs; by which clock it runs and against whom is nobody's default."""
    story = Story.filed(desk, about=("wages", "wages.late", "hours"), danger=True, site="KH-0412")
    address = f"/office/cases/{story.ref}/assess"
    page = officer.get(address).text
    marked = re.findall(r"(?:<option[^>]*>|<span>)([^<]*) \(the complainant’s answer\)", page)
    lotus = "KH-0412 Lotus Stitch, main plant, Kandal"
    assert marked == ["Wages and benefits", "Working hours and leave", "Danger now", lotus, *marked[:2]]
    assert chosen(page) == ["wages", "hours"], "of two categories none is the main one by itself"
    untouched = officer.send(address, seen=hidden(page, "seen"), issues="wages")
    assert untouched.status_code == 422
    assert len(re.findall('class="error"', untouched.text)) == len(["category", "severity", "lane", "respondent"])
    assert chosen(untouched.text) == ["wages"], "what was unticked stays so"
    facts = {"category": "osh", "severity": "serious", "lane": "U1", "respondent": "KH-0077", "issues": ["osh"]}
    story.do("officer", "assess", facts)
    assert chosen(officer.get(address).text) == ["osh", "osh"], "the last triage stands before what was ticked"


def test_planted_a_lane_that_is_chosen_beforehand_is_noticed(
    officer: Staff, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = {"workplace": "kh-0412 ", "words": OWN}
    story, before = Story.filed(desk, danger=True, account=account), prefilling.start
    monkeypatch.setattr(prefilling, "start", lambda *one: {**before(*one), "lane": one[-1]["lane"][0]})
    page = officer.get(f"/office/cases/{story.ref}/assess").text
    assert chosen(page) == ["wages", "U1", "wages"]
    assert "Kandal (the complainant’s answer)" in page, "they typed the number of the poster"


def test_whoever_was_drawn_as_relief_officer_lands_where_their_own_work_is(app: Flask) -> None:
    with app.test_request_context():
        drawn = Viewer("n1", "Judge Sok", "km", held=frozenset({"relief", "neutral"}))
        assert navigation.first_page(drawn) == "panel.cases"
        assert {door.name for door in navigation.doors_of(drawn)} == {"office", "panel", "procedures"}
        assert navigation.first_page(replace(drawn, held=frozenset({"relief"}))) == "office.cases"
    relief = Staff(app, "n1")
    assert "File for somebody" not in relief.get("/office").text, "it would lead to a page that is not there for them"
    assert "File for somebody" in Staff(app, "sophea").get("/office").text


def test_a_day_that_is_far_away_is_named_with_its_year(app: Flask, desk: Desk, clock: Clock) -> None:
    with app.test_request_context("/?lang=en"):
        day = voice("en")["day"]
        near, far = clock.at.date() + timedelta(days=180), clock.at.date() + timedelta(days=181)
        assert words(day(far)) == f"{far.day} {far:%B %Y}"
        assert words(day(near)) == f"{near:%A} {near.day} {near:%B}"
