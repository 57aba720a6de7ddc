"""The settings, read once from the environment and frozen; what is wrong or insecure is refused, all of it at once."""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent
DOORS = ("intake", "office", "party", "panel", "account")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

# `make run` documents these two without the prefix as well.
_SHORT = ("DATA", "PORT")
# Folders that a web server or git hands to anybody: nothing private may lie in them.
_PUBLIC = ("docs", "grievance", "static", "templates", "tests", "translations", "workflows")
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
class Settings:
    """Everything an operator decides. A field `x` is read from GRIEVANCE_X; `data` and `port` from DATA and PORT too.

    `data`, `keys`   absolute folders; they need not exist yet
    `database`       an SQLAlchemy address, sqlite:/// or postgresql+psycopg://; hidden in the repr (password)
    `mail`           "console", or smtp:// (STARTTLS beyond this machine), or smtps://; hidden in the repr
    `trusted_hosts`  the only host names requests may ask for
    `proxies`        how many trusted proxies stand in front and set X-Forwarded-*
    `tick`           seconds between two looks of the clock at what is due
    """

    data: Path
    keys: Path
    database: str = field(repr=False)
    host: str
    port: int
    doors: tuple[str, ...]
    trusted_hosts: tuple[str, ...]
    proxies: int
    mail: str = field(repr=False)
    mail_from: str
    leave_to: str
    programme: str
    helpline: str
    languages: tuple[str, ...]
    clock: str
    tick: int

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings of this environment; an empty variable counts as absent. Raises `WrongSettings`."""
        look = _Look(environ)
        data = look.folder("DATA", ROOT / ".data")
        host = look.host()
        proxies = look.number("PROXIES", 0, 0, 5)
        trusted = look.trusted_hosts(host, proxies)
        mail = look.mail()
        settings = cls(
            data=data,
            keys=look.folder("KEYS", data / "keys", private=True),
            database=look.database(data),
            host=host,
            port=look.number("PORT", 8000, 1, 65535),
            doors=look.some("DOORS", DOORS, DOORS),
            trusted_hosts=trusted,
            proxies=proxies,
            mail=mail,
            mail_from=look.mail_from(mail),
            leave_to=look.leave_to(trusted),
            programme=look.programme(),
            helpline=look.helpline(),
            languages=look.languages(),
            clock=look.one("CLOCK", "embedded", ("embedded", "own")),
            tick=look.number("TICK", 10, 1, 3600),
        )
        look.for_strangers(cls)
        look.for_debugging()
        if look.faults:
            raise WrongSettings(tuple(look.faults))
        return settings


class _Look:
    """One look at the environment: every reader returns something usable and notes its faults."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def fault(self, sentence: str) -> None:
        self.faults.append(sentence)

    def text(self, name: str, default: str = "") -> str:
        long = self.environ.get(f"GRIEVANCE_{name}", "").strip()
        short = self.environ.get(name, "").strip() if name in _SHORT else ""
        if short and long and short != long:
            self.fault(f"{name} and GRIEVANCE_{name} say different things; set only one of them.")
        return long or short or default

    def listed(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def number(self, name: str, default: int, least: int, most: int) -> int:
        said = self.text(name, str(default))
        if re.fullmatch(r"[0-9]{1,9}", said) and least <= int(said) <= most:
            return int(said)
        self.fault(f"GRIEVANCE_{name} must be a whole number from {least} to {most}, not {said!r}.")
        return default

    def one(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        said = self.text(name, default)
        if said not in choices:
            self.fault(f"GRIEVANCE_{name} must be {' or '.join(choices)}, not {said!r}.")
        return said

    def some(self, name: str, default: tuple[str, ...], choices: tuple[str, ...]) -> tuple[str, ...]:
        said = self.listed(name)
        for word in said:
            if word not in choices:
                self.fault(f"GRIEVANCE_{name} names {word!r}; choose from {', '.join(choices)}.")
        return tuple(dict.fromkeys(said)) or default

    def folder(self, name: str, default: Path, *, private: bool = False) -> Path:
        said = self.text(name)
        path = Path(said or default).expanduser().resolve()
        if said:
            self._not_public(name, path)
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            return path
        except OSError as why:
            self.fault(f"GRIEVANCE_{name} is {path}, which cannot be reached: {why.strerror}.")
            return path
        if not stat.S_ISDIR(mode):
            self.fault(f"GRIEVANCE_{name} is {path}, which is not a folder; name another place.")
        elif private and mode & 0o077:
            self.fault(f"The keys in {path} can be reached by other users; run: chmod 700 {path}")
        elif mode & 0o002:
            self.fault(f"Anybody on this machine may write into {path}; run: chmod o-w {path}")
        elif not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            self.fault(f"GRIEVANCE_{name} is {path}, where this user may not write; run: chown {os.getuid()} {path}")
        return path

    def _not_public(self, name: str, path: Path) -> None:
        if path == ROOT or any(path.is_relative_to(ROOT / folder) for folder in _PUBLIC):
            self.fault(f"GRIEVANCE_{name} leads to {path}, among public files; move it elsewhere.")

    def database(self, data: Path) -> str:
        said = self.text("DATABASE")
        if not said:
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
        self._not_public("DATABASE", Path(name).resolve())

    def _postgresql(self, address: str) -> None:
        parts = self._split("DATABASE", address)
        if parts is None:
            return
        query = parse_qs(parts.query)
        hosts = [parts.hostname or "", *query.get("host", []), *query.get("hostaddr", [])]
        if len(parts.path) < len("/x"):
            self.fault("GRIEVANCE_DATABASE must name the database after the host, as in …/grievance.")
        local = all(host == "" or host.startswith("/") or _is_loopback(host) for host in hosts)
        if not local and query.get("sslmode", [""])[-1] not in _SAFE_SSLMODES:
            self.fault(
                "GRIEVANCE_DATABASE leads over a network in the clear; end it with ?sslmode=verify-full"
                " (or require, where the network itself is trusted)."
            )

    def _split(self, name: str, address: str) -> SplitResult | None:
        try:
            parts = urlsplit(address)
            parts.port  # noqa: B018 - asking for the port is what makes urllib check it
        except ValueError:
            self.fault(f"GRIEVANCE_{name} is not a complete address; check its host and its port.")
            return None
        return parts

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
        if not said and (proxies or not _is_loopback(host)):
            self.fault("GRIEVANCE_TRUSTED_HOSTS must list the host names people type, as others reach this service.")
        return said or LOOPBACK

    def mail(self) -> str:
        said = self.text("MAIL", "console")
        if said == "console":
            return said
        parts = self._split("MAIL", said)
        if parts is None:
            return said
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            self.fault("GRIEVANCE_MAIL must be console, or smtps://user:password@host:port, or smtp://… .")
        elif not _is_loopback(parts.hostname) and not (parts.username and parts.password):
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
        parts = self._split("LEAVE_TO", said)
        if parts is None:
            return said
        if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or re.search(r"[\s\"'<>\\]", said):
            self.fault("GRIEVANCE_LEAVE_TO must be the https:// address of a page that betrays nothing.")
        elif parts.hostname in {name.lower() for name in trusted}:
            self.fault("GRIEVANCE_LEAVE_TO must lead away from this service; name a neutral page elsewhere.")
        return said

    def programme(self) -> str:
        return self._short("PROGRAMME", "Joint Grievance Panel", _NAME, "a name of up to 80")

    def helpline(self) -> str:
        return self._short("HELPLINE", "", _PHONE, "a telephone number of up to 31")

    def _short(self, name: str, default: str, shape: re.Pattern[str], what: str) -> str:
        said = self.text(name, default)
        if said and not shape.fullmatch(said):
            self.fault(f"GRIEVANCE_{name} must be {what} characters on one line, not {said[:40]!r}.")
        return said

    def languages(self) -> tuple[str, ...]:
        said = tuple(code.replace("-", "_") for code in self.listed("LANGUAGES"))
        for code in said:
            if not _LANGUAGE.fullmatch(code):
                self.fault(f"GRIEVANCE_LANGUAGES holds {code!r}; write codes such as en, km, my.")
            elif code != "en" and not (ROOT / "translations" / code).is_dir():
                self.fault(f"GRIEVANCE_LANGUAGES names {code!r}, which has no catalogue in translations/.")
        return tuple(dict.fromkeys(said)) or ("en", "km")

    def for_strangers(self, settings: type[Settings]) -> None:
        """A variable with a typing error would otherwise be ignored in silence."""
        known = [f"GRIEVANCE_{part.name.upper()}" for part in fields(settings)]
        for name in sorted(self.environ):
            if name.startswith("GRIEVANCE_") and name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                advice = f"did you mean {near[0]}?" if near else "remove it."
                self.fault(f"{name} is no setting of this program; {advice}")

    def for_debugging(self) -> None:
        """Flask's and Werkzeug's debuggers show source and run code for whoever asks."""
        for name in ("FLASK_DEBUG", "FLASK_ENV", "WERKZEUG_DEBUG_PIN"):
            if self.environ.get(name, "").strip().lower() not in ("", "0", "false", "no", "production"):
                self.fault(f"{name} turns on debugging, which opens this service to anybody; unset it.")


def _is_loopback(host: str) -> bool:
    return re.fullmatch(r"(localhost|127(\.[0-9]{1,3}){3})(:[0-9]+)?|\[?::1\]?", host, re.IGNORECASE) is not None
