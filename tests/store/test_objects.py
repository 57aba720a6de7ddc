"""A place of files that does not answer is one thing to everybody, a folder or a bucket: Gone, and never another error."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from grievance.core.errors import Gone
from grievance.store import objects
from grievance.store.objects import Objects, original_of

DOES: dict[str, Callable[[Objects], object]] = {
    "put": lambda place: place.put("2026-03-02/ab", b"sealed"),
    "get": lambda place: place.get("2026-03-02/ab"),
    "there": lambda place: place.there("2026-03-02/ab"),
    "names": lambda place: list(place.names()),
    "drop": lambda place: place.drop(["2026-03-02/ab"]),
}


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    """A bucket at an address where nobody listens: the port is ours, so nobody else will."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        for name, value in {
            "ACCESS_KEY_ID": "house",
            "SECRET_ACCESS_KEY": "secret",
            "REGION": "us-east-1",
            "ENDPOINT_URL": f"http://127.0.0.1:{held.getsockname()[1]}",
            "ALLOW_HTTP": "true",
        }.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        yield Objects("s3://evidence/house")


@pytest.fixture
def broken(tmp_path: Path) -> Objects:
    """A folder that cannot be one: a file lies in its way."""
    (tmp_path / "files").write_bytes(b"")
    return Objects(str(tmp_path / "files" / "kept"))


@pytest.mark.parametrize("does", DOES)
def test_a_bucket_that_does_not_answer_is_gone(nobody: Objects, does: str) -> None:
    with pytest.raises(Gone):
        DOES[does](nobody)


@pytest.mark.parametrize("does", DOES)
def test_a_folder_that_cannot_be_opened_is_gone(broken: Objects, does: str) -> None:
    with pytest.raises(Gone):
        DOES[does](broken)


def test_planted_an_error_that_is_let_through_is_none_of_ours(nobody: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_reached", nullcontext)
    with pytest.raises(Exception) as raised:  # noqa: PT011  whatever the library calls it
        DOES["drop"](nobody)
    assert not isinstance(raised.value, Gone)


def test_what_is_not_there_is_dropped_and_what_is_goes_with_its_original(tmp_path: Path) -> None:
    place = Objects(str(tmp_path / "kept"))
    for name in ("2026-03-02/ab", original_of("2026-03-02/ab"), "2026-03-02/cd"):
        place.put(name, b"sealed")
    place.drop(["2026-03-02/nothing", "2026-03-02/ab"])
    assert [name for names in place.names() for name in names] == ["2026-03-02/cd"]
    assert not place.there("2026-03-02/ab")
