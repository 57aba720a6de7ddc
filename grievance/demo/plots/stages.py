"""A case at every stage of the workers' procedure, and in every way in which one ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from grievance.core.calendar import Calendar
from grievance.demo import stories as s
from grievance.demo.plots import acts
from grievance.demo.staging import Stage
from grievance.demo.tales import Tale


def play(stage: Stage, calendar: Calendar) -> dict[str, Tale]:
    """Plans these cases; returns those whose receipts are shown to visitors, by what they show."""
    now = stage.today

    def tale(matter: s.Matter, **how: object) -> Tale:
        return Tale(stage, matter, **how)

    # Arriving and triage
    tale(s.DEDUCTION, anonymity="anonymous").filed(0.1)
    tale(s.BOILER, danger=True).filed(0.05)
    tale(s.UNION, filer="union", anonymity="named", name="Union of the South", retaliation=True).filed(0.3)
    tale(s.WATER, filer="representative").filed(4).scene(3, "officer", "acknowledge", greeting="We have read it.")
    refusing = tale(s.INSULTS, anonymity="anonymous", consents={"restatement_to_respondent": False}).filed(9)
    refusing.scene(8, "officer", "acknowledge", greeting="យើងបានអានហើយ។")
    for ago, channel in ((6, "page"), (5, "union"), (4, "page")):
        refusing.scene(ago, "officer", "record_attempt", {"channel": channel, "reached": "no"})
    asked = tale(s.RECRUITER).filed(6).scene(5, "officer", "acknowledge", greeting="យើងបានអានហើយ។")
    asked.scene(2, "officer", "ask_information", questions="តើអ្នកណាយកប្រាក់? នៅថ្ងៃណា?")
    tale(s.EQUAL_PAY).filed(acts.age(calendar, now, ("7 days", "10 working days")))
    acts.rejected(tale(s.NEIGHBOURS), 2)
    acts.referred(tale(s.NEIGHBOURS), 3)
    # Answer and reply
    answering = tale(s.SEVERANCE).filed(8).taken(5)
    answering.message(4, office=False, body="តើខ្ញុំត្រូវរង់ចាំដល់ពេលណា?")
    answering.message(3, office=True, body="រោងចក្រមានពេល ១០ ថ្ងៃធ្វើការដើម្បីឆ្លើយ។")
    late = acts.age(calendar, now, ("10 working days",))
    tale(s.CONTRACT).filed(late + 4).taken(late)
    tale(s.MATERNITY).filed(12).taken(9).answered(2)
    # The panel
    tale(s.OVERTIME).filed(17).taken(13).answered(8).replied(3).views(1, "take_view", dissent=True, leave_out=2)
    acts.deliberating(tale(s.DEDUCTION), 2)
    presumed = acts.age(calendar, now, ("10 working days",), grace="3 working days")
    tale(s.SEVERANCE, assignee="rith").filed(presumed + 4).taken(presumed)
    acts.silent_employer(
        tale(s.WATER), acts.age(calendar, now, ("10 working days", "10 working days"), grace="3 working days")
    )
    silent = ("10 working days", "10 working days", "15 working days")
    acts.silent_employer(tale(s.CONTRACT), acts.age(calendar, now, silent, grace="3 working days"))
    # Mediation
    acts.reviewed(tale(s.EQUAL_PAY), acts.age(calendar, now, ("10 working days",)))
    mediating = acts.age(calendar, now, ("10 working days", "3 working days"), since=1)
    acts.mediating(tale(s.MATERNITY), mediating)
    acts.settling(tale(s.UNION, filer="union", anonymity="named", name="Union of the South"), mediating)
    # Decision and remedy
    decided = acts.deliberating(tale(s.OVERTIME, name="Srey Mom"), 8)
    decided.remedies(6).views(5, "change_view")
    planning = acts.age(calendar, now, ("10 working days",))
    limits = ("10 working days", "10 working days")
    silent_since = planning + 2 + acts.age(calendar, now - timedelta(days=planning + 2), limits, grace="3 working days")
    acts.outvoted(tale(s.RECRUITER), planning + 1, silent_since)
    remedying = acts.decided(tale(s.OVERTIME), planning + 3)
    acts.planned(remedying, 1, "Payroll pays with the next run.")
    remedying.scene(
        0.5, "respondent", "report_remedy", {"open_remedy": "1"}, proof="Paid with the payroll of this month."
    )
    verifying = acts.remedied(tale(s.SEVERANCE), calendar, 8).verified(2, ("workers",))
    watched = acts.remedied(tale(s.MATERNITY), calendar, 16).verified(9, ("workers", "employers", "brands"))
    watched.scene(8, "complainant", "confirm_remedy")
    closed = acts.remedied(tale(s.MATERNITY), calendar, 125).verified(118, ("workers", "employers", "brands"))
    closed.scene(117, "complainant", "confirm_remedy")
    _further(tale, calendar, now)
    _ends(tale)
    return {
        "the factory has to answer": answering,
        "is the remedy real?": verifying,
        "closed with a verified remedy": closed,
    }


def _further(tale: Callable[..., Tale], calendar: Calendar, now: datetime) -> None:
    """Urgent cases that the chairs and the factory have now, a review, brands that act, and the way to the state."""
    tale(s.UNION, retaliation=True).filed(0.7)
    urgent = tale(s.UNION, retaliation=True, consents={"urgent": True}).filed(0.4)
    facts = {"category": "foa", "severity": "critical", "lane": "U2", "respondent": s.UNION.site, "issues": ["foa"]}
    urgent.scene(0.3, "officer", "assess", facts)
    urgent.scene(0.25, "officer", "ask_protection", {"measure": "stay"}, protect_whom="Three people of the night shift")
    # The factory let its day go by: it weighs against it, and the brands have 48 hours.
    unprotected = tale(s.UNION, retaliation=True, consents={"urgent": True}).filed(1.7)
    unprotected.scene(1.65, "officer", "assess", facts)
    unprotected.scene(1.6, "officer", "ask_protection", {"measure": "stay"}, protect_whom="Two people of line 4")
    reasons = "The bank lists of September were not read."
    acts.decided(tale(s.DEDUCTION), 4).scene(1, "complainant", "appeal", {"appeal_ground": "fact"}, reasons=reasons)
    acts.decided(tale(s.OVERTIME), acts.age(calendar, now, ("10 working days", "10 working days"), since=3))
    limits = ("10 working days", "10 working days", "15 working days", "10 working days")
    acts.silent_employer(tale(s.SEVERANCE), acts.age(calendar, now, limits, grace="3 working days"))
    joined = tale(s.CONTRACT, consents={"join": True}).filed(12).scene(11, "officer", "acknowledge")
    joined.scene(10, "officer", "join_case", other_case="The case of the third floor")


def _ends(tale: Callable[..., Tale]) -> None:
    """A case in every final stage that no other story reaches."""
    tale(s.DEDUCTION).filed(30).taken(27).scene(24, "complainant", "withdraw", {"why_withdrawn": "settled"})
    acts.rejected(tale(s.WATER, consents={}), 60)
    acts.referred(tale(s.BOILER), 25).scene(
        20, "officer", "confirm_handover", handover="Letter 114 of the inspectorate"
    )
    tale(s.EQUAL_PAY).filed(75)
    noticed = tale(s.INSULTS, anonymity="anonymous", consents={}).filed(20).scene(18, "officer", "acknowledge")
    for ago, channel in ((16, "page"), (14, "union"), (12, "page")):
        noticed.scene(ago, "officer", "record_attempt", {"channel": channel, "reached": "no"})
    noticed.scene(10, "officer", "turn_to_notice", reasons="Nobody agreed to a release; the pattern is kept.")
