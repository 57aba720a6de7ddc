"""Evidence in a real bucket: kept and fetched through the doors; a server that dies or a wrong key loses nothing typed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from grievance.casework.files import evidence
from grievance.casework.house import verifying
from grievance.core.errors import Gone
from grievance.store.objects import Objects
from tests import makers
from tests.files import jpeg, pdf
from tests.makers import ROLES, Clock, desk_of, viewer
from tests.web.staff import Staff
from tests.web.test_evidence import files
from tests.web.test_intake import Phone, hidden, number_on

pytestmark = pytest.mark.trial

PLACE = "s3://evidence/house"
KEYS = """{"identities": [{"name": "house", "credentials": [{"accessKey": "house", "secretKey": "the right secret"}],
"actions": ["Admin", "Read", "Write", "List"]}]}"""
WORDS = "គេមិនបើកប្រាក់ថែមម៉ោង"
PATIENCE = 60.0  # seconds


class Bucket:
    """SeaweedFS on this machine alone: it reports to nobody, and every port is one that we gave it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "data").mkdir()
        (folder / "keys.json").write_text(KEYS)
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {**{f"{name}": str(port) for name, port in self.ports.items()}, **FIXED}
        options |= {"dir": str(self.folder / "data"), "s3.config": str(self.folder / "keys.json")}
        options |= {f"{part}.localSocket": str(self.folder / f"{part}.sock") for part in ("filer", "s3")}
        command = [
            str(Path(sys.executable).with_name("weed")),
            "server",
            "-filer",
            "-s3",
            *(f"-{name}={value}" for name, value in options.items()),
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        end = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < end, "the server of files does not begin"
            time.sleep(0.2)

    def answers(self) -> bool:
        """Whether what was put comes back: its parts begin one after the other."""
        asked = HTTPConnection("127.0.0.1", self.ports["s3.port"], timeout=2)
        try:
            asked.request("GET", "/healthz")
            if asked.getresponse().status != 200:
                return False
            Objects(PLACE).put(f"began/{time.monotonic_ns()}", b"it begins")
        except (OSError, Gone):
            return False
        finally:
            asked.close()
        return True

    def kill(self) -> None:
        """With -9, as a machine dies."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


PORTS = (
    "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc", "s3.port",
    "s3.port.grpc",
)  # fmt: skip
FIXED = {
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "master.telemetry": "false",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    "volume.max": "4",
}


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    place = tmp_path / "bucket"
    place.mkdir()
    made = Bucket(place)
    for name, value in {
        "ACCESS_KEY_ID": "house",
        "SECRET_ACCESS_KEY": "the right secret",
        "REGION": "us-east-1",
        "ENDPOINT_URL": f"http://127.0.0.1:{made.ports['s3.port']}",
        "ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def app(database: str, bucket: Bucket, tmp_path: Path, clock: Clock, keys: Path) -> Iterator[Flask]:
    made = makers.house(tmp_path, database, clock, GRIEVANCE_KEYS=str(keys), GRIEVANCE_FILES=PLACE)
    yield made
    desk_of(made).store.engine.dispose()


def with_the_key_of_nobody(monkeypatch: pytest.MonkeyPatch) -> Objects:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a wrong secret")
    return Objects(PLACE)


def test_evidence_in_a_bucket_that_dies(app: Flask, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, phone = desk_of(app), Phone(app)
    answer = phone.file(files=files(("me.jpg", jpeg()), ("slip.pdf", pdf())))
    assert answer.status_code == 200
    number = number_on(answer.text)
    phone.open(number)
    assert phone.get("/case/evidence/1").data[:2] == b"\xff\xd8"
    kept = [name for names in desk.store.objects.names() for name in names]
    assert len([name for name in kept if not name.startswith("began/")]) == 2
    for name in kept:
        assert b"Pay slip" not in desk.store.objects.get(name), "it lies there in clear"
    with pytest.raises(Gone):  # nothing is ever overwritten
        desk.store.objects.put(kept[-1], b"another")

    with monkeypatch.context() as patch:
        stranger = with_the_key_of_nobody(patch)
        with pytest.raises(Gone):
            stranger.get(kept[-1])
        with pytest.raises(Gone):
            stranger.put("2026-01-01/aa", b"a stranger's")

    bucket.kill()
    began = time.monotonic()
    ticket = hidden(phone.get("/file").text, "ticket")
    lost = phone.file(ticket=ticket, files=files(("other.jpg", jpeg(width=80))))
    assert time.monotonic() - began < 30, "they wait for too long"
    assert lost.status_code in (422, 503)
    assert WORDS in lost.text
    assert "Files cannot be reached now" in lost.text
    assert "Files cannot be reached now" in phone.get("/case/evidence/1").text
    mark = hidden(phone.get("/case/evidence").text, "once")
    failed = phone.post(
        "/case/evidence", {"caption": "My slip", "once": mark, "files": files(("a.jpg", jpeg(width=90)))}, token=True
    )
    assert failed.status_code == 503
    assert "My slip" in failed.text
    assert len(phone.get("/case").text) > 1000, "the case opens without its files"

    bucket.start()
    assert phone.get("/case/evidence/1").data[:2] == b"\xff\xd8"
    again = phone.file(ticket=ticket, files=files(("other.jpg", jpeg(width=80))))
    assert again.status_code == 200
    sent = {"caption": "My slip", "once": mark, "files": files(("a.jpg", jpeg(width=90)))}
    assert phone.post("/case/evidence", sent, token=True).status_code == 303
    ref = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", phone.get("/case").text)
    assert ref
    opened = evidence.open_file(desk, viewer("sophea"), ref[0], 2, roles=ROLES["officer"])
    assert opened.kind == "pdf"
    assert Staff(app, "sophea").get(f"/office/cases/{ref[0]}/evidence/3").status_code == 200
    assert verifying.verify(desk) == (2, [])
