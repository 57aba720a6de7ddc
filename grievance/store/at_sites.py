"""The sites of a case: the first has an index of its own, those of further respondents a copy beside it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from grievance.core.case import Case
from grievance.store.tables import cases


def more_sites(case: Case) -> str:
    """The sites of further respondents, each between blanks, so that one is found and none that only begins like it."""
    others = [site for site in case.sites if site != case.site]
    return f" {' '.join(others)} " if others else ""


def at_site(*codes: str) -> ColumnElement[bool]:
    """Whether a case is about one of these sites, by whichever of those complained about."""
    return or_(cases.c.site.in_(codes), *map(further, codes))


def further(code: str) -> ColumnElement[bool]:
    """Whether it is the site of a further respondent. Few cases have one: these few are what the index holds."""
    return and_(cases.c.more_sites != "", cases.c.more_sites.contains(f" {code} ", autoescape=True))
