"""A form that is far too large is answered with our page: nobody is hung up on while their browser still sends."""

from __future__ import annotations

import http.client
from pathlib import Path

import pytest
from flask import Flask

from tests.test_forking import SOUND, app, serving

__all__ = ["app"]

HANGS_UP = f"from grievance.web import receiving; receiving.LET_BY = 0; {SOUND}"


def sent(port: int, size: int) -> tuple[int, str]:
    """Status and page of a form of so many bytes. Raises OSError where the server hangs up under it."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
        line.request("POST", "/follow", b"number=" + b"1" * size, headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def test_a_form_of_some_megabytes_gets_its_page(app: Flask, tmp_path: Path, database: str, keys: Path) -> None:
    with serving(app, tmp_path, database, keys) as port:
        status, page = sent(port, 7_000_000)
    assert status == 413
    assert "Send less at once" in page


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_planted_what_is_not_read_breaks_the_line(app: Flask, tmp_path: Path, database: str, keys: Path) -> None:
    with serving(app, tmp_path, database, keys, HANGS_UP) as port, pytest.raises(OSError, match=r"[Bb]roken|reset"):
        sent(port, 7_000_000)
