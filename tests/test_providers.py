"""The line to a provider: over TLS that somebody trusted, cut where it drips, and to no other place."""

from __future__ import annotations

import ipaddress
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from grievance.providers import Unreachable, asking
from tests.providers import DRIPS, drip

ROOT = Path(__file__).resolve().parents[1]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what is tried here."""


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        if self.path == "/drips":
            drip(self)
            return
        self.wfile.write(b'{"well": true}')


def certify(folder: Path) -> Path:
    """A key and a certificate of this machine, which nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "provider")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "provider.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return certify(tmp_path)


@pytest.fixture
def address(certificate: Path) -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


# asvs: 12.3.1, 12.3.2
def test_a_certificate_that_nobody_trusts_is_refused(
    address: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        asking.Line().get(f"{address}/")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert asking.Line().get(f"{address}/") == {"well": True}
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        asking.Line().get(f"{address.replace('127.0.0.1', 'localhost')}/")


def test_what_drips_over_tls_is_cut_too(address: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(asking, "LONGEST", 0.5)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        asking.Line().get(f"{address}/drips")
    assert time.monotonic() - began < DRIPS / 2


@pytest.mark.parametrize(
    "named",
    [
        "http://elsewhere.example/token",
        "https:///token",
        "https://user@elsewhere.example/token",
        "https://elsewhere.example/token#x",
        "https://elsewhere.example:x/token",
        "file:///etc/passwd",
        "http://127.0.0.1/token",
        "",
        None,
        7,
    ],
)
def test_an_address_in_the_clear_or_of_another_kind_is_not_asked(named: object) -> None:
    with pytest.raises(Unreachable):
        asking.checked(named, "https://login.lotus.example")


def test_on_this_machine_it_may_be_in_the_clear_where_the_provider_is() -> None:
    assert asking.checked("http://127.0.0.1:9000/token", "http://127.0.0.1:9000")
    assert asking.checked("https://login.lotus.example/token", "https://login.lotus.example")


def test_a_house_without_providers_reads_none_of_the_libraries() -> None:
    """They take longer to read than a page takes to answer."""
    look = "import sys, wsgi; sys.exit(any(name.split('.')[0] in ('authlib', 'joserfc') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", look], cwd=ROOT, check=False).returncode == 0
