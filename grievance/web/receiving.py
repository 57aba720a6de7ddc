"""What comes in with a request stays in memory and within bounds: a file of any size costs no more than what we would take.

Werkzeug would spool a large file to a folder for temporary files, in clear. And it would refuse the whole request, with all
that was typed, for one video that is too large; here the file is cut off, so that it can be refused by its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import IO, Any

import flask
from werkzeug.datastructures import ImmutableMultiDict

from grievance.casework.files.keeping import Upload
from grievance.core.evidence import AT_ONCE, LARGEST, MEGABYTE
from grievance.web.multipart import PlainForms

TEXTS = MEGABYTE
"""Bytes of the texts of a form that may also carry files."""
FILES = 256 * MEGABYTE
"""Bytes of a request that may carry files. What is too large of it runs through and is not kept."""

LET_BY = 8 * MEGABYTE
"""Bytes of a request that is refused for its size which are read all the same. Who is hung up on while still sending is
shown an error of their browser instead of our page, and gunicorn reads no more than 64 KiB of what nobody asked for."""


class CutOff(BytesIO):
    """Keeps the first bytes, up to one more than we take, and lets the rest go by."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, body: bytes) -> int:  # type: ignore[override]
        """As a file does; what is too much is counted as written."""
        super().write(body[: max(0, self.most - self.tell())])
        return len(body)


class Sent(ImmutableMultiDict[str, Any]):
    """What an address asks for and what a form sends, without NULs: PostgreSQL keeps none, and refuses to look for one."""

    def __init__(self, sent: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__([(name, value.replace("\0", "") if isinstance(value, str) else value) for name, value in sent])


class Request(flask.Request):
    """A request whose files are kept in memory, the first few of them."""

    parameter_storage_class = Sent
    form_data_parser_class = PlainForms
    kept_files = 0

    def _get_file_stream(  # Werkzeug's own hook for this
        self,
        total_content_length: int | None,  # noqa: ARG002
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        self.kept_files += 1
        return CutOff(LARGEST + 1 if self.kept_files <= AT_ONCE else 0)


def make_room() -> None:
    """Lets the request that is about to be read carry files."""
    flask.request.max_content_length, flask.request.max_form_memory_size = FILES, TEXTS


def uploads(name: str = "files") -> list[Upload]:
    """The files that were chosen, in their order; a browser sends one without a name where none was."""
    return [Upload(sent.filename, sent.stream.read()) for sent in flask.request.files.getlist(name) if sent.filename]


def let_by() -> None:
    """Lets a request that is too large run through, and keeps nothing of it."""
    stream, left = flask.request.environ["wsgi.input"], LET_BY
    while left > 0 and (piece := stream.read(min(left, MEGABYTE // 16))):
        left -= len(piece)
