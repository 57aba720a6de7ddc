"""Reads forms without files at once: a form of a few plain fields is most of what phones send us."""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO, Any

from werkzeug.formparser import FormDataParser

PLAIN = re.compile(rb'\r\nContent-Disposition: form-data; name="([\w-]+)"\r\n\r\n')
"""All that stands before the value of a field, as every browser writes it for a field that is no file."""

NO_FILE = re.compile(
    rb'\r\nContent-Disposition: form-data; name="[\w-]+"; filename=""\r\n'
    rb"Content-Type: application/octet-stream\r\n\r\n"
)
"""A part that says that no file was chosen."""


class PlainForms(FormDataParser):
    """Werkzeug's parser, spared where every part is one plain field: it compiles a pattern for each new boundary.

    Whatever looks otherwise in the least (a file, another header, too much, no proper end) is left to Werkzeug.
    """

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        """(stream, form, files), as Werkzeug's does. Raises RequestEntityTooLarge as it does."""
        boundary = (options or {}).get("boundary", "")
        most = self.max_form_memory_size
        if mimetype == "multipart/form-data" and boundary and most and content_length and content_length <= most:
            body = stream.read()
            fields = plain_fields(body, boundary.encode(), self.max_form_parts or len(body))
            stream = BytesIO(body)
            if fields is not None:
                return stream, self.cls(fields), self.cls()
        return super().parse(stream, mimetype, content_length, options)


def plain_fields(body: bytes, boundary: bytes, most: int) -> list[tuple[str, str]] | None:
    """(name, value) of each part, in order; None where some part is not a plain field, or there are more than `most`."""
    first, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if first or not parts or parts.pop().strip() != b"--" or len(parts) > most:
        return None
    fields = []
    for part in parts:
        head = PLAIN.match(part)
        if head:
            fields.append((head[1].decode("ascii"), part[head.end() :].decode("utf-8", "replace")))
        elif not NO_FILE.fullmatch(part):
            return None
    return fields
