"""A provider of OpenID Connect on this machine, with real keys, that does what it must, or what a test tells it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

SECRET = "a-secret-between-two-houses"
Claims = dict[str, Any]
UNKNOWN: list[Any] = [
    {"kty": "EC", "crv": "P-1", "x": "a", "y": "b", "kid": "x"},
    {"kty": "oct", "k": "YQ"},
    "no key",
    {},
]
"""What else stands among keys: of kinds that are not known here, shared ones, noise."""


@cache
def rsa(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@cache
def elliptic(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig"})


@cache
def edwards(name: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": name, "use": "sig"})


def signed(claims: Claims, algorithm: str = "RS256", name: str = "one") -> str:
    kinds: dict[str, Callable[[str], RSAKey | ECKey | OKPKey]] = {"RS": rsa, "PS": rsa, "ES": elliptic, "Ed": edwards}
    key = kinds[algorithm[:2]](name)
    return jwt.encode({"alg": algorithm, "kid": name}, claims, key, algorithms=[algorithm])


@dataclass
class Provider:
    """What it knows; a test changes it."""

    client: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    issuer: str = ""
    person: Claims = field(default_factory=dict)  # who signs in there: sub, email, email_verified
    said: Claims = field(default_factory=dict)  # what the document of discovery says otherwise
    claims: Claims = field(default_factory=dict)  # what the token says otherwise; None leaves it out
    sign: Callable[[Claims], str] = signed
    keys: list[Any] = field(default_factory=lambda: [rsa("one"), elliptic("two"), edwards("ed")])
    naming: bool = True  # adds `iss` to its answers
    answer: Callable[[BaseHTTPRequestHandler], bool] | None = None  # answers instead; True when it did
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def authorize(self, address: str) -> str:
        """Somebody signs in there; where their browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == self.client
        assert (asked["response_type"], asked["scope"]) == ("code", "openid email")
        assert (asked["code_challenge_method"], len(asked["nonce"]) > 40) == ("S256", True)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"]} | ({"iss": self.issuer} if self.naming else {})
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def redeem(self, form: dict[str, str], basic: str) -> tuple[int, Claims]:
        """A code for a token: once, for whoever knows the secret and the verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        shown = base64.b64decode(basic.removeprefix("Basic ")).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or shown != f"{self.client}:{SECRET}"
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant", "error_description": "nobody repeats this"}
        at = int(self.now().timestamp())
        base = {"iss": self.issuer, "aud": self.client, "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in (base | self.person | self.claims).items() if value is not None}
        return 200, {"access_token": "nobody-keeps-this", "token_type": "Bearer", "id_token": self.sign(claims)}

    def discovery(self) -> Claims:
        here = self.issuer
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "authorization_response_iss_parameter_supported": self.naming,
        } | self.said


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing: the tests look at what our house writes."""

        def do_GET(self) -> None:
            provider.asked.append(self.path.partition("?")[0])
            if provider.answer and provider.answer(self):
                return
            if self.path.startswith("/authorize"):
                self.send_response(302)
                self.send_header("Location", provider.authorize(self.path))
                self.end_headers()
            elif self.path == "/keys":
                self.say(200, {"keys": [*UNKNOWN, *(key.as_dict(private=False) for key in provider.keys)]})
            else:
                self.say(200, provider.discovery())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if provider.answer and provider.answer(self):
                return
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.say(*provider.redeem(form, self.headers.get("Authorization", "")))

        def say(self, status: int, value: Claims) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def running(client: str, now: Callable[[], datetime] | None = None) -> Iterator[Provider]:
    """A provider that listens on a port of its own."""
    provider = Provider(client, now) if now else Provider(client)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def slowly(handler: BaseHTTPRequestHandler) -> bool:
    """Drips an answer for longer than anybody should wait."""
    if handler.command == "POST":
        handler.send_response(200)
        handler.send_header("Content-Length", "900")
        handler.end_headers()
        drip(handler)
        return True
    return False


DRIPS = 100
"""Seconds for which an answer drips where nobody hangs up."""


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A sign each tenth of a second, until nobody listens any more."""
    with suppress(OSError):
        for _ in range(10 * DRIPS):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)


def write(folder: Path, providers: dict[str, Provider]) -> str:
    """The file of GRIEVANCE_OIDC for these."""
    secret = folder / "provider.secret"
    secret.write_text(f"{SECRET}\n")
    secret.chmod(0o600)
    tables = [
        f'[{body}]\nissuer = "{one.issuer}"\nclient_id = "{one.client}"\nclient_secret_file = "provider.secret"\n'
        for body, one in providers.items()
    ]
    path = folder / "oidc.toml"
    path.write_text("\n".join(tables))
    path.chmod(0o600)
    return str(path)
