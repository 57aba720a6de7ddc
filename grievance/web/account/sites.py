"""Sites: one by one, or from a list that is looked at before anything of it happens."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.house import furnishing, importing
from grievance.casework.house.furnishing import Site
from grievance.core.errors import Refused, Said, say
from grievance.language import plain_digits
from grievance.web.account import pages
from grievance.web.account.showing import Answer, form_page, list_page, retired_wanted, to, was_done
from grievance.web.forms.administration import site_form
from grievance.web.front import desk
from grievance.web.gate import ADMINISTRATOR, needs, viewer
from grievance.web.given import sent, words_wanted

LARGEST = 8 * 1024 * 1024
"""Bytes of a request with a list: twenty thousand lines in Khmer."""
SHOWN = 200
"""Faults and changes on one page; the others are counted."""
EMPTY = say("Choose a file, or write the lines into the field.")


def make_room() -> None:
    """A list is larger than a form."""
    request.max_content_length = request.max_form_memory_size = LARGEST


@pages.get("/account/sites")
@needs(ADMINISTRATOR)
def sites() -> str:
    words, chosen = words_wanted(), request.args.get("programme", "")[:40]
    retired = retired_wanted()
    found = list_page(lambda page: furnishing.sites(desk(), viewer(), words, chosen, page, retired=retired))
    every = {programme.id: programme.title for programme, _ in furnishing.programmes(desk(), viewer())}
    shown = {"words": words, "chosen": chosen, "retired": retired, "programmes": every, "done": was_done()}
    return render_template("account/sites.html", list=found, **shown)


@pages.route("/account/sites/new", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def new_site() -> Answer:
    def act(form: Form) -> Response:
        code = plain_digits(form["code"].data).upper()
        furnishing.make_site(desk(), viewer(), _filled(form, code, form["programme"].data))
        return to("account.sites", "made")

    return form_page(_form(new=True)(sent()), act, "account/site.html", site=None)


@pages.route("/account/sites/<code>", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def site(code: str) -> Answer:
    there = furnishing.site(desk(), viewer(), code)

    def act(form: Form) -> Response:
        furnishing.change_site(desk(), viewer(), _filled(form, there.code, there.programme))
        return to("account.sites", "saved")

    known: dict[str, Any] = {"name": there.name, "place": there.place, "body": there.body, "buyers": [*there.buyers]}
    form = _form(new=False, there=there)(sent(), **known)
    return form_page(form, act, "account/site.html", site=there, address=f"{desk().address}/s/{there.code}")


@pages.route("/account/sites-from-list", methods=["GET", "POST"])
@needs(ADMINISTRATOR, room=make_room)
def sites_from_list() -> Answer:
    """The dry run: what is wrong with which line, or what would change. With the mark of a dry run: it happens."""
    chosen = request.form.get("programme", "") or next(iter(_programmes()), "")
    file = request.files.get("file")
    data = file.read() if file and file.filename else request.form.get("text", "").encode()
    plan, problem, status = None, None, 200
    if request.method == "POST":
        plan, problem, status = _looked_at(chosen, data)
        if plan is None and problem is None:
            return to("account.sites", "taken", programme=chosen)
    page = render_template(
        "account/sites_from_list.html",
        plan=plan,
        problem=problem,
        text=data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\0", ""),
        chosen=chosen,
        programmes=_programmes(),
        columns=importing.COLUMNS,
        shown=SHOWN,
    )
    return page, status


def _looked_at(chosen: str, data: bytes) -> tuple[importing.Plan | None, Said | None, int]:
    """The plan, what is wrong, and the status; nothing of both when it has happened."""
    if not data.strip():
        return None, EMPTY, 422
    if request.form.get("mark"):
        try:
            importing.take(desk(), viewer(), chosen, data, request.form["mark"])
        except Refused as error:
            return importing.dry_run(desk(), viewer(), chosen, data), error.said, 409
        return None, None, 200
    plan = importing.dry_run(desk(), viewer(), chosen, data)
    return plan, None, 422 if plan.faults else 200


def _programmes() -> dict[str, str]:
    """Those that take new sites."""
    return {programme.id: programme.title for programme, _ in furnishing.programmes(desk(), viewer(), retired=False)}


def _form(*, new: bool, there: Site | None = None) -> type[Form]:
    kept = (there.body, *there.buyers) if there else ()
    factories = furnishing.bodies_of_kind(desk(), viewer(), "factory", also=kept)
    brands = furnishing.bodies_of_kind(desk(), viewer(), "brand", also=kept)
    return site_form(factories, brands, _programmes() if new else None)


def _filled(form: Form, code: str, programme: str) -> Site:
    buyers = tuple(sorted(form["buyers"].data or ()))
    return Site(code, form["name"].data, form["place"].data, form["body"].data, buyers, programme)
