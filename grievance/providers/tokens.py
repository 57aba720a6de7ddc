"""Reads an ID token: signed by a key of the provider, from it, for us, for this very sign-in, and of now; or refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from grievance.providers.errors import Failed
from grievance.providers.told import Told

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""How a token may be signed; never with the secret that both sides know (HS256), and never not at all (none)."""
LEEWAY = 60
"""Seconds that the clocks of two houses may differ."""
OLDEST = 600
"""Seconds since a token was made: it comes straight from the provider."""
LONGEST = 16_384  # signs of a token
SUBJECT = 255  # signs, OpenID Connect Core 1.0, section 2


class UnknownKey(Exception):
    """The token names a key that is not among those at hand; the provider may have changed them."""


def read(
    token: object, keys: KeySet, *, issuer: str, client_id: str, nonce: str, access: object, now: datetime
) -> Told:
    """Whom the token speaks of. Raises Failed, or UnknownKey."""
    if not isinstance(token, str) or not token.isascii() or len(token) > LONGEST:
        raise Failed("no token")
    try:
        found = jwt.decode(token, _fitting(keys), algorithms=list(ALGORITHMS))
        if found.header.get("typ", "JWT").upper() != "JWT" or "crit" in found.header:
            raise Failed("another kind of token")
        _check(found.header, found.claims, issuer, client_id, nonce, access, now)
    except UnknownKey:
        raise
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Failed(type(error).__name__) from None
    return _told(found.claims)


def _fitting(keys: KeySet) -> Any:
    """The key that the token names; where it names none, the only one that fits the way in which it is signed."""

    def find(signed: Any) -> Any:
        header = signed.headers()
        kid = header.get("kid")
        kinds = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
        kind = kinds.get(str(header.get("alg"))[:2])
        fitting = [
            key
            for key in keys.keys
            if key.key_type == kind and key.get("use") in (None, "sig") and (kid is None or key.kid == kid)
        ]
        if len(fitting) != 1:
            raise UnknownKey
        return fitting[0]

    return find


def _check(
    header: Mapping[str, Any],
    claims: dict[str, Any],
    issuer: str,
    client_id: str,
    nonce: str,
    access: object,
    now: datetime,
) -> None:
    options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
    params = {"nonce": nonce, "client_id": client_id, "access_token": access if isinstance(access, str) else None}
    moment = int(now.timestamp())
    CodeIDToken(claims, header, options, params).validate(now=moment, leeway=LEEWAY)
    if claims["iss"] != issuer or not isinstance(claims["aud"], (str, list)):
        raise Failed("issuer")
    if claims.get("nonce") != nonce:
        raise Failed("nonce")
    if int(claims["iat"]) < moment - OLDEST:
        raise Failed("old")


def _told(claims: Mapping[str, Any]) -> Told:
    subject, mail = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT:
        raise Failed("subject")
    # True, and not "true" or 1: whoever is not sure whose address it is does not lend it to anybody.
    verified = isinstance(mail, str) and claims.get("email_verified") is True
    return Told(str(claims["iss"]), subject, str(mail).strip().lower() if verified else "")
