"""Factories and their association against a brand: nobody in buying is let in, and the filer reads every word first."""

from __future__ import annotations

from grievance.demo import cast
from grievance.demo import stories as s
from grievance.demo.plots.acts import planned
from grievance.demo.staging import Stage, party_of
from grievance.demo.tales import Tale


class Claim(Tale):
    """A case against a brand."""

    def assessed(self, ago: float) -> Claim:
        """Acknowledged, triaged and restated within two days that end `ago`, with a contact outside buying."""
        m = self.matter
        facts = {"category": m.category, "severity": m.severity, "lane": "U3", "issues": list(m.issues)}
        self.scene(ago + 2, "officer", "acknowledge", greeting="We have read it. No buyer will.")
        self.assigned(ago + 2)
        self.scene(ago + 1, "officer", "assess", facts | {"named_brand": m.brand})
        text = {"title": m.title, "restatement": m.restatement}
        self.scene(ago, "officer", "restate", {"could_have_written": m.people}, **text)
        self.scene(ago, "officer", "name_contact", {"contact": party_of(m.brand, "contact")})
        return self

    def taken(self, ago: float) -> Claim:
        """The filer reads what the brand would read."""
        reasons = "The brand bought here within the year, and the invoices can be checked."
        self.assessed(ago).scene(ago, "officer", "admit", reasons=reasons)
        return self

    def released(self, ago: float) -> Claim:
        """The filer agreed to every word, and the contact has it."""
        self.scene(ago, "complainant", "approve_text").scene(ago, "officer", "release_text")
        return self

    def accepted(self, ago: float) -> Claim:
        """The brand agrees and pays; two sides and the filer saw it. Orders are watched from `ago` - 22 on."""
        self.scene(ago, "respondent", "accept_claim", settlement_text=self.matter.statement)
        remedy = {"issue": 1, "kind": self.matter.remedy, "beneficiaries": 1, "due": "", "currency": "USD"}
        self.scene(ago, "respondent", "offer_remedy", {"remedy": remedy | {"amount": self.matter.amount}})
        self.scene(ago - 1, "respondent", "agree_settlement", {"agreement": True}, signature="Yuki, Sand & Sons")
        self.scene(ago - 1, "complainant", "agree_settlement", {"agreement": True}, signature="I agree")
        planned(
            self, ago - 2, "Paid with the next run, within two weeks.", proof="The transfer, as the bank wrote it down."
        )
        self.each_remedy(ago - 16, "respondent", "report_remedy", "open_remedy")
        self.verified(ago - 19, ("workers", "employers"))
        self.scene(ago - 22, "complainant", "confirm_remedy")
        return self

    def account(self) -> dict[str, str]:
        brand = next(body.name for body in cast.BODIES if body.id == self.matter.brand)
        return {"brand": brand, "words": self.matter.words, "want": self.matter.want}

    def respondent(self) -> str:
        return party_of(self.matter.brand, "contact")


def play(stage: Stage) -> dict[str, Tale]:
    """Plans these cases; returns those whose receipts are shown to visitors, by what they show."""
    factory = {"filer": "manufacturer", "organisation": "Tonle Shoes Co., Ltd."}
    paid_late = Claim(stage, s.PAID_LATE, **factory)
    paid_late.filed(19)
    paid_late.taken(15).released(13).answered(5)
    reading = Claim(stage, s.PRICES, **factory)
    reading.filed(6)
    reading.taken(2)
    together = Claim(stage, s.CANCELLED, filer="association", organisation="Garment Employers’ Circle")
    together.filed(12)
    reasons = "Three members have the same order sheets."
    together.assessed(9).scene(8, "officer", "open_pool", reasons=reasons)
    together.scene(3, "complainant", "join_pool", {"members": 3, "largest_share": 45})
    fewer = Claim(stage, s.FEWER_ORDERS, **factory)
    fewer.filed(110)
    fewer.taken(106).released(104).accepted(98)
    changed = {"months": 2, "orders_fell": 45, "country_fell": 8, "order_sign": "forecast"}
    fewer.scene(6, "officer", "record_orders", changed)
    fewer.scene(5, "officer", "order_alarm", own_words="They told me by telephone; the sheets are in the file.")
    return {"a factory reads what the brand would read": reading}
