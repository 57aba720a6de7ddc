"""Sites from a list: a dry run shows every fault with its line and what would change; then all of it happens, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import furnishing, recording, sheets
from grievance.casework.house.sheets import LineFault
from grievance.core.errors import Hidden, Refused, Said, say
from grievance.store import directory, setup
from grievance.store import people as rows
from grievance.store.people import Body, Site

LONGEST = 200
GUESSES = 50
"""How many unknown names of a list are held against all that are known."""
COLUMNS = ("number", "name", "place", "factory", "brands")
"""The heads of a list, in any order; brands are separated by a stroke: |."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would do. `mark` stands for exactly this: what was shown is what happens, or nothing does."""

    faults: tuple[LineFault, ...]
    new: tuple[Site, ...] = ()
    changed: tuple[tuple[Site, recording.Changes], ...] = ()
    same: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""


def dry_run(desk: Desk, viewer: Viewer, programme_id: str, data: bytes) -> Plan:
    """What would happen; nothing is written. Raises Hidden for a programme that there is not."""
    recording.only(viewer)
    with desk.store.read() as tx:
        return _plan(tx, programme_id, data)


def take(desk: Desk, viewer: Viewer, programme_id: str, data: bytes, mark: str) -> Plan:
    """Do what the dry run with this mark showed. Raises Refused when the list has faults, or it would do otherwise now."""
    with recording.deed(desk, viewer) as act:
        plan = _plan(act.tx, programme_id, data)
        if plan.faults:
            raise Refused(say("The list has faults, so nothing was taken over. Mend it and look at it again."))
        if plan.mark != mark:
            raise Refused(
                say("Somebody changed sites meanwhile. Nothing was taken over: look at what would happen now.")
            )
        setup.add_sites(act.tx, programme_id, plan.new)
        for site, _ in plan.changed:
            setup.change_site(act.tx, site)
        act.note(
            "sites_imported",
            programme_id,
            made=len(plan.new),
            changed=len(plan.changed),
            codes=[site.code for site in plan.new],
            differences={site.code: changes for site, changes in plan.changed},
        )
    return plan


def _plan(tx: Connection, programme_id: str, data: bytes) -> Plan:
    there = rows.programme(tx, programme_id)
    if there is None or there.retired:
        raise Hidden
    sheet = sheets.read(data, COLUMNS)
    known = _Known(tx, programme_id)
    faults = [*sheet.faults, *_twice(sheet.rows)]
    made: list[Site] = []
    for row in sheet.rows:
        found = list(known.faults(row))
        faults += found
        if not found:
            made.append(known.site(row))
    if faults:
        return Plan(tuple(sorted(faults, key=lambda fault: fault.line)))
    new = tuple(site for site in made if site.code not in known.sites)
    differing = [(site, known.changes(site)) for site in made if site.code in known.sites]
    changed = tuple((site, changes) for site, changes in differing if changes)
    mark = hashlib.sha256(repr((new, changed)).encode()).hexdigest()
    return Plan((), new, changed, len(made) - len(new) - len(changed), known.names, mark)


def _twice(table: Iterable[sheets.Row]) -> Iterator[LineFault]:
    first: dict[str, int] = {}
    for row in table:
        number = row.cells["number"].upper()
        if number and number in first:
            said = say("The number {number} stands on line {line} already.", number=number, line=first[number])
            yield LineFault(row.line, said)
        first.setdefault(number, row.line)


class _Known:
    """What the house knows, read once for all lines."""

    def __init__(self, tx: Connection, programme_id: str) -> None:
        every, _ = directory.bodies_like(tx, "")
        here, _ = directory.sites_like(tx, "", "", most=1_000_000)
        self.programme = programme_id
        self.guesses = 0
        self.bodies: dict[str, Body] = {body.name.casefold(): body for body in every}
        self.names = {body.id: body.name for body in every}
        self.everywhere = {site.code: site for site in here}
        self.sites = {code: site for code, site in self.everywhere.items() if site.programme == programme_id}

    def faults(self, row: sheets.Row) -> Iterator[LineFault]:
        """Every fault of one line."""
        for said in (*self._plain(row.cells), *self._named(row.cells)):
            yield LineFault(row.line, said)

    def _plain(self, cells: Mapping[str, str]) -> Iterator[Said]:
        number = cells["number"].upper()
        if not number:
            yield say("The number is empty.")
        elif not furnishing.CODE.fullmatch(number):
            yield say(
                "“{number}” is no number for a poster: letters, digits and hyphens, such as KH-0412.",
                number=number[:60],
            )
        elif number in self.everywhere and number not in self.sites:
            yield say("The number {number} belongs to a site of another programme.", number=number)
        elif number in self.sites and self.sites[number].retired:
            yield say("The site {number} is retired. Bring it back first, or take the line out.", number=number)
        if not cells["name"]:
            yield say("The name is empty.")
        for name in ("name", "place"):
            if len(cells[name]) > LONGEST:
                yield say("The {column} is longer than {most} characters.", column=name, most=LONGEST)

    def _named(self, cells: Mapping[str, str]) -> Iterator[Said]:
        if not cells["factory"]:
            yield say("The factory is empty.")
        else:
            yield from self._found(cells["factory"], "factory")
        brands = [name.casefold() for name in _brands(cells)]
        if len(set(brands)) < len(brands):
            yield say("A brand stands here twice.")
        for name in _brands(cells):
            yield from self._found(name, "brand")

    def _found(self, name: str, kind: str) -> Iterator[Said]:
        body = self.bodies.get(name.casefold())
        if body is not None and body.kind == kind:
            if body.retired:
                yield say("“{name}” is retired. Bring it back first, or name another one.", name=name[:60])
            return
        self.guesses += 1  # each looks through all names: a list of strangers must not take minutes
        alike = [one.name.casefold() for one in self.bodies.values() if one.kind == kind and self.guesses < GUESSES]
        near = get_close_matches(name.casefold()[:LONGEST], alike, n=1)
        shown = name[:60]
        if body is not None:
            yield say("“{name}” is an organisation of another kind.", name=shown)
        elif near:
            yield say("There is no “{name}”; did you mean “{near}”?", name=shown, near=self.bodies[near[0]].name)
        else:
            yield say("There is no “{name}”. Enter it under Organisations first.", name=shown)

    def site(self, row: sheets.Row) -> Site:
        """The site of a line without faults."""
        cells = row.cells
        buyers = tuple(sorted(self.bodies[name.casefold()].id for name in _brands(cells)))
        factory = self.bodies[cells["factory"].casefold()].id
        return Site(cells["number"].upper(), cells["name"], cells["place"], factory, buyers, self.programme)

    def changes(self, site: Site) -> recording.Changes:
        """What is other than before, in names."""
        return recording.changed(self._facts(self.sites[site.code]), self._facts(site))

    def _facts(self, site: Site) -> dict[str, str]:
        bought = ", ".join(sorted(self.names[buyer] for buyer in site.buyers))
        return {"name": site.name, "place": site.place, "body": self.names[site.body], "buyers": bought}


def _brands(cells: Mapping[str, str]) -> list[str]:
    return [name.strip() for name in cells["brands"].split("|") if name.strip()]
