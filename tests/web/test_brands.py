"""A complaint about a brand on every page: whom it is about, figures of several only where they name nobody, and orders."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.house import verifying
from grievance.casework.showing import exporting, worklists
from grievance.core import purchasing, visibility
from grievance.core.errors import Refused
from tests.makers import ROLES, Clock, Story
from tests.web.staff import Staff, hidden, words
from tests.web.test_intake import Phone
from tests.web.test_rosters import against

GOES = "It goes to the brand only after you have said here that it may."
READ = "The brand and the panel read this, and nothing else of yours."
WITHHELD = "How many members of the association stand behind this is not shown."


def pooled(desk: Desk, members: int, largest: int) -> Story:
    """An association gathers others; the brand's contact has the text."""
    told = {"brand": "Sand & Sons", "words": "Orders were cancelled after cutting."}
    story = Story.filed(desk, filer="association", account=told, about=("c3_planning",))
    facts = {"category": "c3_planning", "severity": "serious", "lane": "U3", "named_brand": "brand-sand"}
    story.do("officer", "acknowledge", greeting="We have read it.")
    story.do("officer", "assess", facts | {"issues": ["c3_planning"]})
    story.do("officer", "open_pool", reasons="Others have the same order sheets.")
    story.do("complainant", "join_pool", {"members": members, "largest_share": largest})
    return sent(story, "close_pool")


def sent(story: Story, *moves: str) -> Story:
    for move in moves:
        story.do("complainant", move)
    story.do("officer", "restate", {"could_have_written": 9}, title="Cancelled", restatement="Orders were cancelled.")
    story.do("officer", "name_contact", {"contact": "sand-trust"})
    story.do("complainant", "approve_text")
    story.do("officer", "release_text")
    return story


def watched(desk: Desk) -> Story:
    """A brand accepted, made it good, and its orders are watched."""
    story = against(desk, "brand-sand")
    story.do("officer", "name_contact", {"contact": "sand-trust"})
    story.do("officer", "release_text")
    contact: dict[str, Any] = {"person": "sand-trust"}
    story.do("respondent", "accept_claim", settlement_text="We pay the interest.", **contact)
    remedy = {"issue": 1, "kind": "payment_with_interest", "beneficiaries": 1, "due": ""}
    story.do("respondent", "offer_remedy", {"remedy": remedy}, **contact)
    for role, who in (("respondent", "sand-trust"), ("complainant", "")):
        story.do(role, "agree_settlement", {"agreement": True}, person=who, signature="I agree")
    story.planned(person="sand-trust", plan="By the fifteenth.")
    story.do("respondent", "report_remedy", {"open_remedy": "1"}, proof="The transfer of today.", **contact)
    for person, side in story.seated("panel").items():
        if side in ("workers", "employers"):
            story.do(
                "panel", "verify", {"which_remedy": "1", "seen": "seen"}, person=person, proof="I saw the account."
            )
    story.do("complainant", "confirm_remedy")
    assert story.view("officer").stage == "order_watch"
    return story


def pages(app: Flask, story: Story) -> dict[str, str]:
    return {
        "office": Staff(app, "sophea").read(f"/office/cases/{story.ref}"),
        "brand": Staff(app, "sand-trust").read(f"/party/cases/{story.ref}"),
    }


def followed(app: Flask, story: Story) -> str:
    """What whoever filed reads on the phone."""
    phone = Phone(app)
    phone.open(story.receipt)
    return words(phone.get("/case").text)


def test_the_office_reads_which_brand_and_which_contact(app: Flask, desk: Desk) -> None:
    story = against(desk, "brand-sand")
    officer = Staff(app, "sophea")
    page = officer.read(f"/office/cases/{story.ref}")
    assert "No site matched yet" not in page
    assert "About Sand & Sons No contact outside buying named yet" in page
    assert "The factory" not in page
    assert "Sand & Sons" in officer.read("/office")
    story.do("officer", "name_contact", {"contact": "sand-buyer"})
    assert "Contact: Tom, Sand & Sons works in buying" in officer.read(f"/office/cases/{story.ref}")
    story.do("officer", "name_contact", {"contact": "sand-trust"})
    story.do("officer", "release_text")
    (row,) = worklists.worklist(desk, story.who("officer"), {}, roles=ROLES["officer"]).rows  # type: ignore[arg-type]
    assert (row.turn_label, row.brand, row.site) == ("The brand", "Sand & Sons", "")
    assert " Brand Paid late " in officer.read("/office")
    brand = pages(app, story)["brand"]
    assert "A supplier says that this happened when you bought from them." in brand
    assert "at your site" not in brand
    assert "Nobody in your buying team reads anything of it here." in brand


def test_whoever_complains_reads_the_text_word_by_word_before_it_may_go_out(app: Flask, desk: Desk) -> None:
    text = "Invoices were paid late."
    story = against(desk, "brand-sand")
    story.do("officer", "name_contact", {"contact": "sand-trust"})
    phone = Phone(app)
    phone.open(story.receipt)
    page = words(phone.get("/case").text)
    assert f"What the brand would read Read it word by word. {GOES} Paid late {text}" in page
    assert '<a class="btn" href="/case/approve_text">' in phone.get("/case").text, "nobody is pushed to a yes"
    for move in ("approve_text", "restate_self"):
        assert f"What the brand would read Paid late {text}" in words(phone.get(f"/case/{move}").text)
    story.do("officer", "release_text")
    assert (
        f"What the others read The officer wrote this from what you told us, and you have read it. {READ} Paid late {text}"
        in (words(phone.get("/case").text))
    )


def test_a_worker_reads_it_when_the_others_do(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk)
    facts = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["wages"]}
    story.do("officer", "acknowledge", greeting="We have read it.")
    story.do("officer", "assess", facts)
    story.do("officer", "restate", {"could_have_written": 60}, title="Unpaid", restatement="Overtime is unpaid.")
    assert "Overtime is unpaid." not in followed(app, story)
    assert story.view("complainant").buyers == ()


def test_a_case_whose_brand_nobody_named_says_so(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk, filer="manufacturer", account={"brand": "?", "words": "Late."}, about=("c2_payment",))
    assert "No brand matched yet" in Staff(app, "sophea").read(f"/office/cases/{story.ref}")


@pytest.mark.parametrize(("members", "largest"), [(2, 60), (3, 61)])
def test_figures_of_few_are_shown_to_nobody_and_the_reason_is(
    app: Flask, desk: Desk, members: int, largest: int
) -> None:
    story = pooled(desk, members, largest)
    for page in pages(app, story).values():
        assert WITHHELD in page
        assert "from 3 members on, and only where none has more than 60 % of the volume" in page
        assert f"{members} members" not in page.replace("3 members on", "")
        assert f"{largest} %" not in page.replace("more than 60 %", "")
    for who in (story.who("officer"), story.who("respondent", "sand-trust")):
        taken = exporting.export(desk, who, story.ref).decode()
        assert "Pooled" not in taken
        assert "largest_share" not in taken
    assert "Pooled" in exporting.export(desk, story.who("complainant"), story.ref).decode(), (
        "whoever filed has their own"
    )
    assert story.view("complainant").against.pool.members == members  # type: ignore[union-attr]
    answer = {"issue_answers": {"1": "contest"}}
    story.do("respondent", "submit_answer", answer, person="sand-trust", statement="The season was over.")
    story.do("complainant", "submit_reply", comment="It was not.")
    story.do("officer", "finish_facts_review", reasons="The order sheets are here.")
    pool = story.view("panel", next(iter(story.seated("panel")))).against.pool  # type: ignore[union-attr]
    assert pool is not None
    assert (pool.members, pool.largest, pool.withheld) == (0, 0, True)
    assert verifying.verify(desk) == (1, [])


def test_figures_of_three_are_shown_to_the_office_the_brand_and_the_panel(app: Flask, desk: Desk) -> None:
    story = pooled(desk, 3, 60)
    shown = "3 members of the association; the largest has 60 % of the volume. They are counted, never named."
    for page in pages(app, story).values():
        assert shown in page
        assert WITHHELD not in page
    assert "Pooled" in exporting.export(desk, story.who("respondent", "sand-trust"), story.ref).decode()


@pytest.mark.parametrize(("bound", "wrong", "members", "largest"), [("MEMBERS", 2, 2, 60), ("SHARE", 61, 3, 61)])
def test_planted_a_looser_bound_shows_them(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch, bound: str, wrong: int, members: int, largest: int
) -> None:
    story = pooled(desk, members, largest)
    monkeypatch.setattr(purchasing, bound, wrong)
    assert f"{members} members of the association; the largest has {largest} %" in pages(app, story)["brand"]


def test_planted_without_the_question_the_figures_of_two_would_leave_the_house(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = pooled(desk, 2, 60)
    monkeypatch.setattr(visibility, "shown_together", lambda _: True)
    assert "Pooled" in exporting.export(desk, story.who("officer"), story.ref).decode()


def test_an_alarm_asks_the_contact_and_the_filer_reads_the_reasons(app: Flask, desk: Desk, clock: Clock) -> None:
    story = watched(desk)
    officer, case = Staff(app, "sophea"), f"/office/cases/{story.ref}"

    def make(staff: Staff, address: str, **answers: str) -> str:
        page = staff.get(address).text
        seen = {name: hidden(page, name) for name in ("seen", "once")}
        answer = staff.send(address, **seen, **answers)
        return words(answer.text) if answer.status_code != 303 else "made"

    figures = {"months": "3", "orders_fell": "40", "country_fell": "35", "order_sign": "none"}
    assert "Write a number from 1 to 12." in make(officer, f"{case}/record_orders", **figures | {"months": "13"})
    assert make(officer, f"{case}/record_orders", **figures) == "made"
    assert "This is no alarm" in officer.read(case)
    assert "How orders changed" not in Staff(app, "sand-trust").read(f"/party/cases/{story.ref}"), (
        "nothing is asked yet"
    )
    with pytest.raises(Refused):
        story.do("officer", "order_alarm", own_words="It fell.")
    assert make(officer, f"{case}/record_orders", **figures | {"country_fell": "10"}) == "made"
    assert "This is an alarm as soon as somebody raises it" in officer.read(case)
    assert make(officer, f"{case}/order_alarm", own_words="Forty per cent after the case.") == "made"
    brand = Staff(app, "sand-trust")
    asked = brand.read(f"/party/cases/{story.ref}")
    assert "The brand gives its reasons for the fall in orders You have until Monday 16 March." in asked
    assert "fell by 40 %" in asked
    assert "Forty per cent after the case." not in asked, "the office's words"
    clock.pass_days(10)
    brand = Staff(app, "sand-trust")
    assert make(brand, f"/party/cases/{story.ref}/give_order_reasons", statement="The season is over.") == "made"
    assert "gave the reasons" in brand.read(f"/party/cases/{story.ref}")
    assert "The season is over." in followed(app, story)
    clock.pass_days(20)
    sweep(desk)
    assert story.view("complainant").marks == ()
    assert "Adverse mark" not in Staff(app, "sophea").read(case)
    assert verifying.verify(desk) == (2, [])


def test_silence_about_an_alarm_is_marked_told_and_shown_to_everybody(app: Flask, desk: Desk, clock: Clock) -> None:
    story = watched(desk)
    story.do(
        "complainant", "record_orders", {"months": 6, "orders_fell": 0, "country_fell": 0, "order_sign": "forecast"}
    )
    story.do("complainant", "order_alarm", own_words="No forecast comes any more.")
    clock.pass_days(14)
    sweep(desk)
    assert story.view("officer").marks == ()
    clock.pass_days(1)
    sweep(desk)
    assert story.view("officer").stage == "order_watch", "it finds nobody at fault, and moves nothing"
    for page in (*pages(app, story).values(), followed(app, story)):
        assert "To be weighed: The brand gave no reasons in time for the change of orders." in page
        assert "The brand gave no reasons in time for the change of orders." in page, "a line of the timeline"
    panellist = next(iter(story.seated("panel")))
    assert "To be weighed:" in Staff(app, panellist).read(f"/panel/cases/{story.ref}")
    assert story.view("respondent", "sand-trust").moves[0].name, "a late answer can still be given"
    story.do("respondent", "give_order_reasons", person="sand-trust", statement="We were late.")
    assert story.view("complainant").marks != ()
    assert verifying.verify(desk) == (2, [])
