"""Plays a story through the same verbs as real people use, on the days on which it would have happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grievance.casework import assigning, attending, filing, moving
from grievance.casework.desk import Bearer, Viewer
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.moving import Answers
from grievance.casework.showing import following, reading
from grievance.casework.views import CaseView
from grievance.casework.words import translating
from grievance.core.errors import Hidden
from grievance.core.rules.taking import MANY
from grievance.demo import cast, papers
from grievance.demo.staging import Stage, party_of, viewer_of
from grievance.demo.stories import Matter

OFFICE = frozenset({"officer", "relief"})
PARTY = frozenset({"respondent", "brand"})
PANEL = frozenset({"panel", "neutral", "mediator"})
COMPLAINANT = frozenset({"complainant"})
REMEDY = {"panel": "propose_remedy", "mediator": "offer_remedy"}


class Tale:
    """One case: each method plans one scene, so many days ago."""

    def __init__(self, stage: Stage, matter: Matter, **how: Any) -> None:
        self.stage, self.matter, self.how = stage, matter, how
        self.bearer: Bearer | None = None
        self.receipt = ""
        self.ref = ""

    def filed(self, ago: float) -> Tale:
        self.stage.plan(ago, self._file)
        return self

    def scene(self, ago: float, who: str, move: str, facts: Mapping[str, Any] | None = None, **texts: str) -> Tale:
        """A move by a role; roles that several people hold are played by whoever of them is seated first."""
        self.stage.plan(ago, lambda: self._act(who, move, facts or {}, texts))
        return self

    def message(self, ago: float, *, office: bool, body: str) -> Tale:
        who: Callable[[], Viewer | Bearer] = (lambda: viewer_of("sophea")) if office else self._holder
        self.stage.plan(ago, lambda: moving.write_message(self.stage.desk, who(), self.ref, body))
        return self

    def photo(self, ago: float, caption: str) -> Tale:
        """The complainant sends a photo of a pay slip."""

        def send() -> None:
            slip = Upload("slip.jpg", papers.pay_slip())
            evidence.add(self.stage.desk, self._holder(), self.ref, [slip], caption, roles=COMPLAINANT, once="")

        self.stage.plan(ago, send)
        return self

    def translated(self, ago: float, body: str) -> Tale:
        """The officer puts the account into English."""
        who = viewer_of("sophea")
        self.stage.plan(ago, lambda: translating.translate(self.stage.desk, who, self.ref, 1, "en", body, once=""))
        return self

    def beside(self, ago: float, kind: str) -> Tale:
        """The case that a scene of this one opened, as the office sees it."""
        other = Tale(self.stage, self.matter, **self.how)

        def find() -> None:
            links = self.view(viewer_of("sophea"), OFFICE).links
            other.ref = next(link.ref for link in links if link.how == kind)

        self.stage.plan(ago, find)
        return other

    def taken(self, ago: float) -> Tale:
        """Acknowledged, triaged, restated, released and admitted, within two days that end `ago`."""
        m, officer = self.matter, self.how.get("officer", "officer")
        facts = {"category": m.category, "severity": m.severity, "respondent": m.site, "issues": list(m.issues)}
        facts |= {"other_respondents": list(self.how.get("others", ()))}
        self.scene(
            ago + 2, officer, "acknowledge", greeting="សួស្តី។ យើងបានអានហើយ។" if m.language == "km" else "We read it."
        )
        self.assigned(ago + 2)
        self.scene(ago + 1, officer, "assess", facts | {"lane": self.how.get("lane", "U3")})
        self.scene(
            ago + 1, officer, "restate", {"could_have_written": m.people}, title=m.title, restatement=m.restatement
        )
        if m.people >= MANY:
            self.scene(ago, officer, "release")
        else:
            self.scene(
                ago, officer, "ask_second", office_reasons="Few could have written it; what only they know is out."
            )
            self.scene(ago, "second", "confirm_release", office_reasons="Nothing in it points at one of them.")
        return self.scene(
            ago, officer, "admit", reasons="It is about work at a site that is covered, and can be checked."
        )

    def assigned(self, ago: float) -> Tale:
        def assign() -> None:
            seen = self.view(viewer_of("sophea"), OFFICE).seq
            assigning.assign(
                self.stage.desk, viewer_of("sophea"), self.ref, self.how.get("assignee", "sophea"), seen=seen
            )

        self.stage.plan(ago, assign)
        return self

    def answered(self, ago: float) -> Tale:
        facts = {"issue_answers": {str(no): "contest" for no in range(1, len(self.matter.issues) + 1)}}
        return self.scene(ago, "respondent", "submit_answer", facts, statement=self.matter.statement)

    def replied(self, ago: float) -> Tale:
        return self.scene(ago, "complainant", "submit_reply", comment=self.matter.comment)

    def views(self, ago: float, move: str, *, dissent: bool = False, leave_out: int = 0, neutral: bool = False) -> Tale:
        """Every seated panellist takes a position; the employers' side may dissent, the last ones may be left out."""

        def take() -> None:
            seats = [seat for seat in self.panel_seats() if seat[1] == "panel"]
            before = self.view(self._holder(), COMPLAINANT).stage
            for person, _, side in seats[: len(seats) - leave_out]:
                if self.view(self._holder(), COMPLAINANT).stage != before:
                    return  # those before them completed what was needed
                self._position(person, move, "partly" if dissent and side == "employers" else "upheld")
            if neutral:
                for person, role, _ in self.panel_seats():
                    if role == "neutral":
                        self._position(person, move, "upheld")

        self.stage.plan(ago, take)
        return self

    def remedies(self, ago: float, who: str = "panel") -> Tale:
        """One remedy for each issue is put on the table."""
        for no in range(1, len(self.matter.issues) + 1):
            remedy = {"issue": no, "kind": self.matter.remedy, "beneficiaries": self.matter.people, "due": ""}
            money = {"amount": self.matter.amount, "currency": "USD"} if self.matter.amount and no == 1 else {}
            self.scene(ago, who, REMEDY[who], {"remedy": remedy | money})
        return self

    def each_remedy(self, ago: float, who: str, move: str, ask: str, **more: str) -> Tale:
        for no in range(1, len(self.matter.issues) + 1):
            self.scene(
                ago,
                who,
                move,
                {ask: str(no), **more},
                proof="Paid on the bank list of this week; copies are in the file.",
            )
        return self

    def verified(self, ago: float, sides: tuple[str, ...]) -> Tale:
        """One member of each of these sides saw every remedy."""

        def see() -> None:
            for side in sides:
                person = next(person for person, role, held in self.panel_seats() if role == "panel" and held == side)
                for no in range(1, len(self.matter.issues) + 1):
                    facts = {"which_remedy": str(no), "seen": "seen"}
                    self._fire(
                        viewer_of(person), PANEL, "verify", facts, {"proof": "I was at the site and asked six people."}
                    )

        self.stage.plan(ago, see)
        return self

    def account(self) -> dict[str, str]:
        """What is told when the case is filed."""
        m = self.matter
        return {"workplace": m.site, "words": m.words, "want": m.want, **self.how.get("account", {})}

    def respondent(self) -> str:
        """Who answers."""
        return party_of(next(site.body for site in cast.SITES if site.code == self.matter.site))

    def _file(self) -> None:
        m, desk, how = self.matter, self.stage.desk, self.how
        complaint = filing.Complaint(
            filer=how.get("filer", "worker"),
            anonymity=how.get("anonymity", "confidential"),
            language=m.language,
            account=self.account(),
            about=m.issues,
            danger=how.get("danger", False),
            retaliation=how.get("retaliation", False),
            consents=how.get("consents", {"restatement_to_respondent": True, "referral": True}),
            identity={part: how[part] for part in ("name", "organisation") if part in how},
            contact={"phone": "012 000 000", "safe": "In the evening"} if how.get("anonymity") != "anonymous" else {},
        )
        ticket, officer = following.new_ticket(desk), viewer_of("sophea")
        if "attended" in how:
            taken = attending.file_for(desk, officer, cast.PROGRAMME.id, complaint, how["attended"], ticket)
            attending.hand_receipt(desk, officer, taken.ref, "read", seen=taken.seq)
            self.receipt = taken.digits
        else:
            self.receipt = filing.file(desk, cast.PROGRAMME.id, complaint, ticket).digits
        self.bearer = following.show_receipt(desk, self.receipt)
        self.ref = self.view(self.bearer, COMPLAINANT).ref

    def _holder(self) -> Bearer:
        if self.bearer is None:
            raise Hidden
        return self.bearer

    def view(self, viewer: Viewer | Bearer, roles: frozenset[str]) -> CaseView:
        """The case as somebody sees it from a door for these roles."""
        return reading.case(self.stage.desk, viewer, self.ref, roles=roles)

    def _fire(
        self,
        viewer: Viewer | Bearer,
        roles: frozenset[str],
        move: str,
        facts: Mapping[str, Any],
        texts: Mapping[str, str],
    ) -> None:
        seen = self.view(viewer, roles).seq
        moving.fire(self.stage.desk, viewer, self.ref, move, Answers(facts, texts), seen=seen)

    def _act(self, who: str, move: str, facts: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        if who == "complainant":
            self._fire(self._holder(), COMPLAINANT, move, facts, texts)
        elif who == "officer":
            self._fire(viewer_of("sophea"), OFFICE, move, facts, texts)
        elif who == "second":
            self._fire(viewer_of("rith"), OFFICE, move, facts, texts)
        elif who == "respondent":
            self._fire(viewer_of(self.respondent()), PARTY, move, facts, texts)
        else:
            person = next(person for person, role, _ in self.panel_seats() if role == who)
            self._fire(viewer_of(person), PANEL, move, facts, texts)

    def panel_seats(self) -> list[tuple[str, str, str]]:
        """(person, role, side) of everybody who was seated, as the cast can tell: each tries whether there is a seat."""
        found = []
        for member in cast.PEOPLE:
            for function, side in member.seats:
                try:
                    view = self.view(viewer_of(member.id), PANEL)
                except Hidden:
                    continue
                if function in view.roles:
                    found.append((member.id, function, side))
        return found

    def _position(self, person: str, move: str, outcome: str) -> None:
        outcomes = {str(no): outcome for no in range(1, len(self.matter.issues) + 1)}
        reasons = (
            "The pay register and the slips agree with what is said."
            if outcome == "upheld"
            else "September was corrected."
        )
        self._fire(viewer_of(person), PANEL, move, {"outcomes": outcomes}, {"position_reasons": reasons})
