"""What happens in the demo: which cases there are, and how many days ago each scene was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from grievance.core.calendar import Calendar, Limit, after, due
from grievance.demo import stories as s
from grievance.demo.staging import Stage, Tale


def plan(stage: Stage, calendar: Calendar) -> dict[str, Tale]:
    """Plans every case; returns those whose receipts are shown to visitors, by what they show."""
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
    tale(s.EQUAL_PAY).filed(_age(calendar, now, ("7 days", "10 working days")))
    _rejected(tale(s.NEIGHBOURS), 2)
    _referred(tale(s.NEIGHBOURS), 3)
    # Answer and reply
    answering = tale(s.SEVERANCE).filed(8).taken(5)
    answering.message(4, office=False, body="តើខ្ញុំត្រូវរង់ចាំដល់ពេលណា?")
    answering.message(3, office=True, body="រោងចក្រមានពេល ១០ ថ្ងៃធ្វើការដើម្បីឆ្លើយ។")
    late = _age(calendar, now, ("10 working days",))
    tale(s.CONTRACT).filed(late + 4).taken(late)
    tale(s.MATERNITY).filed(12).taken(9).answered(2)
    # The panel
    tale(s.OVERTIME).filed(17).taken(13).answered(8).replied(3).views(1, "take_view", dissent=True, leave_out=2)
    _deliberating(tale(s.DEDUCTION), 2)
    presumed = _age(calendar, now, ("10 working days",), grace="3 working days")
    tale(s.SEVERANCE, assignee="rith").filed(presumed + 4).taken(presumed)
    _silent_employer(tale(s.WATER), _age(calendar, now, ("10 working days", "10 working days"), grace="3 working days"))
    silent = ("10 working days", "10 working days", "15 working days")
    _silent_employer(tale(s.CONTRACT), _age(calendar, now, silent, grace="3 working days"))
    # Mediation
    _reviewed(tale(s.EQUAL_PAY), _age(calendar, now, ("10 working days",)))
    mediating = _age(calendar, now, ("10 working days", "3 working days"), since=1)
    _mediating(tale(s.MATERNITY), mediating)
    _settling(tale(s.UNION, filer="union", anonymity="named", name="Union of the South"), mediating)
    # Decision and remedy
    decided = _deliberating(tale(s.OVERTIME, name="Srey Mom"), 8)
    decided.remedies(6).views(5, "change_view")
    planning = _age(calendar, now, ("10 working days",))
    limits = ("10 working days", "10 working days")
    silent_since = planning + 2 + _age(calendar, now - timedelta(days=planning + 2), limits, grace="3 working days")
    _outvoted(tale(s.RECRUITER), planning + 1, silent_since)
    remedying = _decided(tale(s.OVERTIME), planning + 3)
    remedying.scene(1, "respondent", "set_plan", plan="Payroll pays with the next run.")
    remedying.scene(
        0.5, "respondent", "report_remedy", {"open_remedy": "1"}, proof="Paid with the payroll of this month."
    )
    verifying = _remedied(tale(s.SEVERANCE), calendar, 8).verified(2, ("workers",))
    watched = _remedied(tale(s.MATERNITY), calendar, 16).verified(9, ("workers", "employers", "brands"))
    watched.scene(8, "complainant", "confirm_remedy")
    closed = _remedied(tale(s.MATERNITY), calendar, 125).verified(118, ("workers", "employers", "brands"))
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
    reasons = "The bank lists of September were not read."
    _decided(tale(s.DEDUCTION), 4).scene(1, "complainant", "appeal", {"appeal_ground": "fact"}, reasons=reasons)
    _decided(tale(s.OVERTIME), _age(calendar, now, ("10 working days", "10 working days"), since=3))
    limits = ("10 working days", "10 working days", "15 working days", "10 working days")
    _silent_employer(tale(s.SEVERANCE), _age(calendar, now, limits, grace="3 working days"))
    joined = tale(s.CONTRACT, consents={"join": True}).filed(12).scene(11, "officer", "acknowledge")
    joined.scene(10, "officer", "join_case", other_case="The case of the third floor")


def _ends(tale: Callable[..., Tale]) -> None:
    """A case in every final stage that no other story reaches."""
    tale(s.DEDUCTION).filed(30).taken(27).scene(24, "complainant", "withdraw", {"why_withdrawn": "settled"})
    _rejected(tale(s.WATER, consents={}), 60)
    _referred(tale(s.BOILER), 25).scene(20, "officer", "confirm_handover", handover="Letter 114 of the inspectorate")
    tale(s.EQUAL_PAY).filed(75)
    noticed = tale(s.INSULTS, anonymity="anonymous", consents={}).filed(20).scene(18, "officer", "acknowledge")
    for ago, channel in ((16, "page"), (14, "union"), (12, "page")):
        noticed.scene(ago, "officer", "record_attempt", {"channel": channel, "reached": "no"})
    noticed.scene(10, "officer", "turn_to_notice", reasons="Nobody agreed to a release; the pattern is kept.")


def _age(calendar: Calendar, now: datetime, limits: tuple[str, ...], grace: str = "", since: float = 0) -> float:
    """How many days ago something must have begun so that these limits, one after the other, ran out `since` days ago.

    `grace` belongs to the first of them.
    """
    for days in range(1, 200):
        at = now - timedelta(days=days)
        for no, limit in enumerate(limits):
            at = due(Limit.parse(limit), at, calendar)
            if grace and no == 0:
                at = after(Limit.parse(grace), at, calendar)
        if at < now - timedelta(days=since):
            return float(days)
    raise ValueError("no limit is that long")


def _rejected(tale: Tale, ago: float) -> Tale:
    tale.filed(ago + 5).scene(ago + 4, "officer", "acknowledge")
    return tale.scene(
        ago,
        "officer",
        "reject",
        {"ground": "not_covered"},
        reasons="The place is not a site of this programme.",
        other_ways="The provincial department of labour takes such complaints every working day.",
    )


def _referred(tale: Tale, ago: float) -> Tale:
    tale.filed(ago + 5).scene(ago + 4, "officer", "acknowledge")
    body, reasons = "Provincial department of environment", "Water is their task; they can measure it."
    return tale.scene(ago, "officer", "refer", body=body, reasons=reasons)


def _deliberating(tale: Tale, ago: float) -> Tale:
    """All six first views are in since `ago`, one side apart."""
    tale.filed(ago + 16).taken(ago + 12).answered(ago + 8).replied(ago + 4)
    return tale.views(ago, "take_view", dissent=True)


def _silent_employer(tale: Tale, ago: float) -> Tale:
    return tale.filed(ago + 4).taken(ago)


def _reviewed(tale: Tale, ago: float) -> Tale:
    """The panel let its time pass, `ago` days after the reply: the clock leads to mediation."""
    return tale.filed(ago + 14).taken(ago + 10).answered(ago + 6).replied(ago)


def _mediating(tale: Tale, ago: float) -> Tale:
    """A first session is called for the day after tomorrow, and both have written to the mediator alone."""
    nine = (tale.stage.today + timedelta(days=2)).replace(hour=2, minute=0, second=0, microsecond=0)  # in Phnom Penh
    when = {"session_on": nine.isoformat(), "session_length": "2"}
    _reviewed(tale, ago).scene(0.8, "mediator", "hold_session", when, place="Joint case office, room 3")
    tale.scene(0.6, "complainant", "write_aside", aside="ខ្ញុំខ្លាចបាត់បង់ការងារ ប្រសិនបើខ្ញុំយល់ព្រម។")
    return tale.scene(0.4, "respondent", "write_aside", aside="We could pay in two parts.")


def _settling(tale: Tale, ago: float) -> Tale:
    _reviewed(tale, ago).remedies(0.8, "mediator")
    text = "The three members return to the day shift. The union meets the management every month."
    tale.scene(0.7, "mediator", "propose_settlement", {"no_waiver": True}, settlement_text=text)
    better = f"{text} The first meeting is on the first Monday after this is signed."
    tale.scene(0.5, "mediator", "revise_settlement", {"no_waiver": True}, settlement_text=better)
    return tale.scene(0.3, "complainant", "agree_settlement", {"agreement": True}, signature="Union of the South")


def _decided(tale: Tale, ago: float) -> Tale:
    """All sides agreed `ago` days ago."""
    _deliberating(tale, ago + 3)
    return tale.remedies(ago + 1).views(ago, "change_view")


def _outvoted(tale: Tale, ago: float, silent_since: float) -> Tale:
    """The factory stayed silent; `ago` days ago two sides and the neutral decided, and the employers' side dissented."""
    tale.filed(silent_since + 4).taken(silent_since)
    return tale.remedies(ago + 0.9).views(ago, "vote", dissent=True, neutral=True)


def _remedied(tale: Tale, calendar: Calendar, ago: float) -> Tale:
    """The decision stood some `ago` days ago; the plan was set that day, and two days later all was reported as done."""
    now = tale.stage.today
    decided = _age(calendar, now, ("10 working days",), since=ago)
    stood = (now - due(Limit.parse("10 working days"), now - timedelta(days=decided), calendar)) / timedelta(days=1)
    _decided(tale, decided).scene(stood - 0.5, "respondent", "set_plan", plan="Paid with the next payroll.")
    return tale.each_remedy(stood - 2, "respondent", "report_remedy", "open_remedy")
