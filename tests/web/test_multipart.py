"""A plain form is read at once, and reads as Werkzeug would read it; everything else is left to Werkzeug."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from werkzeug.formparser import FormDataParser

from grievance.web.multipart import PlainForms, plain_fields
from tests.trials.sizes import seed

MOST = 1_000_000
NAMES = ("words", "about", "page_token", "issue-1", "want")
BODIES = ("", "រោងចក្រ", "a\r\nb\r\n", "\r\n\r\n", "--", "x" * 700, "\u200b", 'name="y"\r\n\r\n', "--mark", "é\0")


def form(parts: list[tuple[str, bytes]], mark: str = "mark9f") -> bytes:
    return b"".join(f"--{mark}\r\n{head}\r\n\r\n".encode() + body + b"\r\n" for head, body in parts) + (
        f"--{mark}--\r\n".encode()
    )


def field(name: str, value: str) -> tuple[str, bytes]:
    return f'Content-Disposition: form-data; name="{name}"', value.encode()


NO_FILE = ('Content-Disposition: form-data; name="files"; filename=""\r\nContent-Type: application/octet-stream', b"")
A_FILE = ('Content-Disposition: form-data; name="files"; filename="a.jpg"\r\nContent-Type: image/jpeg', b"\xff\xd8\r\n")


def read(parser: type[FormDataParser], body: bytes, mark: str = "mark9f") -> tuple[list[tuple[str, str]], list[str]]:
    reader = parser(max_form_memory_size=MOST, max_form_parts=1000)
    _, fields, files = reader.parse(BytesIO(body), "multipart/form-data", len(body), {"boundary": mark})
    sent_files = [sent for _, sent in files.items(multi=True)]
    for sent in sent_files:
        sent.close()
    return list(fields.items(multi=True)), [sent.filename for sent in sent_files if sent.filename]


# asvs: 1.1.1
def test_any_form_reads_as_it_did() -> None:
    begun = seed()
    print(f"seed {begun}")
    dice = random.Random(begun)
    for _ in range(300):
        parts = [field(dice.choice(NAMES), "".join(dice.choices(BODIES, k=dice.randrange(4)))) for _ in range(7)]
        parts += dice.choices([NO_FILE, A_FILE], k=dice.randrange(3))
        dice.shuffle(parts)
        body = form(parts)
        assert read(PlainForms, body) == read(FormDataParser, body)


def test_a_form_without_a_file_is_read_at_once() -> None:
    body = form([field("words", "រោងចក្រ"), field("about", "wages"), field("about", "osh"), NO_FILE])
    found = plain_fields(body, b"mark9f", 1000)
    assert found == [("words", "រោងចក្រ"), ("about", "wages"), ("about", "osh")]


@pytest.mark.parametrize(
    "body",
    [
        form([A_FILE]),
        form([field("words", "x")])[:-8],
        form([('Content-Disposition: form-data; name="a b"', b"x")]),
        form([('Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=latin-1', b"x")]),
        b"before\r\n" + form([field("words", "x")]),
        form([field("words", "x")] * 1001),
        b"",
    ],
)
def test_whatever_looks_otherwise_is_left_to_werkzeug(body: bytes) -> None:
    assert plain_fields(body, b"mark9f", 1000) is None
