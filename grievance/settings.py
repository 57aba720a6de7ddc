"""What the house asks of its settings: names and types. config.Settings has them; the house does not know that module."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Protocol


class Organisation(Protocol):
    """Through which provider the people of an organisation may sign in."""

    @property
    def body(self) -> str:
        """The id of the organisation here."""
        ...

    @property
    def name(self) -> str:
        """What the sign-in page calls it, or nothing: then its name here."""
        ...

    @property
    def issuer(self) -> str:
        """The provider, as it names itself."""
        ...

    @property
    def client_id(self) -> str:
        """Under which name the provider knows this house."""
        ...

    @property
    def client_secret(self) -> str:
        """What this house shows the provider."""
        ...


class Settings(Protocol):
    """Frozen, read once, and checked before anybody gets to see it."""

    @property
    def data(self) -> Path:
        """The folder of the embedded database, the keys and the files."""
        ...

    @property
    def keys(self) -> Path:
        """The folder of the keys."""
        ...

    @property
    def files(self) -> str:
        """Where evidence is kept: a folder, or s3://bucket/folder."""
        ...

    @property
    def database(self) -> str:
        """The database's address, as SQLAlchemy reads it."""
        ...

    @property
    def journal(self) -> Path | None:
        """A folder on a second volume, or nothing."""
        ...

    @property
    def journal_to(self) -> str:
        """The public key (age1…) that the journal is sealed to."""
        ...

    @property
    def host(self) -> str:
        """Where to listen."""
        ...

    @property
    def port(self) -> int:
        """Where to listen."""
        ...

    @property
    def doors(self) -> tuple[str, ...]:
        """The doors that this process opens."""
        ...

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """The host names that requests may ask for."""
        ...

    @property
    def address(self) -> str:
        """Where people reach the service, such as https://name; links in letters begin with it."""
        ...

    @property
    def proxies(self) -> int:
        """How many trusted proxies stand in front."""
        ...

    @property
    def mail(self) -> str:
        """How notices leave: console, or the address of an SMTP server."""
        ...

    @property
    def mail_from(self) -> str:
        """The sender of notices."""
        ...

    @property
    def leave_to(self) -> str:
        """Where 'leave quickly' leads."""
        ...

    @property
    def programme(self) -> str:
        """What the house is called on its pages."""
        ...

    @property
    def helpline(self) -> str:
        """A telephone number, or nothing."""
        ...

    @property
    def security(self) -> str:
        """Where whoever finds a weakness writes to (mailto: or https:), or nothing."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that pages are offered in, the first one by default."""
        ...

    @property
    def clock(self) -> str:
        """Embedded, or a process of its own."""
        ...

    @property
    def clamd(self) -> str:
        """A scanner for harmful files, unix:/path or host:port; empty where none is asked."""
        ...

    @property
    def flood_ask(self) -> int:
        """Filings within ten minutes above which a little work is asked."""
        ...

    @property
    def flood_bulk(self) -> int:
        """Filings within ten minutes above which they are gathered in the bulk lane."""
        ...

    @property
    def flood_work(self) -> int:
        """Zero bits of each of the eight puzzles."""
        ...

    @property
    def flood_wait(self) -> int:
        """Seconds to wait where no script runs."""
        ...

    @property
    def tick(self) -> int:
        """Seconds between two looks of the clock."""
        ...

    @property
    def second_step(self) -> Mapping[str, date]:
        """Door, or administration → the day from which whoever works there needs a second step."""
        ...

    @property
    def oidc(self) -> Mapping[str, Organisation]:
        """Organisation → the provider through which its people may sign in."""
        ...
