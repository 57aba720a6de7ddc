"""Reads how people come in: where a second step is needed, and which organisations let them in through a provider."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from environment import Look, is_loopback
from grievance.settings import Organisation

STEPPED = ("administration", "office", "party", "panel", "custody")
"""Where a second step can be demanded."""

KNOWN = frozenset({"name", "issuer", "client_id", "client_secret", "client_secret_file"})
_BODY = re.compile(r"[A-Za-z0-9_-]{1,80}")
_NAME = re.compile(r"[^\x00-\x1f<>]{1,80}")
_PLAIN = re.compile(r"[\x21-\x7e]{1,512}")


class AdmissionLook(Look):
    """What is asked of both settings. No sentence repeats a secret."""

    def second_step(self) -> Mapping[str, date]:
        listed = self.listed("SECOND_STEP")
        if not listed:
            return {"administration": date.min}
        if listed == ("none",):
            return {}
        found: dict[str, date] = {}
        for said in listed:
            place, _, day = said.partition("=")
            try:
                found[place.strip()] = date.fromisoformat(day.strip())
            except ValueError:
                self.fault(f"GRIEVANCE_SECOND_STEP: {said!r} is not a place and a day, such as office=2027-03-01.")
                continue
            if place.strip() not in STEPPED:
                self.fault(f"GRIEVANCE_SECOND_STEP names {place.strip()!r}; choose from {', '.join(STEPPED)}.")
        return found

    def oidc(self) -> Mapping[str, Organisation]:
        said = self.text("OIDC")
        if not said:
            return {}
        path = Path(said).expanduser().resolve()
        self.not_public("OIDC", path)
        text = self._private(path, "GRIEVANCE_OIDC")
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as why:
            # The sentence of the reader may quote the line, and a secret stands in one.
            line = re.search(r"at line \d+, column \d+", str(why))
            self.fault(f"GRIEVANCE_OIDC is no TOML{f' ({line[0]})' if line else ''}: write one table an organisation.")
            return {}
        found = {}
        for body, table in tables.items():
            if not isinstance(table, dict) or not _BODY.fullmatch(body):
                self.fault(f"GRIEVANCE_OIDC: {body!r} is no table of an organisation, such as [factory-lotus].")
                continue
            found[body] = self._organisation(body, table, path.parent)
        issuers = [one.issuer for one in found.values()]
        for issuer in sorted({one for one in issuers if issuers.count(one) > 1}):
            self.fault(f"GRIEVANCE_OIDC names the issuer {issuer} twice: one organisation cannot vouch for another's.")
        return found

    def _organisation(self, body: str, table: Mapping[str, Any], folder: Path) -> Organisation:
        where = f"GRIEVANCE_OIDC [{body}]"
        for key in sorted(set(table) - KNOWN):
            self.fault(f"{where}: {key} is no setting; choose from {', '.join(sorted(KNOWN))}.")
        said = {key: str(value).strip() for key, value in table.items()}
        if not _PLAIN.fullmatch(said.get("client_id", "")):
            self.fault(f"{where}: client_id must say under which name the provider knows this house.")
        if said.get("name") and not _NAME.fullmatch(said["name"]):
            self.fault(f"{where}: name must be up to 80 characters on one line.")
        secret = self._secret(where, said, folder)
        return Organisation(body, said.get("name", ""), self._issuer(where, said), said.get("client_id", ""), secret)

    def _issuer(self, where: str, said: Mapping[str, str]) -> str:
        issuer = said.get("issuer", "")
        parts = self.split("OIDC", issuer)
        if parts is None:
            return issuer
        host = parts.hostname or ""
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
        if not safe or not host or parts.query or parts.fragment or "@" in parts.netloc or re.search(r"\s", issuer):
            self.fault(f"{where}: issuer must be https://…, exactly as the provider writes it, without ? and #.")
        return issuer

    def _secret(self, where: str, said: Mapping[str, str], folder: Path) -> str:
        if bool(said.get("client_secret")) == bool(said.get("client_secret_file")):
            self.fault(f"{where}: name either client_secret_file or client_secret.")
            return ""
        secret = said.get("client_secret", "")
        if not secret:
            secret = self._private(
                (folder / said["client_secret_file"]).resolve(), f"{where} client_secret_file"
            ).strip()
        if not _PLAIN.fullmatch(secret):
            self.fault(f"{where}: the client's secret must be one line of plain signs.")
        return secret

    def _private(self, path: Path, what: str) -> str:
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as why:
            self.fault(f"{what} is {path}, which cannot be read: {getattr(why, 'strerror', None) or 'it is no text'}.")
            return ""
        if mode & 0o077:
            self.fault(f"{what} is {path}, which other users can reach; run: chmod 600 {path}")
        return text
