"""What is not used any more is retired, never deleted: nothing new begins with it, what runs goes on, and it can come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import recording
from grievance.core.errors import Hidden, Refused, Said, say
from grievance.store import people as rows
from grievance.store import retired as marks
from grievance.store.people import Body, Programme, Site

KINDS: Mapping[str, str] = {"sites": "site", "bodies": "body", "programmes": "programme"}
"""What can be retired, by the word in the address → the word of its entries."""

SHOWN = 5
"""So many names have room in a sentence."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What follows when this is retired, or brought back where it is retired; `why_not` where it cannot be done now."""

    name: str
    retired: bool
    causes: tuple[Said, ...]
    why_not: Said | None


def outlook(desk: Desk, viewer: Viewer, kind: str, key: str) -> Outlook:
    """Read before it is done. `kind` is one of KINDS, `key` a number or an id. Raises Hidden."""
    recording.only(viewer)
    with desk.store.read() as tx:
        return _outlook(tx, kind, key)


def retire(desk: Desk, viewer: Viewer, kind: str, key: str) -> None:
    """Nothing new begins with it. Raises Refused where something in use stands on it, Hidden."""
    _turn(desk, viewer, kind, key, retired=True)


def bring_back(desk: Desk, viewer: Viewer, kind: str, key: str) -> None:
    """It is in use again. Raises Refused where what it stands on is retired, Hidden."""
    _turn(desk, viewer, kind, key, retired=False)


def _turn(desk: Desk, viewer: Viewer, kind: str, key: str, *, retired: bool) -> None:
    with recording.deed(desk, viewer) as act:
        found = _outlook(act.tx, kind, key)
        if found.retired == retired:
            raise Refused(say("Somebody has done this already."))
        if found.why_not is not None:
            raise Refused(found.why_not)
        marks.mark(act.tx, kind, key, retired=retired)
        act.note(f"{KINDS[kind]}_{'retired' if retired else 'back'}", key)


def _outlook(tx: Connection, kind: str, key: str) -> Outlook:
    match kind:
        case "sites" if site := rows.site(tx, key):
            return _site(tx, site)
        case "bodies" if body := rows.body(tx, key):
            return _body(tx, body)
        case "programmes" if programme := rows.programme(tx, key):
            return _programme(tx, programme)
    raise Hidden


def _back(name: str, *under: tuple[str, bool]) -> Outlook:
    """What is retired can come back, unless something that it stands on, each (name, retired), is retired too."""
    gone = [above for above, retired in under if retired]
    why_not = say("{name} is retired. Bring that back first.", name=gone[0]) if gone else None
    return Outlook(name, True, (say("It can be chosen again for what is new, at once."),), why_not)


def _site(tx: Connection, site: Site) -> Outlook:
    name = f"{site.code} {site.name}"
    if site.retired:
        programme, body = rows.programme(tx, site.programme), rows.body(tx, site.body)
        above = [(programme.title, programme.retired)] if programme else []
        return _back(name, *above, *([(body.name, body.retired)] if body else []))
    causes = (
        _go_on(marks.open_at(tx, site.code)),
        say("No officer can match a new complaint to it."),
        say("Whoever comes by its poster is told so, and can complain by the general form of the programme."),
        say("A list of sites that names it is refused until it is brought back."),
    )
    return Outlook(name, False, causes, None)


def _body(tx: Connection, body: Body) -> Outlook:
    if body.retired:
        return _back(body.name)
    causes = [
        _go_on(marks.open_held(tx, body.id)),
        say("Its people keep their accounts and see the cases that they see now. Nobody else can be put into it."),
        say("It cannot be chosen for a new site or programme."),
    ]
    if body.kind == "brand":
        causes.append(say("It stays named where it buys, and gets no seat in a case that is taken up from now on."))
    return Outlook(body.name, False, tuple(causes), _in_use(tx, body))


def _in_use(tx: Connection, body: Body) -> Said | None:
    """Why an organisation cannot be retired: new cases would still reach it."""
    run = marks.run_by(tx, body.id)
    if run:
        named = ", ".join(run[:SHOWN]) + (" …" if len(run) > SHOWN else "")
        return say("It runs sites in use: {sites}. Retire those first, or enter who runs them now.", sites=named)
    led = ", ".join(one.title for one in rows.programmes_open(tx) if one.office == body.id)
    if led:
        return say(
            "It is the case office of a programme in use: {programmes}. Give that another office, or retire it first.",
            programmes=led,
        )
    return None


def _programme(tx: Connection, programme: Programme) -> Outlook:
    if programme.retired:
        office = rows.body(tx, programme.office)
        return _back(programme.title, *([(office.name, office.retired)] if office else []))
    causes = (
        _go_on(marks.open_in(tx, programme.id)),
        say("It takes no new complaints: its form says so, and whoever is writing one keeps what they wrote."),
        say("Whoever has a number follows their case as before. The posters of its sites say the same."),
        say("Its rosters stay, since seats in its open cases are filled from them."),
    )
    return Outlook(programme.title, False, causes, None)


def _go_on(count: int) -> Said:
    if not count:
        return say("None of its cases is open.")
    return say("Open cases of it: {n}. They go on as before, with the same people and time limits.", n=count)
