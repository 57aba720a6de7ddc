"""One provider: where its doors are, which keys it signs with, and what it says of whoever comes back from it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from grievance.providers.asking import Line, checked
from grievance.providers.errors import Failed, Unreachable
from grievance.providers.told import Told

if TYPE_CHECKING:  # both take longer to read than most pages, and a house without providers needs neither
    from authlib.oauth2.client import OAuth2Client
    from joserfc.jwk import Key, KeySet

KEPT = 600.0
"""Seconds for which addresses and keys of a provider are good."""
ANEW = 30.0
"""Seconds before the keys are fetched once more for a token that names an unknown one."""
AT_ONCE = 2
"""How many wait for one provider in a process: a slow one may not hold every thread that serves."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way: where the browser goes, and what must come back with it."""

    address: str
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Doors:
    """What the provider says of itself (OpenID Connect Discovery 1.0)."""

    asking: str
    token: str
    keys: str
    method: str
    names_itself: bool  # it always adds `iss` to its answers (RFC 9207)


class Provider:
    """Safe for threads. `back` is where browsers come back to, an address of its own for each provider."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, back: str, *, name: str = "") -> None:
        self.issuer, self.client_id, self.back, self.name = issuer, client_id, back, name
        self._secret = client_secret
        self._line = Line()
        self._waiting = threading.BoundedSemaphore(AT_ONCE)
        self._doors: tuple[float, _Doors] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def __repr__(self) -> str:
        return f"Provider({self.issuer!r})"

    def begin(self) -> Begun:
        """Somebody wants in. Raises Unreachable."""
        from authlib.common.security import generate_token

        doors, verifier, nonce = self._found(), generate_token(64), generate_token(43)
        client = self._client(doors)
        address, state = client.create_authorization_url(
            doors.asking, state=generate_token(43), code_verifier=verifier, nonce=nonce
        )
        return Begun(address, state, nonce, verifier)

    def end(self, begun: Begun, query: Mapping[str, str], now: datetime) -> Told:
        """Who came back, by what stands in the address they came back to. Raises Failed, Unreachable."""
        doors = self._found()
        if query.get("state") != begun.state:
            raise Failed("state")
        if query.get("iss", "" if doors.names_itself else self.issuer) != self.issuer:
            raise Failed("answer of another provider")
        if "error" in query or not query.get("code"):
            raise Failed("refused there")
        answer = self._redeem(doors, query["code"], begun.verifier)
        return self._read(doors, answer, begun.nonce, now)

    def _redeem(self, doors: _Doors, code: str, verifier: str) -> Mapping[str, Any]:
        from authlib.oauth2.base import OAuth2Error

        with self._turn():
            try:
                answer: Mapping[str, Any] = self._client(doors).fetch_token(
                    doors.token, grant_type="authorization_code", code=code, code_verifier=verifier
                )
            except OAuth2Error:
                raise Failed("code") from None
            except ValueError:
                raise Unreachable("no token") from None
        return answer

    def _read(self, doors: _Doors, answer: Mapping[str, Any], nonce: str, now: datetime) -> Told:
        from grievance.providers import tokens

        for anew in (False, True):
            try:
                return tokens.read(
                    answer.get("id_token"),
                    self._keys_of(doors, anew=anew),
                    issuer=self.issuer,
                    client_id=self.client_id,
                    nonce=nonce,
                    access=answer.get("access_token"),
                    now=now,
                )
            except tokens.UnknownKey:
                continue
        raise Failed("unknown key")

    def _client(self, doors: _Doors) -> OAuth2Client:
        from authlib.oauth2.client import OAuth2Client

        return OAuth2Client(
            self._line,
            self.client_id,
            self._secret,
            token_endpoint_auth_method=doors.method,
            scope="openid email",
            redirect_uri=self.back,
            code_challenge_method="S256",
        )

    def _found(self) -> _Doors:
        """Its doors, asked for anew from time to time."""
        if self._doors is None or time.monotonic() - self._doors[0] > KEPT:
            with self._turn():
                said = self._line.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if said.get("issuer") != self.issuer:
                raise Unreachable("another issuer")
            methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            if not isinstance(methods, list) or not {"client_secret_basic", "client_secret_post"} & set(
                map(str, methods)
            ):
                raise Unreachable("no way to show the secret")
            self._doors = (
                time.monotonic(),
                _Doors(
                    checked(said.get("authorization_endpoint"), self.issuer),
                    checked(said.get("token_endpoint"), self.issuer),
                    checked(said.get("jwks_uri"), self.issuer),
                    "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post",
                    said.get("authorization_response_iss_parameter_supported") is True,
                ),
            )
        return self._doors[1]

    def _keys_of(self, doors: _Doors, *, anew: bool) -> KeySet:
        from joserfc.jwk import KeySet

        kept = self._keys
        if kept is None or time.monotonic() - kept[0] > (ANEW if anew else KEPT):
            with self._turn():
                said = self._line.get(doors.keys)
            listed = said.get("keys")
            found = [_read_key(one) for one in listed] if isinstance(listed, list) else []
            kept = self._keys = time.monotonic(), KeySet([one for one in found if one])
        return kept[1]

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._waiting.acquire(blocking=False):
            raise Unreachable("others wait already")
        try:
            yield
        finally:
            self._waiting.release()


def _read_key(listed: object) -> Key | None:
    """A public key of a kind that signs tokens, never a shared one; one that we cannot read hinders no other."""
    from joserfc.errors import JoseError
    from joserfc.jwk import import_key

    if not isinstance(listed, dict) or listed.get("kty") not in ("RSA", "EC", "OKP") or "d" in listed:
        return None
    try:
        return import_key(listed)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
