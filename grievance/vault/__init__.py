"""The vault seals for any reader and opens for few; it knows no database, no request and no clock."""

from grievance.core.chain import SALT_BYTES, commitment, digest
from grievance.vault.cookies import token_hash
from grievance.vault.envelopes import BOX, Envelope
from grievance.vault.errors import BadReceipt, BadTicket, KeysExist, NoKeys, Sealed, Tampered
from grievance.vault.keys import (
    COMPARTMENTS,
    DOOR_COMPARTMENTS,
    DOOR_SECRETS,
    ORIGINALS,
    RECORD,
    add_pairs,
    make_keys,
    missing_pairs,
)
from grievance.vault.originals import make_pair, pair_of, private_half, unlock
from grievance.vault.passwords import hash_password, needs_rehash, new_password_faults, password_fits
from grievance.vault.receipts import Receipt, ReceiptKeys, check_receipt, group
from grievance.vault.signing import Signer, blinder, record_public, signature_fits
from grievance.vault.vault import Vault

__all__ = [
    "BOX",
    "COMPARTMENTS",
    "DOOR_COMPARTMENTS",
    "DOOR_SECRETS",
    "ORIGINALS",
    "RECORD",
    "SALT_BYTES",
    "BadReceipt",
    "BadTicket",
    "Envelope",
    "KeysExist",
    "NoKeys",
    "Receipt",
    "ReceiptKeys",
    "Sealed",
    "Signer",
    "Tampered",
    "Vault",
    "add_pairs",
    "blinder",
    "check_receipt",
    "commitment",
    "digest",
    "group",
    "hash_password",
    "make_keys",
    "make_pair",
    "missing_pairs",
    "needs_rehash",
    "new_password_faults",
    "pair_of",
    "password_fits",
    "private_half",
    "record_public",
    "signature_fits",
    "token_hash",
    "unlock",
]
