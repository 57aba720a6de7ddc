"""Prints a calendar's holidays from the python-holidays package, as they stand in its file: `python -m tests.calendars`.

With a name, such as `bd-factory`, it prints the tables of that file for the years that the package can tell; a person
compares them with the official list, puts them into the file and gives it a new version (docs/adr/0002).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import version

import holidays

VERSION = version("holidays")

COUNTRIES: Mapping[str, str] = {"kh-factory": "KH", "kh-office": "KH", "bd-factory": "BD", "mm-factory": "MM"}
"""Which country's public holidays a shipped calendar holds."""


def days_of(name: str, year: int) -> dict[date, str]:
    """The public holidays of one year. `LookupError` for a year without any: the package says nothing, so we cannot."""
    found = holidays.country_holidays(COUNTRIES[name], years=year, language="en_US")
    if not found:
        raise LookupError(f"python-holidays {VERSION} holds no public holidays for {name} in {year}.")
    return dict(sorted(found.items()))


def tables(name: str, years: Iterable[int]) -> str:
    """The TOML tables of these years."""
    lines = []
    for year in years:
        lines.append(f"\n[holidays.{year}]")
        lines += [f'{day} = "{told.replace("; ", ", ")}"' for day, told in days_of(name, year).items()]
    return "\n".join(lines)


if __name__ == "__main__":
    for chosen in sys.argv[1:] or COUNTRIES:
        print(f"# {chosen}, python-holidays {VERSION}", tables(chosen, (2025, 2026, 2027)), sep="\n")
