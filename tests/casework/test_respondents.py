"""Several are complained about in one case: each has a seat, answers for itself, and is presumed silent for itself alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from grievance.casework import linking
from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.house import furnishing, retiring, verifying
from grievance.casework.showing import exporting, worklists
from grievance.core import evidence as rules
from grievance.core import visibility
from grievance.core.errors import Hidden, Invalid, Refused
from grievance.core.events import Entry
from grievance.core.fold import replay
from grievance.core.matters import Actor
from grievance.store import codec
from grievance.store.tables import cases, outbox
from tests.files import jpeg
from tests.makers import ROLES, START, Clock, Story, viewer

SAID = "CANARYanswer: we paid on the tenth"
FACTS: dict[str, Any] = {"category": "wages", "severity": "serious", "lane": "U3", "issues": ["wages", "hours"]}
CONTEST = {"issue_answers": {"1": "contest", "2": "contest"}}
ACCEPT = {"issue_answers": {"1": "accept", "2": "accept"}}


def admitted(desk: Desk, *others: str) -> Story:
    """Lotus (KH-0412) is complained about first; Northcoat and Bluefield buy there."""
    story = Story.filed(desk)
    story.do("officer", "acknowledge", greeting="We have read it.")
    story.do("officer", "assess", FACTS | {"respondent": "KH-0412", "other_respondents": list(others)})
    story.do("officer", "restate", {"could_have_written": 60}, title="Unpaid", restatement="Overtime is unpaid.")
    story.do("officer", "release")
    story.do("officer", "admit", reasons="It can be checked.")
    return story


@pytest.fixture
def story(desk: Desk) -> Story:
    """Lotus and Tonle (KH-0119, where Sand & Sons and Bluefield buy) have to answer."""
    return admitted(desk, "KH-0119")


def until(story: Story, clock: Clock, stage: str) -> None:
    while story.view("officer").stage != stage:
        clock.pass_days(1)
        sweep(story.desk)


def test_each_is_seated_once_with_its_buyers_and_nobody_else(story: Story) -> None:
    for person in ("lotus-hr", "tonle-hr", "north-buyer", "blue-buyer", "sand-buyer"):
        assert story.view("respondent", person).restatement == "Overtime is unpaid."
    for person in ("mekong-hr", "angkor-hr", "w1"):
        with pytest.raises(Hidden):
            story.view("respondent", person)
    shown = story.view("complainant").respondents
    assert [(one.name, one.site, one.state) for one in shown] == [
        ("Lotus Stitch Co., Ltd.", "KH-0412", "waiting"),
        ("Tonle Shoes Co., Ltd.", "KH-0119", "waiting"),
    ]
    assert shown[1].buyers == ("Bluefield", "Sand & Sons")
    assert [one.mine for one in story.view("respondent", "tonle-hr").respondents] == [False, True]


def test_the_stage_waits_for_every_answer(story: Story) -> None:
    story.do("respondent", "submit_answer", CONTEST, statement="We paid.")
    assert story.view("officer").stage == "answer"
    with pytest.raises(Refused, match="Your answer is in"):
        story.do("respondent", "submit_answer", CONTEST, statement="Again.")
    assert (story.view("respondent").my_turn, story.view("respondent", "tonle-hr").my_turn) == (False, True)
    story.do("respondent", "submit_answer", ACCEPT, person="tonle-hr", statement="It is true.")
    view = story.view("complainant")
    assert view.stage == "reply"
    assert [one.answers for one in view.respondents] == [{1: "contest", 2: "contest"}, {1: "accept", 2: "accept"}]
    assert verifying.verify(story.desk) == (1, [])


def reads(story: Story, person: str) -> bool:
    """Whether the answer of Lotus stands on this party's page or in the file that it can take along."""
    view = repr(story.view("respondent", person))
    taken = exporting.export(story.desk, viewer(person), story.ref).decode()
    answers = [entry for entry in json.loads(taken)["entries"] if entry["kind"] == "Answered"]
    assert (SAID in view) == bool(answers) >= (SAID in taken)
    return SAID in view


def test_one_reads_the_answer_of_another_when_nobody_is_waited_for_any_more(story: Story, clock: Clock) -> None:
    story.do("respondent", "submit_answer", CONTEST, statement=SAID)
    assert reads(story, "lotus-hr")
    assert not reads(story, "tonle-hr")
    theirs = story.view("respondent", "tonle-hr").respondents[0]
    assert (theirs.state, theirs.answers) == ("hidden", {})
    for role in ("complainant", "officer", "brand"):
        assert SAID in repr(story.view(role)), role
    until(story, clock, "reply")
    assert reads(story, "tonle-hr")


def test_planted_one_role_seen_as_one_party_would_show_it(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.do("respondent", "submit_answer", CONTEST, statement=SAID)
    monkeypatch.setattr(visibility, "APART", frozenset[str]())
    assert SAID in repr(story.view("respondent", "tonle-hr"))


def test_it_is_presumed_against_the_silent_one_alone(story: Story, clock: Clock) -> None:
    story.do("respondent", "submit_answer", CONTEST, statement="We paid.")
    until(story, clock, "reply")
    assert [one.state for one in story.view("officer").respondents] == ["answered", "presumed"]
    assert (story.view("respondent").presumed, story.view("respondent", "tonle-hr").presumed) == (False, True)
    story.do("complainant", "submit_reply", comment="They did not.")
    with pytest.raises(Refused, match="Your answer is in"):
        story.do("respondent", "late_answer", ACCEPT, statement="Again.", late_reason="None.")
    late = "The letter lay in the wrong office."
    story.do("respondent", "late_answer", ACCEPT, person="tonle-hr", statement="Late, and true.", late_reason=late)
    assert [one.state for one in story.view("officer").respondents] == ["answered", "answered"]
    assert not story.view("officer").presumed
    assert verifying.verify(story.desk) == (1, [])


def test_where_all_are_silent_it_goes_on_as_with_one(story: Story, clock: Clock) -> None:
    until(story, clock, "joint_review")
    assert [one.state for one in story.view("officer").respondents] == ["presumed", "presumed"]


def test_whoever_has_answered_is_not_reminded(story: Story, clock: Clock) -> None:
    story.do("respondent", "submit_answer", CONTEST, statement="We paid.")
    clock.pass_days(8)
    sweep(story.desk)
    with story.desk.store.read() as tx:
        reminded = set(tx.execute(select(outbox.c.person).where(outbox.c.kind == "reminder")).scalars())
    assert "tonle-hr" in reminded
    assert "lotus-hr" not in reminded


def test_lists_and_search_find_it_by_every_site(story: Story) -> None:
    for wanted in ({"site": "KH-0412"}, {"site": "kh-0119"}, {"q": "KH-0119"}, {"q": "kh-0412"}):
        found = worklists.worklist(story.desk, viewer("sophea"), wanted, roles=ROLES["officer"])
        assert [row.ref for row in found.rows] == [story.ref], wanted
    for wanted in ({"site": "KH-011"}, {"q": "KH-01"}, {"site": "KH-0077"}, {"q": "H-0119 "}):
        assert not worklists.worklist(story.desk, viewer("sophea"), wanted, roles=ROLES["officer"]).rows, wanted


def test_nobody_of_any_of_them_judges_it(story: Story) -> None:
    """Pisey is on the employers' roster and belongs to Tonle, Daniel to a brand that buys there."""
    for person in ("lotus-hr", "tonle-hr"):
        story.do("respondent", "submit_answer", CONTEST, person=person, statement="We paid.")
    story.do("complainant", "submit_reply", comment="They did not.")
    assert not {"e3", "b1"} & set(story.seated("panel"))
    assert {"e1", "e2"} <= set(story.seated("panel"))


def test_a_remedy_names_who_owes_it(story: Story) -> None:
    for person in ("lotus-hr", "tonle-hr"):
        story.do("respondent", "submit_answer", CONTEST, person=person, statement="We paid.")
    story.do("complainant", "submit_reply", comment="They did not.")
    panel = list(story.seated("panel"))
    for person in panel:
        story.position("take_view", "upheld", person=person)
    remedy = {"issue": 1, "kind": "back_pay", "beneficiaries": 2, "due": "2026-06-01"}
    with pytest.raises(Invalid) as caught:
        story.do("panel", "propose_remedy", {"remedy": remedy}, person=panel[0])
    assert "Choose who owes it" in str(caught.value.fields["remedy"])
    for owner in ("factory-tonle", "respondent"):
        story.do("panel", "propose_remedy", {"remedy": remedy | {"owner": owner}}, person=panel[0])
    view = story.view("respondent", "tonle-hr")
    assert [view.owners[one.owner] for one in view.remedies] == [
        "Tonle Shoes Co., Ltd.",
        "Lotus Stitch Co., Ltd., Tonle Shoes Co., Ltd.",
    ]


def test_none_uses_up_the_room_that_another_has_for_files(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "IN_ALL", 1)
    for person in ("lotus-hr", "tonle-hr"):
        sent = [Upload("a file", jpeg())]
        added, _ = evidence.add(story.desk, viewer(person), story.ref, sent, "", roles=ROLES["respondent"], once=person)
        assert added == 1
        with pytest.raises(Refused, match="1 files from you"):
            evidence.add(story.desk, viewer(person), story.ref, sent, "", roles=ROLES["respondent"], once="again")


def test_an_employer_without_a_site_can_be_named_too(desk: Desk) -> None:
    agency = furnishing.make_body(desk, viewer("sarin"), "factory", "", "Day by Day Labour Agency")
    story = admitted(desk, agency, "KH-0119", "KH-0119", "KH-0412")
    shown = story.view("officer").respondents
    assert [(one.name, one.site) for one in shown] == [
        ("Lotus Stitch Co., Ltd.", "KH-0412"),
        ("Day by Day Labour Agency", ""),
        ("Tonle Shoes Co., Ltd.", "KH-0119"),
    ]
    with pytest.raises(Invalid):
        Story.filed(desk).do("officer", "assess", FACTS | {"respondent": agency, "other_respondents": []})


def test_a_retired_one_enters_no_new_case_and_stays_in_its_own(desk: Desk) -> None:
    agency = furnishing.make_body(desk, viewer("sarin"), "factory", "", "Day by Day Labour Agency")
    named = FACTS | {"respondent": "KH-0412", "other_respondents": [agency]}
    running, fresh = Story.filed(desk), Story.filed(desk)
    for story in (running, fresh):
        story.do("officer", "acknowledge", greeting="We have read it.")
    running.do("officer", "assess", named)
    retiring.retire(desk, viewer("sarin"), "bodies", agency)
    running.do("officer", "assess", named | {"severity": "critical"})
    with pytest.raises(Invalid):
        fresh.do("officer", "assess", named)


def test_an_organisation_named_by_mistake_loses_its_seat_and_nobody_waits_for_it(desk: Desk) -> None:
    story = Story.filed(desk, danger=True, consents={"restatement_to_respondent": True, "urgent": True})
    story.do("officer", "assess", FACTS | {"lane": "U1", "respondent": "KH-0412", "other_respondents": ["KH-0231"]})
    story.do("officer", "ask_protection", {"measure": "stop"}, protect_whom="Line 4")
    assert story.view("respondent", "angkor-hr").roles == ("respondent",)
    story.do("respondent", "confirm_protection", {"started_on": "2026-03-02"}, proof="The machine is off.")
    story.do("officer", "assess", FACTS | {"lane": "U3", "respondent": "KH-0412", "other_respondents": []})
    story.do("officer", "restate", {"could_have_written": 60}, title="Unpaid", restatement="Overtime is unpaid.")
    story.do("officer", "release")
    story.do("officer", "admit", reasons="It can be checked.")
    with pytest.raises(Hidden):
        story.view("respondent", "angkor-hr")
    assert [gone.why for gone in story.view("officer").left] == ["corrected"]
    story.do("respondent", "submit_answer", CONTEST, statement="We paid.")
    assert story.view("officer").stage == "reply"
    assert verifying.verify(desk) == (1, [])


OLD = (
    ("SeatTaken", '{"seat":{"no":3,"role":"respondent","kind":"body","holder":"f","side":"employers"}}', "clock", 0),
    (
        "Assessed",
        '{"category":"wages","severity":"serious","lane":"U3","site":"S","respondent":"f","buyers":["b"],"issues":[{"no":1,"category":"wages"}]}',
        "officer",
        2,
    ),
    ("Presumed", "{}", "clock", 0),
    ("Answered", '{"issues":{"1":"accept"}}', "respondent", 3),
    ("MediatorNamed", '{"role":"respondent","person":"m1"}', "respondent", 3),
    ("SettlementProposed", '{"version":1}', "mediator", 9),
    ("SettlementSigned", '{"role":"respondent","version":1}', "respondent", 3),
)


def test_an_old_ledger_is_a_case_with_a_list_of_one() -> None:
    """Entries as they were written before several could be named."""
    entries = [
        Entry(no, START, Actor(role, seat), codec.read_event(kind, data))
        for no, (kind, data, role, seat) in enumerate(OLD, 1)
    ]
    silent, case = replay("case", entries[:3]), replay("case", entries)
    assert (silent.unheard, silent.answered, silent.presumed) == ((3,), False, True)
    assert [(one.body, one.site, one.buyers) for one in case.respondents] == [("f", "S", ("b",))]
    assert (case.answers, case.answered, case.presumed) == ({3: {1: "accept"}}, True, False)
    assert (case.mediators, case.signed, case.sites) == ({3: "m1"}, {3: 1}, ("S",))
    assert codec.read_case(codec.write_case(case)) == case


def test_planted_a_copy_of_the_sites_that_lies_is_found(story: Story) -> None:
    with story.desk.store.write() as tx:
        tx.execute(update(cases).values(more_sites=""))
    found = [str(difference) for difference in verifying.verify(story.desk)[1]]
    assert any("more_sites" in text for text in found), found


def test_a_file_of_one_is_shown_to_the_other_when_all_answers_are_in(story: Story) -> None:
    """As with the answers: nobody leans on what the other sent."""
    lotus, tonle = viewer("lotus-hr"), viewer("tonle-hr")
    evidence.add(
        story.desk, lotus, story.ref, [Upload("a.jpg", jpeg())], "Pay slips", roles=ROLES["respondent"], once=""
    )
    assert [one.mine for one in story.view("respondent").evidence] == [True]
    assert story.view("respondent", "tonle-hr").evidence == ()
    assert b"Pay slips" not in exporting.export(story.desk, tonle, story.ref)
    with pytest.raises(Hidden):
        evidence.open_file(story.desk, tonle, story.ref, 1, roles=ROLES["respondent"])
    story.do("respondent", "submit_answer", CONTEST, statement="We paid.")
    story.do("respondent", "submit_answer", ACCEPT, person="tonle-hr", statement="We did not.")
    assert [one.mine for one in story.view("respondent", "tonle-hr").evidence] == [False]
    assert evidence.open_file(story.desk, tonle, story.ref, 1, roles=ROLES["respondent"]).kind == "jpeg"
    assert verifying.verify(story.desk) == (1, [])


def test_another_case_at_the_site_of_any_of_them_looks_alike(desk: Desk) -> None:
    story, alone = admitted(desk, "KH-0119"), Story.filed(desk)
    alone.do("officer", "acknowledge", greeting="We have read it.")
    alone.do("officer", "assess", FACTS | {"respondent": "KH-0119", "other_respondents": []})
    found = linking.look(desk, viewer("sophea"), story.ref, roles=ROLES["officer"]).alike
    assert [(one.ref, [said.text for said in one.why]) for one in found] == [
        (alone.ref, ["Same site and subject, filed within {weeks} weeks"])
    ]
