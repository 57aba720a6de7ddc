"""What a passkey is asked, and whether its answer fits: to this house, this challenge, and this key, by a verified person."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from grievance.vault.errors import Tampered
from grievance.vault.primitives import from_text, to_text

LONGEST: Final = 20_000  # characters of an answer: with a long id and an attestation that nobody asked for
MINUTES: Final = 5


@dataclass(frozen=True, slots=True)
class House:
    """Where passkeys belong to: the origin of its pages, the host name in it, and what people call it."""

    origin: str
    host: str
    name: str

    @classmethod
    def at(cls, address: str, name: str = "") -> House:
        """By the address that the settings name."""
        parts = urlsplit(address)
        return cls(f"{parts.scheme}://{parts.netloc}", parts.hostname or "", name)

    @property
    def takes_passkeys(self) -> bool:
        """Browsers keep passkeys for names, never for numbers (WebAuthn Level 3, 5.1.3, step 8: a valid domain)."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return bool(self.host)
        return False


@dataclass(frozen=True, slots=True)
class Passkey:
    """What is kept of one: its id and public key, base64url, and how often it says it was used."""

    id: str
    key: str
    count: int = 0


def options_to_make(house: House, person: str, mail: str, name: str, challenge: bytes, known: Iterable[str]) -> str:
    """JSON for `navigator.credentials.create`: to be found without a name, behind a finger, face or PIN; `known` ids not."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    options = generate_registration_options(
        rp_id=house.host,
        rp_name=house.name,
        user_name=mail,
        user_id=person.encode(),
        user_display_name=name,
        challenge=challenge,
        timeout=MINUTES * 60_000,
        attestation=structs.AttestationConveyancePreference.NONE,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=from_text(one)) for one in known],
    )
    return options_to_json(options)


def options_to_ask(house: House, challenge: bytes, known: Iterable[str]) -> str:
    """JSON for `navigator.credentials.get`: one of these ids, or any that the person has for this house."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    options = generate_authentication_options(
        rp_id=house.host,
        challenge=challenge,
        timeout=MINUTES * 60_000,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=from_text(one)) for one in known],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def made(house: House, answer: str, challenge: bytes) -> Passkey:
    """The passkey that was made. Raises Tampered for an answer to anything else."""
    from webauthn import verify_registration_response

    whole = _read(answer)
    try:
        found = verify_registration_response(
            credential=whole,
            expected_challenge=challenge,
            expected_rp_id=house.host,
            expected_origin=house.origin,
            require_user_verification=True,
        )
    except Exception as error:  # whatever the library stumbles over in what a stranger sent
        raise Tampered from error
    return Passkey(to_text(found.credential_id), to_text(found.credential_public_key), found.sign_count)


def named(answer: str) -> str:
    """The id of the passkey that says it answered; nothing is proved by it. Raises Tampered."""
    return str(_read(answer)["id"])


def answered(house: House, answer: str, challenge: bytes, passkey: Passkey, person: str) -> int:
    """How often the passkey says it was used now. Raises Tampered where signature, house, person or count do not fit."""
    from webauthn import verify_authentication_response

    whole = _read(answer)
    handle = whole["response"].get("userHandle")
    if whole["id"] != passkey.id or (handle and handle != to_text(person.encode())):
        raise Tampered
    try:
        found = verify_authentication_response(
            credential=whole,
            expected_challenge=challenge,
            expected_rp_id=house.host,
            expected_origin=house.origin,
            credential_public_key=from_text(passkey.key),
            credential_current_sign_count=passkey.count,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise Tampered from error
    return int(found.new_sign_count)


@dataclass(frozen=True, slots=True)
class Signature:
    """What an answer leaves to be shown to others, base64url: with it nobody needs the house to check it."""

    data: str
    client: str
    signature: str


def signature_in(answer: str) -> Signature:
    """The part of an answer that can be kept. Raises Tampered."""
    said = _read(answer)["response"]
    parts = [said.get(name) for name in ("authenticatorData", "clientDataJSON", "signature")]
    if not all(isinstance(part, str) for part in parts):
        raise Tampered
    return Signature(*parts)


def signed_at(key: str, kept: Signature, challenge: bytes) -> str:
    """The origin of the pages at which this public key signed this challenge, by a verified person; empty if it did not.

    Needs nothing but these values: neither the house nor the passkey.
    """
    from webauthn import verify_authentication_response

    try:
        origin = str(json.loads(from_text(kept.client))["origin"])
        said = {"authenticatorData": kept.data, "clientDataJSON": kept.client, "signature": kept.signature}
        verify_authentication_response(
            credential={"id": "AA", "rawId": "AA", "type": "public-key", "response": said},
            expected_challenge=challenge,
            expected_rp_id=House.at(origin).host,
            expected_origin=origin,
            credential_public_key=from_text(key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  whatever damage does to the reading, it is what we look for
        return ""
    return origin


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        raise Tampered
    try:
        whole = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise Tampered from error
    fits = isinstance(whole, dict) and isinstance(whole.get("id"), str) and isinstance(whole.get("response"), dict)
    if not fits or not whole["id"].isascii():
        raise Tampered
    found: dict[str, Any] = whole
    return found
