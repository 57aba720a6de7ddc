"""The settings, read once from the environment and frozen; what is wrong or insecure is refused, all of it at once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from admission import AdmissionLook
from environment import ROOT, is_loopback
from grievance import settings

DOORS = ("intake", "office", "party", "panel", "account", "custody")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

_SAFE_SSLMODES = ("require", "verify-ca", "verify-full")
_HOST_NAME = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\]", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?")
_NAME = re.compile(r"[^\x00-\x1f<>]{1,80}")
_PHONE = re.compile(r"[+*#]?[0-9][0-9 ()*#/-]{1,29}")


class WrongSettings(Exception):
    """The environment cannot be used as it is; `faults` holds one sentence for each thing to mend, no secret in any."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(("The settings cannot be used:", *(f"  - {fault}" for fault in faults))))


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    """As the house knows them (`grievance.settings`), read from an environment."""

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings of this environment; an empty variable counts as absent. Raises `WrongSettings`."""
        look = _Look(environ)
        data = look.folder("DATA", ROOT / ".data")
        host = look.host()
        proxies = look.number("PROXIES", 0, 0, 5)
        trusted = look.trusted_hosts(host, proxies)
        mail = look.mail()
        port = look.number("PORT", 8000, 1, 65535)
        found = cls(
            data=data,
            keys=look.folder("KEYS", data / "keys", private=True),
            files=look.files(data),
            database=look.database(data),
            journal=look.folder("JOURNAL", data) if look.text("JOURNAL") else None,
            journal_to=look.journal_to(),
            host=host,
            port=port,
            doors=look.some("DOORS", DOORS, DOORS),
            trusted_hosts=trusted,
            address=look.address(trusted, port),
            proxies=proxies,
            mail=mail,
            mail_from=look.mail_from(mail),
            leave_to=look.leave_to(trusted),
            programme=look.programme(),
            helpline=look.helpline(),
            security=look.security(),
            languages=look.languages(),
            clamd=look.clamd(),
            clock=look.one("CLOCK", "embedded", ("embedded", "own")),
            tick=look.number("TICK", 10, 1, 3600),
            second_step=look.second_step(),
            oidc=look.oidc(),
            flood_ask=look.number("FLOOD_ASK", 60, 1, 1_000_000),
            flood_bulk=look.number("FLOOD_BULK", 600, 1, 1_000_000),
            flood_work=look.number("FLOOD_WORK", 12, 1, 20),
            flood_wait=look.number("FLOOD_WAIT", 20, 1, 300),
        )
        look.for_strangers(cls)
        look.for_debugging()
        if look.faults:
            raise WrongSettings(tuple(look.faults))
        return found


class _Look(AdmissionLook):
    """What is asked of each setting."""

    def files(self, data: Path) -> str:
        said = self.text("FILES")
        if not said.startswith("s3:"):
            return str(self.folder("FILES", data / "files"))
        if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{2,62}(/[A-Za-z0-9._/-]*)?", said):
            self.fault("GRIEVANCE_FILES must be a folder, or s3://bucket/folder; its keys belong in AWS_… variables.")
        return said

    def clamd(self) -> str:
        said = self.text("CLAMD")
        if said and not re.fullmatch(r"unix:/[^\s]+|([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}", said):
            self.fault("GRIEVANCE_CLAMD must be unix:/path/of/the/socket, or host:port, of a clamd of yours.")
        return said

    def database(self, data: Path) -> str:
        said = self.text("DATABASE")
        if not said:
            self.file("DATABASE", data / "grievance.sqlite")
            return f"sqlite:///{data}/grievance.sqlite"
        if said.startswith("sqlite:"):
            self._sqlite(said)
            return said
        said = re.sub(r"^postgresql://", "postgresql+psycopg://", said)
        if said.startswith("postgresql+psycopg://"):
            self._postgresql(said)
            return said
        # The value may hold a password, so it is never repeated.
        self.fault("GRIEVANCE_DATABASE must begin with sqlite:/// or postgresql+psycopg://.")
        return said

    def _sqlite(self, address: str) -> None:
        name = address.partition("sqlite:///")[2].partition("?")[0]
        if not name or name == ":memory:" or name.startswith("file:"):
            self.fault("GRIEVANCE_DATABASE must name a file after sqlite:///; memory forgets every case.")
            return
        self.not_public("DATABASE", Path(name).resolve())
        self.file("DATABASE", Path(name).resolve())

    def _postgresql(self, address: str) -> None:
        parts = self.split("DATABASE", address)
        if parts is None:
            return
        query = parse_qs(parts.query)
        hosts = [parts.hostname or "", *query.get("host", []), *query.get("hostaddr", [])]
        if len(parts.path) < len("/x"):
            self.fault("GRIEVANCE_DATABASE must name the database after the host, as in …/grievance.")
        local = all(host == "" or host.startswith("/") or is_loopback(host) for host in hosts)
        if not local and query.get("sslmode", [""])[-1] not in _SAFE_SSLMODES:
            self.fault(
                "GRIEVANCE_DATABASE leads over a network in the clear; end it with ?sslmode=verify-full"
                " (or require, where the network itself is trusted)."
            )

    def journal_to(self) -> str:
        said = self.text("JOURNAL_TO")
        if bool(said) != bool(self.text("JOURNAL")):
            self.fault(
                "GRIEVANCE_JOURNAL and GRIEVANCE_JOURNAL_TO belong together: a folder, and for whom it is sealed."
            )
        elif said and not re.fullmatch("age1[a-z0-9]{58}", said):
            self.fault("GRIEVANCE_JOURNAL_TO must be one public key for backups; it begins with age1.")
        return said

    def host(self) -> str:
        said = self.text("HOST", "127.0.0.1")
        if not _HOST_NAME.fullmatch(said) and not re.fullmatch(r"[0-9a-fA-F:]+", said):
            self.fault(f"GRIEVANCE_HOST must be an address to listen on, such as 127.0.0.1, not {said!r}.")
        return said

    def trusted_hosts(self, host: str, proxies: int) -> tuple[str, ...]:
        said = self.listed("TRUSTED_HOSTS")
        for name in said:
            if not _HOST_NAME.fullmatch(name):
                self.fault(f"GRIEVANCE_TRUSTED_HOSTS holds {name!r}; write whole host names, without * and https://.")
        if not said and (proxies or not is_loopback(host)):
            self.fault("GRIEVANCE_TRUSTED_HOSTS must list the host names people type, as others reach this service.")
        return said or LOOPBACK

    def address(self, trusted: tuple[str, ...], port: int) -> str:
        host = trusted[0]
        said = self.text("ADDRESS").rstrip("/")
        if not said:
            return f"http://{host}:{port}" if is_loopback(host) else f"https://{host}"
        parts = self.split("ADDRESS", said)
        if parts is None:
            return said
        here = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not here or parts.path or parts.query or "@" in parts.netloc:
            self.fault(
                "GRIEVANCE_ADDRESS must be like https://name, where people reach this service; no path behind it."
            )
        elif parts.scheme == "http" and not is_loopback(here):
            self.fault("GRIEVANCE_ADDRESS must begin with https://, because links to accounts are sent with it.")
        elif here not in {name.lower().partition(":")[0] for name in trusted} and not is_loopback(here):
            self.fault(
                "GRIEVANCE_ADDRESS must be one of the names in GRIEVANCE_TRUSTED_HOSTS; others are not answered."
            )
        return said

    def mail(self) -> str:
        said = self.text("MAIL", "console")
        if said == "console":
            return said
        parts = self.split("MAIL", said)
        if parts is None:
            return said
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            self.fault("GRIEVANCE_MAIL must be console, or smtps://user:password@host:port, or smtp://… .")
        elif not is_loopback(parts.hostname) and not (parts.username and parts.password):
            self.fault("GRIEVANCE_MAIL needs a user and a password, because its server is on another machine.")
        return said

    def mail_from(self, mail: str) -> str:
        said = self.text("MAIL_FROM")
        if said and not _ADDRESS.fullmatch(said):
            self.fault(f"GRIEVANCE_MAIL_FROM must be one plain mail address, not {said!r}.")
        if not said and mail != "console":
            self.fault("GRIEVANCE_MAIL_FROM must say from which address letters come, as GRIEVANCE_MAIL is set.")
        return said

    def leave_to(self, trusted: tuple[str, ...]) -> str:
        said = self.text("LEAVE_TO", "https://www.wikipedia.org/")
        parts = self.split("LEAVE_TO", said)
        if parts is None:
            return said
        if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or re.search(r"[\s\"'<>\\]", said):
            self.fault("GRIEVANCE_LEAVE_TO must be the https:// address of a page that betrays nothing.")
        elif parts.hostname in {name.lower() for name in trusted}:
            self.fault("GRIEVANCE_LEAVE_TO must lead away from this service; name a neutral page elsewhere.")
        return said

    def programme(self) -> str:
        return self.short("PROGRAMME", "Joint Grievance Panel", _NAME, "a name of up to 80")

    def helpline(self) -> str:
        return self.short("HELPLINE", "", _PHONE, "a telephone number of up to 31")

    def security(self) -> str:
        said = self.text("SECURITY")
        address = said.removeprefix("mailto:")
        if said and not re.fullmatch(r"https://[^\s\"'<>]+", said) and not _ADDRESS.fullmatch(address):
            self.fault("GRIEVANCE_SECURITY must be a mail address, or an https:// page, for whoever finds a weakness.")
        return f"mailto:{address}" if said and _ADDRESS.fullmatch(address) else said

    def languages(self) -> tuple[str, ...]:
        said = tuple(code.replace("-", "_") for code in self.listed("LANGUAGES"))
        for code in said:
            if not _LANGUAGE.fullmatch(code):
                self.fault(f"GRIEVANCE_LANGUAGES holds {code!r}; write codes such as en, km, my.")
            elif code != "en" and not (ROOT / "translations" / code).is_dir():
                self.fault(f"GRIEVANCE_LANGUAGES names {code!r}, which has no catalogue in translations/.")
        return tuple(dict.fromkeys(said)) or ("en", "km")
