"""Sites, organisations and programmes are retired and brought back, each after a page that says what follows."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from grievance.casework.house import retiring
from grievance.core.errors import Hidden, say
from grievance.web.account import pages
from grievance.web.account.showing import Answer, confirm_page, to
from grievance.web.front import desk
from grievance.web.gate import ADMINISTRATOR, needs, viewer


@pages.route("/account/sites/<code>/<way>", methods=["GET", "POST"])
@needs(ADMINISTRATOR)
def retire_site(code: str, way: str) -> Answer:
    return _decide("sites", code, way)


@pages.route("/account/bodies/<body_id>/<way>", methods=["GET", "POST"])
@needs(ADMINISTRATOR)
def retire_body(body_id: str, way: str) -> Answer:
    return _decide("bodies", body_id, way)


@pages.route("/account/programmes/<programme_id>/<way>", methods=["GET", "POST"])
@needs(ADMINISTRATOR)
def retire_programme(programme_id: str, way: str) -> Answer:
    return _decide("programmes", programme_id, way)


def _decide(kind: str, key: str, way: str) -> Answer:
    if way not in ("retire", "back"):
        raise Hidden
    found = retiring.outlook(desk(), viewer(), kind, key)
    back = way == "back"
    if found.retired != back:  # an old page: somebody did it meanwhile
        return to(f"account.{kind}", retired=None if back else 1)

    def act() -> Response:
        (retiring.bring_back if back else retiring.retire)(desk(), viewer(), kind, key)
        return to(f"account.{kind}", "back" if back else "retired")

    return confirm_page(
        act,
        title=say("Bring {name} back", name=found.name) if back else say("Retire {name}", name=found.name),
        causes=found.causes,
        button=None if found.why_not else say("Bring it back") if back else say("Retire it"),
        back=url_for(f"account.{kind}", retired=1 if back else None),
        why_not=found.why_not,
    )
