"""How the complainant's pages name the other side: the factory in a worker's case, the brand in an employer's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grievance.core.errors import Said, say
from grievance.core.tracks import FILED_BY


@dataclass(frozen=True, slots=True)
class Wording:
    """Whole sentences, each under what it says; `until_both` and `since` name a day."""

    respondent: Said
    until_both: Said
    both: Said
    read_by: Said
    accepts: Said
    contests: Said
    silent: Said
    presumed: Said
    since: Said
    will_learn: Said
    learns_nothing: Said
    meanings: Mapping[str, tuple[Said, Said]]  # each disclosure that is asked about on its own, with what it means


_EVERYBODY = {
    "evidence_share": (
        say("May the parties see what you sent?"),
        say("The officer looks at each photo or paper first and shows only those that do not tell who you are."),
    ),
    "mediation": (
        say("Do you want mediation?"),
        say("A neutral person talks with both sides, with each alone if you wish. Nothing is agreed without your yes."),
    ),
    "referral": (
        say("May we pass it on to another body?"),
        say(
            "For example to a labour inspector, where we are not the right ones. It learns what happened, not who you are."
        ),
    ),
}
NAMED = (
    say("May everybody in the case know who you are?"),
    say(
        "The panel, the brands and the factory read your name once the case is taken. Until then you can say no in time."
    ),
)
"""Asked of those who said so when they filed: it can be taken back."""
_WORKER = Wording(
    respondent=say("the factory"),
    until_both=say("You and the factory have until {day}."),
    both=say("Yours and the factory’s."),
    read_by=say(
        "The officer wrote this from what you told us. The factory, its brands and the panel read this, "
        "and nothing else of yours."
    ),
    accepts=say("The factory accepts this."),
    contests=say("The factory contests this."),
    silent=say("The factory has not answered yet."),
    presumed=say("The factory did not answer in time. Until somebody decides, what you complain of counts as true."),
    since=say("The factory, its brands and the panel, since {day}."),
    will_learn=say("The factory learns what happened, and must answer"),
    learns_nothing=say("The factory is told nothing of what you wrote"),
    meanings={
        "restatement_to_respondent": (
            say("May the factory learn what happened?"),
            say(
                "In the officer’s words, never who you are. Then the factory must answer, and the three sides can decide. "
                "Without it we can only ask there without telling why, or pass it on."
            ),
        ),
        **_EVERYBODY,
    },
)
_EMPLOYER = Wording(
    respondent=say("the brand"),
    until_both=say("You and the brand have until {day}."),
    both=say("Yours and the brand’s."),
    read_by=say(
        "The officer wrote this from what you told us, and you have read it. The brand and the panel read this, "
        "and nothing else of yours."
    ),
    accepts=say("The brand accepts this."),
    contests=say("The brand contests this."),
    silent=say("The brand has not answered yet."),
    presumed=say("The brand did not answer in time. Until somebody decides, what you complain of counts as true."),
    since=say("The brand’s contact outside buying and the panel, since {day}."),
    will_learn=say("You read what the brand would read; when you release it, the brand must answer"),
    learns_nothing=say("The brand is told nothing of what you wrote"),
    meanings={
        "restatement_to_respondent": (
            say("May we prepare a text for the brand?"),
            say(
                "Without order numbers, styles, prices and dates. You read it word by word; nothing goes out before you "
                "release it. Then the brand must answer."
            ),
        ),
        **_EVERYBODY,
    },
)


def wording(filer: str) -> Wording:
    """For a case that this kind of complainant filed."""
    return _EMPLOYER if FILED_BY.get(filer) == "employer" else _WORKER
