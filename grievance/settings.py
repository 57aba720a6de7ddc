"""Everything that an operator decides, as values. Where it comes from, and what is refused, `config.py` knows alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Organisation:
    """Through which provider the people of an organisation may sign in.

    `body`: its id here; `name`: what the sign-in page calls it, or nothing: then its name here; `issuer`: the provider, as
    it names itself; `client_id` and `client_secret`: under which name it knows this house, and what this house shows it.
    """

    body: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Read once, and checked before anybody gets to see them.

    A field `x` is read from GRIEVANCE_X; `data` and `port` from DATA and PORT too.

    `data`, `keys`   absolute folders, of the embedded database and of the keys; they need not exist yet
    `files`          where evidence is kept: a folder, or s3://bucket/folder (its keys in AWS_… variables)
    `clamd`          a scanner for harmful files: unix:/path or host:port; empty: none is asked
    `database`       an SQLAlchemy address, sqlite:/// or postgresql+psycopg://; hidden in the repr (password)
    `journal`        a folder on a second volume, and in `journal_to` the public key of backups that it is sealed to
    `mail`           "console", or smtp:// (STARTTLS beyond this machine), or smtps://; hidden in the repr
    `trusted_hosts`  the only host names requests may ask for
    `address`        where people reach the service, without a slash at the end; links in letters begin with it
    `leave_to`       where “leave quickly” leads
    `programme`      what the house is called on its pages; `helpline`: a telephone number, or nothing
    `languages`      in which pages are offered, the first one by default
    `clock`          “embedded”, or “own”: a process of its own
    `proxies`        how many trusted proxies stand in front and set X-Forwarded-*
    `security`       where whoever finds a weakness writes to: mailto: or https://, or nothing
    `second_step`    place (of `admission.STEPPED`) → the day from which whoever works there needs a second step;
                     administrators always do, where nothing is said, and nobody does where “none” is
    `oidc`           organisation → the provider through which its people may sign in (docs/adr/0029)
    `flood_…`        filings within ten minutes above which work is asked, and above which they are gathered; zero bits of
                     each of eight puzzles; seconds to wait where no script runs (docs/adr/0030)
    `tick`           seconds between two looks of the clock at what is due
    """

    data: Path
    keys: Path
    files: str
    database: str = field(repr=False)
    journal: Path | None
    journal_to: str
    host: str
    port: int
    doors: tuple[str, ...]
    trusted_hosts: tuple[str, ...]
    address: str
    proxies: int
    mail: str = field(repr=False)
    mail_from: str
    leave_to: str
    programme: str
    helpline: str
    security: str
    languages: tuple[str, ...]
    clamd: str
    clock: str
    tick: int
    second_step: Mapping[str, date]
    oidc: Mapping[str, Organisation]
    flood_ask: int
    flood_bulk: int
    flood_work: int
    flood_wait: int
