"""Every procedure and calendar of a folder, read once: whoever holds a lawbook holds no file with a fault in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from grievance.core.calendar import Calendar
from grievance.core.errors import Fault, Faulty, GrievanceError, say
from grievance.core.lawbook.calendars import parse_calendar
from grievance.core.lawbook.parsing import parse_procedure
from grievance.core.lawbook.tables import all_faults
from grievance.core.procedure import BY_PROGRAMME, Procedure

__all__ = ["Lawbook", "parse_procedure", "read_lawbook"]

CALENDARS = "calendars"
SCENARIOS = ".cases.toml"

Read = TypeVar("Read", Procedure, Calendar)


@dataclass(frozen=True)
class Lawbook:
    """Procedures by key (such as kh/worker-1@1) and calendars by name."""

    procedures: Mapping[str, Procedure]
    calendars: Mapping[str, Calendar]

    def procedure(self, key: str) -> Procedure:
        """The version under which a case was filed. `KeyError` when the folder does not hold it any more."""
        return self.procedures[key]

    def calendar_of(self, procedure: Procedure, lent: str = "") -> Calendar:
        """The calendar by which this procedure counts; `lent` names its programme's, where it counts by that.

        A proof has no programme: there the calendar that rests most stands for all of them, for no other is slower.
        """
        if procedure.calendar == BY_PROGRAMME:
            return (
                self.calendars[lent]
                if lent
                else max(self.calendars.values(), key=lambda one: (len(one.rest), one.name))
            )
        return self.calendars[procedure.calendar]

    def in_force(self, name: str, on: date) -> Procedure:
        """The highest version of `name` that is in force on this day, for a case that is filed then."""
        found = [p for p in self.procedures.values() if p.name == name and p.in_force <= on]
        if not found:
            raise GrievanceError(say("No version of the procedure {name} is in force on {day}.", name=name, day=on))
        return max(found, key=lambda procedure: procedure.version)


def read_lawbook(folder: Path) -> Lawbook:
    """Reads `calendars/*.toml` and `*/*.toml`. Raises `Faulty` with every fault of every file."""
    errors: list[Faulty] = []
    calendars = [found for _, found in _read(folder, folder.glob(f"{CALENDARS}/*.toml"), parse_calendar, errors)]
    files = [
        path for path in folder.glob("*/*.toml") if path.parent.name != CALENDARS and not path.name.endswith(SCENARIOS)
    ]
    procedures = _read(folder, files, parse_procedure, errors)
    by_name = {calendar.name: calendar for calendar in calendars}
    by_key: dict[str, Procedure] = {}
    for file, procedure in procedures:
        errors.extend(Faulty([fault]) for fault in _beside_others(file, procedure, by_name, by_key))
        by_key.setdefault(procedure.key, procedure)
    all_faults(errors)
    return Lawbook(MappingProxyType(by_key), MappingProxyType(by_name))


def _read(
    folder: Path, files: Iterable[Path], parse: Callable[[str, str], Read], errors: list[Faulty]
) -> list[tuple[str, Read]]:
    found: list[tuple[str, Read]] = []
    for path in sorted(files):
        name = path.relative_to(folder).as_posix()
        try:
            found.append((name, parse(path.read_text(encoding="utf-8"), name)))
        except UnicodeDecodeError:
            errors.append(Faulty([Fault(name, 1, "This file is not UTF-8 text. Save it as UTF-8.")]))
        except Faulty as error:
            errors.append(error)
    return found


def _beside_others(
    file: str, procedure: Procedure, calendars: Mapping[str, Calendar], others: Mapping[str, Procedure]
) -> Iterable[Fault]:
    """What is wrong with a sound file only among the others."""
    if procedure.calendar not in (BY_PROGRAMME, *calendars):
        text = f'There is no calendar "{procedure.calendar}": there are {", ".join(calendars) or "none"}.'
        yield Fault(file, procedure.line("calendar"), text)
    if procedure.key in others:
        yield Fault(file, procedure.line("version"), f"{procedure.key} is in {others[procedure.key].file} already.")
    folder = procedure.name.partition("/")[0]
    if file.partition("/")[0] != folder:
        yield Fault(file, procedure.line("name"), f"{procedure.name} belongs into the folder {folder}.")
