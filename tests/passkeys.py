"""A passkey in software: it makes a key pair for one house and signs what it is asked, or what a thief would have it sign."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """`origin` is where its browser believes to be; `verified`: somebody showed a finger, a face or a PIN."""

    origin: str
    host: str
    verified: bool = True
    count: int = 0
    id: bytes = b"a passkey of the tests"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: str = ""

    def make(self, options: str) -> str:
        """The answer to options for a new one."""
        asked = json.loads(options)
        self.handle = asked["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        about = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        whole = {"fmt": "none", "attStmt": {}, "authData": self._data(MADE) + about}
        said = self._said("webauthn.create", asked)
        return self._answer(clientDataJSON=said, attestationObject=cbor2.dumps(whole))

    def sign(self, options: str) -> str:
        """The answer to options that ask for it."""
        self.count += 1
        said, data = self._said("webauthn.get", json.loads(options)), self._data()
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        more = {"userHandle": base64url_to_bytes(self.handle)} if self.handle else {}
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature, **more)

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verified else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _said(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        mine = bytes_to_base64url(self.id)
        told = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": mine, "rawId": mine, "type": "public-key", "response": told})
