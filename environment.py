"""Looks at the environment: every reader returns something usable and notes its faults, no secret in any."""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).resolve().parent

# `make run` documents these two without the prefix as well.
_SHORT = ("DATA", "PORT")
# Folders that a web server or git hands to anybody: nothing private may lie in them.
_PUBLIC = ("docs", "grievance", "static", "templates", "tests", "translations", "workflows")


class Look:
    """One look; `faults` holds a sentence for each thing to mend."""

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
            self.not_public(name, path)
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
        else:
            self._ours(name, path, os.R_OK | os.W_OK | os.X_OK)
        return path

    def file(self, name: str, path: Path) -> None:
        """One that may be there already."""
        if os.access(path, os.F_OK):
            self._ours(name, path, os.R_OK | os.W_OK)

    def _ours(self, name: str, path: Path, wanted: int) -> None:
        """What root made, while the house runs as somebody else, is no outage that ends by itself, as a read-only disk is."""
        if not os.access(path, wanted) and not _read_only(path):
            self.fault(f"GRIEVANCE_{name} is {path}, where this user may not write; run: chown {os.getuid()} {path}")

    def not_public(self, name: str, path: Path) -> None:
        if path == ROOT or any(path.is_relative_to(ROOT / folder) for folder in _PUBLIC):
            self.fault(f"GRIEVANCE_{name} leads to {path}, among public files; move it elsewhere.")

    def split(self, name: str, address: str) -> SplitResult | None:
        try:
            parts = urlsplit(address)
            parts.port  # noqa: B018 - asking for the port is what makes urllib check it
        except ValueError:
            self.fault(f"GRIEVANCE_{name} is not a complete address; check its host and its port.")
            return None
        return parts

    def short(self, name: str, default: str, shape: re.Pattern[str], what: str) -> str:
        said = self.text(name, default)
        if said and not shape.fullmatch(said):
            self.fault(f"GRIEVANCE_{name} must be {what} characters on one line, not {said[:40]!r}.")
        return said

    def for_strangers(self, settings: type) -> None:
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


def _read_only(path: Path) -> bool:
    """Whether it is the disk that takes nothing. An outage is no wrong setting: the house begins, and says so to each form."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def is_loopback(host: str) -> bool:
    """Whether this name, with or without a port, means this machine."""
    return re.fullmatch(r"(localhost|127(\.[0-9]{1,3}){3})(:[0-9]+)?|\[?::1\]?", host, re.IGNORECASE) is not None
