"""Programmes, organisations and sites are made and changed by administrators; each change has its entry."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import recording
from grievance.core.errors import UNANSWERED, Invalid, Said, or_hidden, say
from grievance.core.procedure import SIDES
from grievance.core.tracks import TRACKS, track_of
from grievance.store import directory, setup
from grievance.store import people as rows
from grievance.store.people import Body, Programme, Site

__all__ = ["KINDS", "Body", "Programme", "Site"]

KINDS: Mapping[str, tuple[Said, tuple[str, ...]]] = {
    "office": (say("Case office"), ("",)),
    "factory": (say("Factory"), ("employers",)),
    "brand": (say("Brand"), ("brands",)),
    "union": (say("Union"), ("workers",)),
    "association": (say("Association"), ("employers", "brands", "workers")),
}
"""What an organisation can be, and the sides on which it can stand; the first is meant where nothing is said."""

ID = re.compile(r"[a-z][a-z0-9-]{0,30}")
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
COUNTRY = re.compile(r"[A-Z]{2}")

Faults = dict[str, Said]


# --- Programmes -------------------------------------------------------------------------------------------------------


def programmes(desk: Desk, viewer: Viewer, *, retired: bool | None = None) -> tuple[tuple[Programme, str], ...]:
    """Every programme with the name of its office, by title; only those in use or only retired ones where it is said."""
    recording.only(viewer)
    with desk.store.read() as tx:
        found = rows.programmes_all(tx)
        names = rows.names(tx, [programme.office for programme in found])
    return tuple((one, names[one.office]) for one in found if retired in (None, one.retired))


def programme(desk: Desk, viewer: Viewer, programme_id: str) -> Programme:
    """By id. Raises Hidden."""
    recording.only(viewer)
    with desk.store.read() as tx:
        return or_hidden(rows.programme(tx, programme_id))


def procedures(desk: Desk, track: str = "") -> dict[str, str]:
    """Name → label of every procedure in force today, or of those for one track: kh/worker-1 is one for workers."""
    today = desk.now().date()
    names = sorted(
        {
            law.name
            for law in desk.lawbook.procedures.values()
            if law.in_force <= today and track in ("", track_of(law.name))
        }
    )
    return {name: desk.lawbook.in_force(name, today).label for name in names}


def make_programme(desk: Desk, viewer: Viewer, made: Programme) -> None:
    """A new programme; from now on the public door offers it. Raises Invalid."""
    with recording.deed(desk, viewer) as act:
        faults = _programme_faults(desk, act.tx, made)
        if not ID.fullmatch(made.id):
            faults["id"] = say("Small letters, digits and hyphens, beginning with a letter, please; such as kh.")
        elif rows.programme(act.tx, made.id):
            faults["id"] = say("There is a programme of this short name already.")
        _refuse(faults)
        setup.add_programme(act.tx, made)
        act.note("programme_made", made.id, changes=recording.changed(dict.fromkeys(_facts(made), ""), _facts(made)))


def change_programme(desk: Desk, viewer: Viewer, made: Programme) -> None:
    """Other facts of a programme; open cases keep the procedure under which they were filed. Raises Invalid or Hidden."""
    with recording.deed(desk, viewer) as act:
        before = or_hidden(rows.programme(act.tx, made.id))
        _refuse(_programme_faults(desk, act.tx, made))
        setup.change_programme(act.tx, made)
        act.note("programme_changed", made.id, changes=recording.changed(_facts(before), _facts(made)))


def _programme_faults(desk: Desk, tx: Connection, made: Programme) -> Faults:
    faults: Faults = {}
    if not made.title:
        faults["title"] = UNANSWERED
    if any(
        other.title.casefold() == made.title.casefold() and other.id != made.id for other in rows.programmes_all(tx)
    ):
        faults["title"] = say("Another programme has this name already.")
    if not COUNTRY.fullmatch(made.country):
        faults["country"] = say("Two letters, such as KH.")
    if made.calendar not in desk.lawbook.calendars:
        faults["calendar"] = say("Choose a calendar from the list.")
    office = rows.body(tx, made.office)
    if office is None or office.kind != "office" or office.retired:
        faults["office"] = say("Choose a case office from the list. Enter one under Organisations first.")
    faults |= {
        f"for_{track}": say("Choose a procedure from the list.")
        for track, name in made.tracks.items()
        if name not in procedures(desk, track)
    }
    if not {"worker", "employer"} & set(made.tracks):
        faults["for_worker"] = say(
            "Choose a procedure for workers or for employers: a programme takes complaints of one of them."
        )
    return faults


def _facts(made: Programme) -> dict[str, str]:
    named = {"title": made.title, "country": made.country, "calendar": made.calendar, "office": made.office}
    return named | {"languages": " ".join(made.languages)} | {track: made.tracks.get(track, "") for track in TRACKS}


# --- Organisations ----------------------------------------------------------------------------------------------------


def bodies(desk: Desk, viewer: Viewer, words: str = "", page: int = 1, *, retired: bool = False) -> recording.Page:
    """Organisations in use, or retired ones, by name, 25 a page."""
    recording.only(viewer)
    first, most = (page - 1) * recording.PAGE, recording.PAGE
    with desk.store.read() as tx:
        found, total = directory.bodies_like(tx, words, retired=retired, first=first, most=most)
    return recording.page_of(found, total, page)


def bodies_of_kind(desk: Desk, viewer: Viewer, *kinds: str, also: Collection[str] = ()) -> dict[str, str]:
    """Id → name of every organisation in use, or of those of some kinds, by name; `also` names ones that may be retired."""
    recording.only(viewer)
    with desk.store.read() as tx:
        found, _ = directory.bodies_like(tx, "")
    usable = [body for body in found if not body.retired or body.id in also]
    return {body.id: body.name for body in usable if not kinds or body.kind in kinds}


def body(desk: Desk, viewer: Viewer, body_id: str) -> Body:
    """By id. Raises Hidden."""
    recording.only(viewer)
    with desk.store.read() as tx:
        return or_hidden(rows.body(tx, body_id))


def make_body(desk: Desk, viewer: Viewer, kind: str, side: str, name: str) -> str:
    """The id of a new organisation. Raises Invalid."""
    with recording.deed(desk, viewer) as act:
        made = _sided(act.tx, Body(recording.new_id(desk), kind, side, name))
        setup.add_body(act.tx, made)
        act.note("body_made", made.id, changes=recording.changed(dict.fromkeys(_named(made), ""), _named(made)))
    return made.id


def change_body(desk: Desk, viewer: Viewer, body_id: str, side: str, name: str) -> None:
    """Another name or side; the kind stays, for cases were dealt with under it. Raises Invalid or Hidden."""
    with recording.deed(desk, viewer) as act:
        before = or_hidden(rows.body(act.tx, body_id))
        made = _sided(act.tx, Body(body_id, before.kind, side, name, retired=before.retired))
        setup.change_body(act.tx, made)
        act.note("body_changed", body_id, changes=recording.changed(_named(before), _named(made)))


def _sided(tx: Connection, made: Body) -> Body:
    faults: Faults = {}
    sides = KINDS[made.kind][1] if made.kind in KINDS else ("",)
    if made.kind not in KINDS:
        faults["kind"] = say("Choose one from the list.")
    elif made.side and made.side not in sides:
        faults["side"] = say("This kind of organisation stands on another side. Leave it empty to take the usual one.")
    if not made.name:
        faults["name"] = UNANSWERED
    found, _ = directory.bodies_like(tx, made.name)
    if any(other.name.casefold() == made.name.casefold() and other.id != made.id for other in found):
        faults["name"] = say("There is an organisation of this name already. Lists of sites find them by name.")
    _refuse(faults)
    return Body(made.id, made.kind, made.side or sides[0], made.name)


def _named(made: Body) -> dict[str, str]:
    return {"name": made.name, "kind": KINDS[made.kind][0].text, "side": SIDES.get(made.side, "")}


# --- Sites ------------------------------------------------------------------------------------------------------------


def sites(
    desk: Desk, viewer: Viewer, words: str = "", programme_id: str = "", page: int = 1, *, retired: bool = False
) -> recording.Page:
    """Sites in use, or retired ones, by number, with who runs them and who buys there: (site, name, names), 25 a page."""
    recording.only(viewer)
    with desk.store.read() as tx:
        first = (page - 1) * recording.PAGE
        found, total = directory.sites_like(tx, words, programme_id, retired=retired, first=first, most=recording.PAGE)
        names = rows.names(tx, [body for site in found for body in (site.body, *site.buyers)])
    told = tuple((site, names[site.body], tuple(names[buyer] for buyer in site.buyers)) for site in found)
    return recording.page_of(told, total, page)


def site(desk: Desk, viewer: Viewer, code: str) -> Site:
    """By number. Raises Hidden."""
    recording.only(viewer)
    with desk.store.read() as tx:
        return or_hidden(rows.site(tx, code))


def make_site(desk: Desk, viewer: Viewer, made: Site) -> None:
    """A new site of `made.programme`; its poster link works at once. Raises Invalid."""
    with recording.deed(desk, viewer) as act:
        faults = site_faults(act.tx, made)
        if not CODE.fullmatch(made.code):
            faults["code"] = say(
                "Capital letters, digits and hyphens, please; such as KH-0412. It stands on the poster."
            )
        elif rows.site(act.tx, made.code):
            faults["code"] = say("There is a site of this number already.")
        there = rows.programme(act.tx, made.programme)
        if there is None or there.retired:
            faults["programme"] = say("Choose a programme from the list.")
        _refuse(faults)
        setup.add_sites(act.tx, made.programme, [made])
        act.note("site_made", made.code, changes=site_changes(act.tx, None, made))


def change_site(desk: Desk, viewer: Viewer, made: Site) -> None:
    """Another name, place, who runs it or who buys there; open cases keep their parties. Raises Invalid or Hidden."""
    with recording.deed(desk, viewer) as act:
        before = or_hidden(rows.site(act.tx, made.code))
        _refuse(site_faults(act.tx, made, before))
        setup.change_site(act.tx, made)
        act.note("site_changed", made.code, changes=site_changes(act.tx, before, made))


def site_faults(tx: Connection, made: Site, before: Site | None = None) -> Faults:
    """What is wrong with the facts of a site, by field; a retired organisation stays where it stood before."""
    faults: Faults = {}
    if not made.name:
        faults["name"] = UNANSWERED
    kept = {before.body, *before.buyers} if before else set()
    kinds = {one.id: one.kind for one in directory.bodies_like(tx, "")[0] if not one.retired or one.id in kept}
    if kinds.get(made.body) != "factory":
        faults["body"] = say("Choose a factory from the list. Enter it under Organisations first.")
    if any(kinds.get(buyer) != "brand" for buyer in made.buyers):
        faults["buyers"] = say("Choose brands from the list. Enter them under Organisations first.")
    return faults


def site_changes(tx: Connection, before: Site | None, after: Site) -> recording.Changes:
    """What differs, in names."""
    ids = [one for site in (before, after) if site for one in (site.body, *site.buyers)]
    names = rows.names(tx, ids)

    def facts(site: Site | None) -> dict[str, str]:
        if site is None:
            return dict.fromkeys(("name", "place", "body", "buyers"), "")
        bought = ", ".join(names[buyer] for buyer in site.buyers)
        return {"name": site.name, "place": site.place, "body": names[site.body], "buyers": bought}

    return recording.changed(facts(before), facts(after))


def _refuse(faults: Faults) -> None:
    if faults:
        raise Invalid(faults)
