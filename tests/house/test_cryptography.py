"""The inventory of cryptography names every key, every primitive and every module that uses one; nothing weak is among them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from grievance.vault.keys import PAIRS, SECRETS

ROOT = Path(__file__).resolve().parents[2]
INVENTORY = ROOT / "docs/cryptography.md"
LIBRARIES = ("argon2", "authlib", "cryptography", "hashlib", "hmac", "joserfc", "pyotp", "pyrage", "webauthn")
PLAIN = {"hashlib"}
"""What a module outside the vault may use without a row of its own: to tell one content from another by a hash of today."""
APPROVED = frozenset(
    {"AES-256-GCM", "Argon2id", "Ed25519", "HKDF-SHA256", "HMAC-SHA256", "HPKE", "SHA-256", "X25519"}
    | {"TOTP", "WebAuthn", "ChaCha20-Poly1305"}
    | {"RS256", "PS256", "ES256", "EdDSA"}
)
"""RFC 9180, RFC 9106, RFC 8032, RFC 5869, FIPS 197 with SP 800-38D, FIPS 180-4; TOTP and age bring their own.
Providers sign by RFC 7518 and RFC 8037."""
WEAK = ("ECB", "PKCS1v15", "MD5", "SHA1", "sha1", "md5", "TripleDES", "ARC4", "Blowfish", "modes.CBC")


def users(root: Path) -> dict[str, set[str]]:
    """Module → the libraries of cryptography that it imports."""
    found: dict[str, set[str]] = {}
    for path in sorted((root / "grievance").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            heads = {name.partition(".")[0] for name in names} & set(LIBRARIES)
            if heads:
                found.setdefault(path.relative_to(root).as_posix(), set()).update(heads)
    return found


def faults(root: Path, told: str) -> list[str]:
    """What uses cryptography and does not stand in the inventory, what stands there and is not used, what is weak."""
    used = users(root)
    rows = {path for path, heads in used.items() if heads != PLAIN or "/vault/" in path}
    found = [f"{path} uses {', '.join(sorted(used[path]))}" for path in sorted(rows) if f"`{path}`" not in told]
    for path in set(used) - rows:
        hashes = set(re.findall(r"\bhashlib\.(\w+)", (root / path).read_text(encoding="utf-8")))
        found += [f"{path}: {one}" for one in sorted(hashes - {"blake2b", "sha256"})]
    named = set(re.findall(r"`(grievance/[\w/]+\.py)`", told))
    found += [f"{path} uses none" for path in sorted(named - set(used))]
    found += [f"the key {name} is missing" for name in (*PAIRS, *SECRETS) if f"`{name}`" not in told]
    for path in used:
        text = (root / path).read_text(encoding="utf-8")
        found += [f"{path}: {weak}" for weak in WEAK if re.search(rf"\b{re.escape(weak)}\b", text)]
    named_here = re.findall(r"^\| [^|]+ \| ([^|]+) \| `grievance", told, re.MULTILINE)
    unknown = {one.strip() for row in named_here for one in row.split(",")} - APPROVED
    return found + [f"{one} is not approved here" for one in sorted(unknown)]


# asvs: 11.1.2, 11.2.1, 11.3.1, 11.3.2, 11.4.1, 11.6.1
def test_every_key_and_every_primitive_is_in_the_inventory() -> None:
    told = INVENTORY.read_text(encoding="utf-8")
    assert faults(ROOT, told) == []
    assert re.findall(r"^\| [^|]+ \| ([^|]+) \| `grievance", told, re.MULTILINE), "the table was read"


def test_planted_a_module_that_hashes_by_itself_is_found(tmp_path: Path) -> None:
    (tmp_path / "grievance").mkdir()
    (tmp_path / "grievance/planted.py").write_text("import hashlib\nimport hmac\n")
    (tmp_path / "grievance/weak.py").write_text("import hashlib\n\nWEAK = hashlib.blake2s\n")
    told = " ".join(f"`{name}`" for name in (*PAIRS, *SECRETS))
    assert faults(tmp_path, told) == ["grievance/planted.py uses hashlib, hmac", "grievance/weak.py: blake2s"]
    row = "| x | MD5 | `grievance/planted.py` |"
    assert faults(tmp_path, f"{told}\n{row}") == ["grievance/weak.py: blake2s", "MD5 is not approved here"]
