"""A case that was opened again: what held in its first pass holds in its second one too."""

from __future__ import annotations

from collections.abc import Mapping

from grievance.casework import escalating
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import exporting, worklists
from tests.makers import ROLES, Clock, Story, viewer

ANEW = {"category": "violence", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["violence"]}
OUT = ("respondent", "brand", "complainant", "officer")


def again(desk: Desk, clock: Clock, *, view: bool = False) -> tuple[Story, str]:
    """Withdrawn while the panel reads, and opened again; one of the panel, who thought something of it if `view`."""
    story = Story.filed(desk).taken().answered().reviewed()
    who = next(iter(story.seated("panel")))
    if view:
        story.position("take_view", "not_upheld", person=who)
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(8)
    escalating.sweep(desk)
    story.do("complainant", "reopen", own_words="It goes on.")
    return story, who


def taken_again(story: Story, facts: Mapping[str, object] = ANEW) -> None:
    story.do("officer", "assess", facts)
    story.do("officer", "restate", {"could_have_written": 60}, title="Beaten", restatement="Beaten, again.")
    story.do("officer", "release")
    story.do("officer", "admit", reasons="It can be checked.")


# --- Whoever sat before reads what is new when they are asked, or when it is out ------------------------------------------


def told_the_panel(story: Story, who: str) -> str:
    found = worklists.worklist(story.desk, viewer(who), {"q": "Beaten"}, roles=ROLES["panel"]).rows
    view = story.view("panel", who)
    page = (view.title, view.restatement, view.category, view.issues, view.site)
    exported = exporting.export(story.desk, viewer(who), story.ref).decode()
    return f"{[row.ref for row in found]} {page} {exported}"


def test_the_panel_of_before_reads_nothing_new_before_it_is_out(desk: Desk, clock: Clock) -> None:
    story, who = again(desk, clock)
    story.do("officer", "assess", ANEW)
    story.do("officer", "restate", {"could_have_written": 60}, title="Beaten", restatement="Beaten, again.")
    told = told_the_panel(story, who)
    assert "Beaten" not in told
    assert "violence" not in told
    assert not told.startswith(f"['{story.ref}']"), "no search finds it by its words"
    clock.pass_days(40)
    escalating.sweep(desk)
    told = told_the_panel(story, who)  # nobody released it in time, so the three sides look at it
    assert "Beaten, again." in told
    assert told.startswith(f"['{story.ref}']")


# --- What was thought of it before -----------------------------------------------------------------------------------------


def test_no_later_decision_opens_what_was_thought_before(desk: Desk, clock: Clock) -> None:
    """The one who spoke before stays silent now: neither their old view nor their reasons come out with the decision."""
    story, who = again(desk, clock, view=True)
    taken_again(story)
    story.do("respondent", "submit_answer", {"issue_answers": {"1": "contest"}}, statement="We paid.")
    story.do("complainant", "submit_reply", comment="They did not.")
    others = [person for person in story.seated("panel") if person != who]
    for person in others:
        story.position("take_view", "upheld", person=person)
    clock.pass_days(20)
    escalating.sweep(desk)
    neutral = next(iter(story.seated("neutral")))
    remedy = {"issue": 1, "kind": "apology", "beneficiaries": 1, "amount": "", "currency": "", "due": ""}
    story.do("panel", "propose_remedy", {"remedy": remedy}, person=others[0])
    for person in others:
        story.position("vote", "upheld", person=person)
    story.position("vote", "upheld", person=neutral, role="neutral")
    assert story.do("neutral", "count_votes", person=neutral, reasons="It is plain.").decided == "majority"
    for role in OUT:
        told = exporting.export(desk, story.who(role), story.ref).decode()
        assert "Because upheld." in told, role
        assert "Because not_upheld." not in told, role
        assert "not_upheld" not in told or role == "officer", role
        assert "Because not_upheld." not in str(story.view(role)), role
    assert "Because not_upheld." in exporting.export(desk, viewer(who), story.ref).decode(), "their own they read"
    assert "Because not_upheld." not in exporting.export(desk, viewer(others[0]), story.ref).decode()
    assert verifying.verify(desk) == (1, [])


# --- A factory that has nothing to do with it any more ---------------------------------------------------------------------


def test_who_has_nothing_to_do_with_it_any_more_sees_nothing_vanish(desk: Desk, clock: Clock) -> None:
    """It reads how the case ended until others sit: it would see it vanish at the hour at which somebody came back."""
    story, _ = again(desk, clock)
    before = exporting.export(desk, viewer("lotus-hr"), story.ref)
    elsewhere = ANEW | {"respondent": "KH-0077"}
    story.do("officer", "assess", elsewhere)
    for person in ("lotus-hr", "north-buyer"):
        found = worklists.worklist(desk, viewer(person), {"view": "ended"}, roles=ROLES["respondent"]).rows
        assert [row.ref for row in found] == [story.ref], person
    assert exporting.export(desk, viewer("lotus-hr"), story.ref) == before
    taken_again(story, elsewhere)
    assert not worklists.worklist(desk, viewer("lotus-hr"), {}, roles=ROLES["respondent"]).rows
    assert not worklists.worklist(desk, viewer("lotus-hr"), {"view": "ended"}, roles=ROLES["respondent"]).rows
    assert story.view("respondent", "mekong-hr").restatement == "Beaten, again."
    assert verifying.verify(desk) == (1, [])
