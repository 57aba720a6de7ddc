"""Notices leave through real mail servers: plain on this machine, under STARTTLS or TLS and with a password beyond it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from grievance import clock as timetable
from grievance.casework import delivering
from grievance.casework.desk import Desk
from grievance.notices import write
from tests import ports
from tests.makers import Story
from tests.web.test_notices import states

AWAY = "127.0.0.2"
"""An address of this machine that is none of its names: for the house, a server beyond it."""


class Mailbox:
    """A real SMTP server's inbox."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append((str(envelope.mail_from), list(envelope.rcpt_tos), content))
        return "250 OK"


@contextmanager
def served(host: str = "127.0.0.1", **more: Any) -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    with ports.held(host) as port:
        controller = Controller(mailbox, hostname=host, port=port, ready_timeout=60, **more)
        controller.start()
        try:
            yield mailbox, port
        finally:
            controller.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side with a certificate for AWAY, and the file of those who trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AWAY)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(AWAY))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "server.pem", tmp_path / "server.key"
    public.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*form))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return context, public


def knows(_: SMTP, __: Session, ___: Envelope, mechanism: str, given: LoginPassword) -> AuthResult:
    del mechanism
    return AuthResult(success=(given.login, given.password) == (b"panel", b"p@ss/word"), handled=False)


def guarded(context: ssl.SSLContext) -> dict[str, Any]:
    """A server that takes nothing without STARTTLS and a password."""
    return {"tls_context": context, "require_starttls": True, "authenticator": knows, "auth_required": True}


def test_beyond_this_machine_starttls_and_the_password_are_used(
    desk: Desk, certificate: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    Story.filed(desk)
    with served(AWAY, **guarded(context)) as (mailbox, port):
        wrong = timetable.sender(f"smtp://panel:guess@{AWAY}:{port}", "panel@example.org")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            wrong("officer@demo.test", write({"turn": 1}, "km"))
        send = timetable.sender(f"smtp://panel:p%40ss%2Fword@{AWAY}:{port}", "panel@example.org")
        assert delivering.deliver(desk, send) == 3
    assert len(mailbox.letters) == 3
    assert states(desk) == {"sent": 3}


# asvs: 12.3.2
def test_a_server_whose_certificate_nobody_vouches_for_gets_no_letter(
    desk: Desk, certificate: tuple[ssl.SSLContext, Path]
) -> None:
    context, _ = certificate
    Story.filed(desk)
    with served(AWAY, **guarded(context)) as (mailbox, port):
        send = timetable.sender(f"smtp://panel:p%40ss%2Fword@{AWAY}:{port}", "panel@example.org")
        assert delivering.deliver(desk, send) == 3
    assert not mailbox.letters
    assert states(desk) == {"waiting": 3}


def test_tls_from_the_first_byte(certificate: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    context, trusted = certificate
    with served(AWAY, ssl_context=context) as (mailbox, port):
        send = timetable.sender(f"smtps://{AWAY}:{port}", "panel@example.org")
        with pytest.raises(ssl.SSLCertVerificationError):
            send("officer@demo.test", write({"turn": 1}, "km"))
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        send("officer@demo.test", write({"turn": 1}, "km"))
    assert len(mailbox.letters) == 1


def test_a_real_server_receives_them(desk: Desk) -> None:
    Story.filed(desk)
    with served() as (mailbox, port):
        send = timetable.sender(f"smtp://127.0.0.1:{port}", "panel@example.org")
        assert delivering.deliver(desk, send) == 3
    assert {address for _, (address,), _ in mailbox.letters} == {
        "officer@demo.test",
        "officer2@demo.test",
        "coordinator@demo.test",
    }
    assert {sender for sender, _, _ in mailbox.letters} == {"panel@example.org"}
    letter = next(content.decode() for _, (to,), content in mailbox.letters if to == "officer@demo.test")
    assert "A message for you" in letter
    assert states(desk) == {"sent": 3}


def test_a_server_that_is_not_there_leaves_them_waiting(desk: Desk) -> None:
    Story.filed(desk)
    with ports.held() as port:
        assert delivering.deliver(desk, timetable.sender(f"smtp://127.0.0.1:{port}", "panel@example.org")) == 3
    assert states(desk) == {"waiting": 3}


# asvs: 12.3.1
def test_beyond_this_machine_the_line_is_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without STARTTLS the letter is not handed over."""
    asked: list[str] = []

    class Server:
        def __init__(self, *_: object, **__: object) -> None:
            asked.append("connect")

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...

        def starttls(self, **_: object) -> None:
            raise smtplib.SMTPNotSupportedError("no STARTTLS")

        def login(self, *_: object) -> None:
            asked.append("login")

        def send_message(self, *_: object) -> None:
            asked.append("send")

    monkeypatch.setattr(smtplib, "SMTP", Server)
    send = timetable.sender("smtp://user:secret@mail.example.org:587", "panel@example.org")
    with pytest.raises(smtplib.SMTPNotSupportedError):
        send("officer@demo.test", write({"turn": 1}, "en"))
    assert asked == ["connect"]
