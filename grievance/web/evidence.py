"""Files at every door: the same page adds them, the same answer hands them out, and a foreign one is not there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Form

from grievance.casework.desk import Bearer, Viewer
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Refusal, Upload
from grievance.casework.once import new_mark
from grievance.casework.showing import reading
from grievance.core.asks import LINE
from grievance.core.errors import Gone, Invalid, Refused, Said, Stale, say
from grievance.core.evidence import AT_ONCE, LARGEST, MEGABYTE
from grievance.web import given
from grievance.web.errors import STATUS, told
from grievance.web.forms import fields
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.receiving import make_room, uploads
from grievance.web.speaking import say_it
from grievance.web.taking import to_save

TYPES = {
    "jpeg": ("image/jpeg", "jpg"),
    "png": ("image/png", "png"),
    "webp": ("image/webp", "webp"),
    "pdf": ("application/pdf", "pdf"),
    "mp4": ("video/mp4", "mp4"),
    "m4a": ("audio/mp4", "m4a"),
    "mp3": ("audio/mpeg", "mp3"),
    "ogg": ("audio/ogg", "ogg"),
}
"""How each kind of `core.evidence.KINDS` is served: its type, and the end of its name."""
ACCEPT = ",".join(
    [
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/heic",
        "video/mp4",
        "video/quicktime",
        *(f".{end}" for _, end in TYPES.values()),
    ]
)
SANDBOX = "sandbox; default-src 'none'"
"""Whatever a file holds, it runs nothing in our name."""

BOUNDS = say(
    "Photos (JPEG, PNG, WebP, HEIC), PDF, videos (MP4), recordings (M4A, MP3, OGG). Up to {files} at once, {most} MB each.",
    files=AT_ONCE,
    most=LARGEST // MEGABYTE,
)
NOT_TAKEN = say("Some files were not taken. The others were: they need not be sent again.")
NONE_TAKEN = say("No file was taken. Read why below.")


@dataclass(frozen=True, slots=True)
class Door:
    """Where the pages of one door lie, and for whom."""

    name: str
    roles: frozenset[str]
    adds: bool = True
    releases: bool = False


def add_evidence(pages: Blueprint, door: Door) -> None:
    """Hangs the routes of the files on a door of people with an account."""
    base = f"/{door.name}/cases/<ref>/evidence"

    @pages.get(f"{base}/<int:no>", endpoint="file")
    @needs(PERSON)
    def fetch(ref: str, no: int) -> Response:
        return file_answer(viewer(), ref, no, roles=door.roles)

    if door.adds:

        @pages.route(base, methods=["GET", "POST"], endpoint="evidence")
        @needs(PERSON, room=make_room)
        def add(ref: str) -> BaseResponse | tuple[str, int]:
            back = url_for(f"{door.name}.case", ref=ref)
            return add_page(viewer(), ref, roles=door.roles, template="parts/evidence_add.html", back=back)

    if door.releases:

        @pages.route(f"{base}/<int:no>/release", methods=["GET", "POST"], endpoint="release_file")
        @needs(PERSON)
        def release(ref: str, no: int) -> BaseResponse | tuple[str, int]:
            return release_page(ref, no, door)


def add_page(
    who: Viewer | Bearer, ref: str, *, roles: frozenset[str], template: str, back: str
) -> BaseResponse | tuple[str, int]:
    """Asks for files, adds those that fit and says of each other one why not; the caption stays as it was typed."""
    view = reading.case(desk(), who, ref, roles=roles)
    form = _caption()(given.sent())
    mark = given.mark()
    problem: Said | None = view.why_no_evidence
    status, added = (409 if problem else 200), 0
    refused: list[Refusal] = []
    chosen: list[Upload] = []
    if request.method == "POST" and problem is None:
        problem, status, chosen = Invalid({}).said, STATUS[Invalid], uploads()
        if form.validate():
            try:
                added, refused = evidence.add(desk(), who, ref, chosen, form["caption"].data, roles=roles, once=mark)
            except (Refused, Stale, Invalid, Gone) as error:
                problem, status = told(error)
            else:
                if not refused:
                    return redirect(f"{back}?done=evidence#evidence", 303)
                problem = NOT_TAKEN if added else NONE_TAKEN
                mark = new_mark(desk()) if added else mark
    page = render_template(
        template,
        case=view,
        form=form,
        mark=mark,
        problem=problem,
        refused=refused,
        forgotten=bool(chosen),
        back=back,
        accept=ACCEPT,
        bounds=BOUNDS,
    )
    return page, status


def file_answer(who: Viewer | Bearer, ref: str, no: int, *, roles: frozenset[str]) -> Response:
    """The file, to be saved; nothing in it runs."""
    opened = evidence.open_file(desk(), who, ref, no, roles=roles)
    mimetype, end = TYPES[opened.kind]
    answer = to_save(opened.body, mimetype, f"file-{opened.no}.{end}")
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def release_page(ref: str, no: int, door: Door) -> BaseResponse | tuple[str, int]:
    """An officer shows one file to the parties and the panel, with a reason."""
    view = reading.case(desk(), viewer(), ref, roles=door.roles)
    piece = next((piece for piece in view.evidence if piece.no == no), None)
    if piece is None:
        evidence.open_file(desk(), viewer(), ref, no, roles=door.roles)  # not there, for this viewer
        raise Refused(say("This file cannot be shown from here."))
    form = _release()(given.sent())
    problem, status = piece.why_not_release, 409 if piece.why_not_release else 200
    if request.method == "POST" and problem is None:
        problem, status = Invalid({}).said, STATUS[Invalid]
        if form.validate():
            try:
                evidence.release(
                    desk(), viewer(), ref, no, form["reason"].data, form["shown_as"].data, roles=door.roles
                )
            except (Refused, Stale, Invalid) as error:
                problem, status = told(error)
            else:
                return redirect(url_for(f"{door.name}.case", ref=ref, done="released", _anchor="evidence"), 303)
    back = url_for(f"{door.name}.case", ref=ref)
    page = render_template("parts/evidence_release.html", case=view, piece=piece, form=form, problem=problem, back=back)
    return page, status


def _caption() -> type[Form]:
    label, hint = say_it("What does it show?"), say_it("A few words: what, where, when.")
    return type("CaptionForm", (fields.Page,), {"caption": fields.line(label, hint, most=LINE, needed=False)})


def _release() -> type[Form]:
    body = {
        "reason": fields.line(say_it("Why may they see it?"), say_it("The complainant and the office read this.")),
        "shown_as": fields.line(
            say_it("What they read beside it"),
            say_it("In your words, without anything that shows who sent it."),
            needed=False,
        ),
    }
    return type("ReleaseForm", (fields.Page,), body)
