"""How a case comes to where it is: sequences of scenes that several cases of the demo share."""

from __future__ import annotations

from datetime import datetime, timedelta

from grievance.core.calendar import Calendar, Limit, after, due
from grievance.demo.tales import Tale


def age(calendar: Calendar, now: datetime, limits: tuple[str, ...], grace: str = "", since: float = 0) -> float:
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


def rejected(tale: Tale, ago: float) -> Tale:
    """Not taken `ago` days ago, with the reason and another way."""
    tale.filed(ago + 5).scene(ago + 4, "officer", "acknowledge")
    return tale.scene(
        ago,
        "officer",
        "reject",
        {"ground": "not_covered"},
        reasons="The place is not a site of this programme.",
        other_ways="The provincial department of labour takes such complaints every working day.",
    )


def referred(tale: Tale, ago: float) -> Tale:
    """Passed on `ago` days ago to a body that can measure water."""
    tale.filed(ago + 5).scene(ago + 4, "officer", "acknowledge")
    body, reasons = "Provincial department of environment", "Water is their task; they can measure it."
    return tale.scene(ago, "officer", "refer", body=body, reasons=reasons)


def deliberating(tale: Tale, ago: float) -> Tale:
    """All six first views are in since `ago`, one side apart."""
    tale.filed(ago + 16).taken(ago + 12).answered(ago + 8).replied(ago + 4)
    return tale.views(ago, "take_view", dissent=True)


def silent_employer(tale: Tale, ago: float) -> Tale:
    """Taken `ago` days ago, and no word from the factory since."""
    return tale.filed(ago + 4).taken(ago)


def reviewed(tale: Tale, ago: float) -> Tale:
    """The panel let its time pass, `ago` days after the reply: the clock leads to mediation."""
    return tale.filed(ago + 14).taken(ago + 10).answered(ago + 6).replied(ago)


def mediating(tale: Tale, ago: float) -> Tale:
    """A first session is called for the day after tomorrow, and both have written to the mediator alone."""
    nine = (tale.stage.today + timedelta(days=2)).replace(hour=2, minute=0, second=0, microsecond=0)  # in Phnom Penh
    when = {"session_on": nine.isoformat(), "session_length": "2"}
    reviewed(tale, ago).scene(0.8, "mediator", "hold_session", when, place="Joint case office, room 3")
    tale.scene(0.6, "complainant", "write_aside", aside="ខ្ញុំខ្លាចបាត់បង់ការងារ ប្រសិនបើខ្ញុំយល់ព្រម។")
    return tale.scene(0.4, "respondent", "write_aside", aside="We could pay in two parts.")


def settling(tale: Tale, ago: float) -> Tale:
    """Two versions of a settlement, and the first signature under the second."""
    reviewed(tale, ago).remedies(0.8, "mediator")
    text = "The three members return to the day shift. The union meets the management every month."
    tale.scene(0.7, "mediator", "propose_settlement", {"no_waiver": True}, settlement_text=text)
    better = f"{text} The first meeting is on the first Monday after this is signed."
    tale.scene(0.5, "mediator", "revise_settlement", {"no_waiver": True}, settlement_text=better)
    return tale.scene(0.3, "complainant", "agree_settlement", {"agreement": True}, signature="Union of the South")


def decided(tale: Tale, ago: float) -> Tale:
    """All sides agreed `ago` days ago."""
    deliberating(tale, ago + 3)
    return tale.remedies(ago + 1).views(ago, "change_view")


def outvoted(tale: Tale, ago: float, silent_since: float) -> Tale:
    """The factory stayed silent; `ago` days ago two sides and the neutral decided, and the employers' side dissented."""
    tale.filed(silent_since + 4).taken(silent_since)
    return tale.remedies(ago + 0.9).views(ago, "vote", dissent=True, neutral=True)


def planned(tale: Tale, ago: float, plan: str, proof: str = "The bank list of that payroll.") -> Tale:
    """Whoever owes it says of each order who does what by when, and that this is the whole plan."""
    day = (tale.stage.today - timedelta(days=ago)).date().isoformat()
    for no in range(1, len(tale.matter.issues) + 1):
        facts = {"open_remedy": str(no), "plan_day": day}
        tale.scene(ago, "respondent", "plan_remedy", facts, plan=plan, plan_proof=proof)
    return tale.scene(ago, "respondent", "set_plan")


def remedied(tale: Tale, calendar: Calendar, ago: float) -> Tale:
    """The decision stood some `ago` days ago; the plan was set that day, and two days later all was reported as done."""
    now = tale.stage.today
    began = age(calendar, now, ("10 working days",), since=ago)
    stood = (now - due(Limit.parse("10 working days"), now - timedelta(days=began), calendar)) / timedelta(days=1)
    planned(decided(tale, began), stood - 0.5, "Paid with the next payroll.")
    return tale.each_remedy(stood - 2, "respondent", "report_remedy", "open_remedy")
