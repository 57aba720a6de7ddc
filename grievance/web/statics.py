"""Serves what never changes: each file under a name that holds its hash, compressed once, cached for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, request
from markupsafe import Markup

from grievance.core.errors import or_hidden
from grievance.web.gate import ANYBODY, needs

SIGNS = "signs.svg"
YEAR = "public, max-age=31536000, immutable"

_REMARK = re.compile(rb"^[ \t]*(//.*|/\*.*\*/[ \t]*)\n", re.MULTILINE)
"""A remark on lines of its own, in a script or a style sheet: whoever reads the page pays for its bytes."""

_SYMBOL = re.compile(r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Static:
    """One file, plain and compressed."""

    mimetype: str
    plain: bytes
    zipped: bytes


class Statics:
    """Every file of the folder, read at start."""

    def __init__(self, folder: Path) -> None:
        self._names: dict[str, str] = {}
        self._files: dict[str, Static] = {}
        for path in sorted(folder.iterdir()):
            plain = path.read_bytes()
            if path.suffix in (".js", ".css"):
                plain = _REMARK.sub(b"", plain)
            name = f"{path.stem}.{hashlib.sha256(plain).hexdigest()[:10]}{path.suffix}"
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            self._names[path.name] = name
            self._files[name] = Static(kind, plain, gzip.compress(plain, 9, mtime=0))
        signs = (folder / SIGNS).read_text(encoding="utf-8") if (folder / SIGNS).exists() else ""
        self._signs = {sign: (box, drawn) for sign, box, drawn in _SYMBOL.findall(signs)}

    def url(self, name: str) -> str:
        """The address of a file. Raises KeyError for one that is not there."""
        return f"/static/{self._names[name]}"

    def drawing(self, sign: str) -> Markup:
        """A sign drawn where it stands: a page with signs of its own spares a slow line the request for the sheet."""
        box, drawn = self._signs[sign]
        return Markup(f'<svg viewBox="{box}" aria-hidden="true">{drawn}</svg>')  # noqa: S704  our own file

    def symbol(self, sign: str) -> Markup:
        """A sign to be used more than once in the same page, as `<use href="#sign">`."""
        box, drawn = self._signs[sign]
        return Markup(f'<symbol id="{sign}" viewBox="{box}">{drawn}</symbol>')  # noqa: S704  our own file

    def blueprint(self) -> Blueprint:
        """The route that serves them."""
        pages = Blueprint("static", __name__)
        pages.add_app_template_global(self.drawing, "drawing")
        pages.add_app_template_global(self.symbol, "symbol")

        @pages.get("/favicon.ico")
        @needs(ANYBODY)
        def icon() -> Response:
            """Browsers ask whatever the page says; a kept nothing is cheaper than an error page each time."""
            return Response(status=204, headers={"Cache-Control": YEAR})

        @pages.get("/static/<name>")
        @needs(ANYBODY)
        def file(name: str) -> Response:
            found = or_hidden(self._files.get(name))
            zipped = "gzip" in request.headers.get("Accept-Encoding", "")
            response = Response(found.zipped if zipped else found.plain, mimetype=found.mimetype)
            if zipped:
                response.headers["Content-Encoding"] = "gzip"
            response.headers["Cache-Control"] = YEAR
            response.headers["Vary"] = "Accept-Encoding"
            return response

        return pages
