"""A demo programme: invented organisations, people and cases in Cambodia, made through the same verbs as real ones."""

from __future__ import annotations

import random
from dataclasses import replace

from grievance.casework import delivering
from grievance.casework.desk import Desk
from grievance.casework.house import founding
from grievance.demo import cast
from grievance.demo.plots import plan
from grievance.demo.staging import Stage
from grievance.notices import Notice

SEED = 20_261_122
"""Who sits where is drawn by lot; a demo draws the same lots each time."""


WHO = {
    "officer": "case officer",
    "coordinator": "coordinator",
    "admin": "administrator",
    "factory": "respondent",
    "contact": "a brand's contact, outside buying",
    "workers1": "panel, workers",
    "employers1": "panel, employers",
    "brands2": "panel, brands",
    "neutral1": "neutral",
    "mediator1": "mediator",
}


class Punctual(random.Random):
    """A lot that can be drawn again. What is released goes out at once: an officer of the demo waits for nothing."""

    def uniform(self, a: float, b: float) -> float:
        """No wait at all."""
        del a, b
        return 0.0


def load(desk: Desk) -> bool:
    """Fill an empty database with the demo; False, and nothing done, where there are accounts already."""
    if not founding.is_empty(desk):
        return False
    founding.found_programme(desk, cast.PROGRAMME, cast.BODIES, cast.SITES, cast.PEOPLE, cast.PASSWORD)
    stage = Stage(replace(desk, random=Punctual(SEED)), desk.now())
    shown = plan(stage, desk.lawbook.calendars["kh-factory"])
    stage.play()
    while delivering.deliver(stage.desk, _nobody):
        pass
    founding.mark_demo(desk, {name: tale.receipt for name, tale in shown.items()})
    return True


def guide(address: str, receipts: dict[str, str]) -> str:
    """What a visitor needs to know: the address, the accounts, and some receipts."""
    lines = [
        "",
        f"  {address}",
        "",
        f"  Everybody signs in at {address}/account/sign-in with the password: {cast.PASSWORD}",
        "",
    ]
    lines += [f"    {mail + '@demo.test':24} {role}" for mail, role in WHO.items()]
    lines += ["", f"  Follow a case as a complainant at {address}/follow with one of these numbers:", ""]
    lines += [f"    {digits}  {name}" for name, digits in receipts.items()]
    return "\n".join([*lines, "", "  Watch the clock escalate: grievance demo --advance 10d", ""])


def _nobody(address: str, notice: Notice) -> None:
    """Notices of the past are not sent."""
