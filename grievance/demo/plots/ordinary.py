"""More cases of workers: a union for 1,600 people, a reprisal, somebody who was helped, and what an office has on any day."""

from __future__ import annotations

from functools import partial

from grievance.core.calendar import Calendar
from grievance.core.matters import Attended
from grievance.demo import stories as s
from grievance.demo.plots import acts
from grievance.demo.staging import Stage
from grievance.demo.tales import Tale

UNION = {"filer": "union", "anonymity": "named", "organisation": "Garment Workers’ Union of the South"}
ASSEMBLY = {
    "count": "1600",
    "mandate": "They are members of the union",
    "mandate_words": "A meeting of all four buildings on two Sundays; the lists are with the union.",
}


def play(stage: Stage, calendar: Calendar) -> dict[str, Tale]:
    """Plans these cases; returns those whose receipts are shown to visitors, by what they show."""
    tale = partial(Tale, stage)
    crowd = acts.decided(tale(s.SENIORITY, account=ASSEMBLY, **UNION), acts.age(calendar, stage.today, TEN) + 3)
    acts.planned(crowd, 1, "A third with each of the next three payrolls.")
    _punished(tale(s.UNPAID, consents={"restatement_to_respondent": True, "urgent": True}))
    _arriving(tale)
    _heard(tale)
    _late(tale, stage, calendar)
    acts.remedied(tale(s.HEAT, assignee="rith"), calendar, 6).verified(2, ("workers",))
    acts.reviewed(tale(s.BLACKLIST), acts.age(calendar, stage.today, TEN))
    tale(s.TOILETS).filed(28).taken(25).scene(21, "complainant", "withdraw", {"why_withdrawn": "settled"})
    return {"a union for 1,600 people": crowd}


TEN = ("10 working days",)


def _punished(first: Tale) -> None:
    """Whoever complained is moved to another line for it: a case of its own, in hours, beside the first."""
    first.filed(10).taken(7).answered(2)
    told = "ក្រោយពីខ្ញុំប្តឹង គេប្តូរខ្ញុំទៅវេនយប់។ ប្រធានថា នេះជាមេរៀន។"
    facts = {"category": "retaliation", "severity": "critical", "lane": "U2", "issues": ["retaliation"]}
    reprisal = first.scene(0.35, "complainant", "report_retaliation", own_words=told).beside(0.34, "retaliation")
    reprisal.scene(0.3, "officer", "assess", facts | {"respondent": first.matter.site})


def _arriving(tale: partial[Tale]) -> None:
    """What came in these days; one of them by telephone, written down and read back by an officer."""
    tale(s.LEAVE, anonymity="anonymous").filed(0.2)
    tale(s.TOILETS).filed(1.4)
    tale(s.HEAT).filed(2.5).scene(1.5, "officer", "acknowledge", greeting="We read it today.")
    helped = tale(s.TRUCKS, attended=Attended("", "telephone", "word", read_back=True)).filed(3)
    helped.scene(2, "officer", "acknowledge", greeting="សូមអរគុណដែលបានទូរស័ព្ទមក។")
    read = tale(s.TOUCHING, assignee="rith").filed(3.5).scene(3, "officer", "acknowledge", greeting="យើងបានអានហើយ។")
    read.assigned(3).translated(
        2.5, "A mechanic touches the women when he repairs the machines. We are ashamed to say it."
    )


def _heard(tale: partial[Tale]) -> None:
    """Answered, commented on, read by the panel; with a pay slip on a photo, and an account put into English."""
    slip = tale(s.UNPAID).filed(7).photo(6.5, "ប័ណ្ណប្រាក់ខែ ខែកញ្ញា").taken(4)
    slip.translated(3.5, "The wages of September came on the 21st of October, and forty dollars were missing.")
    tale(s.TRUCKS).filed(6).taken(3)
    tale(s.PREGNANT, assignee="rith", others=("KH-0077",)).filed(14).taken(11).answered(3)
    tale(s.LEAVE).filed(16).taken(12).answered(7).replied(2)
    tale(s.TOUCHING).filed(18).taken(14).answered(9).replied(4).views(1, "take_view", leave_out=3)
    acts.deliberating(tale(s.DISABILITY, assignee="rith"), 3)
    acts.decided(tale(s.TOILETS), 2)


def _late(tale: partial[Tale], stage: Stage, calendar: Calendar) -> None:
    """Three factories let their time pass; the extra days before silence counts are running."""
    for matter, since in ((s.LEAVE, 0.0), (s.HEAT, 1.0), (s.BLACKLIST, 0.0)):
        acts.silent_employer(tale(matter), acts.age(calendar, stage.today, TEN, since=since))
