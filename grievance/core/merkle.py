"""Merkle trees of RFC 6962 (RFC 9162, section 2.1): one hash over many leaves, and a short proof that a leaf is among them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"
"""What goes before a leaf and before two hashes, so that neither can be taken for the other."""


def leaf_hash(leaf: bytes) -> bytes:
    """32 bytes: SHA-256 over 0x00 and the leaf."""
    return hashlib.sha256(LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """32 bytes: SHA-256 over 0x01 and both hashes."""
    return hashlib.sha256(NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """32 bytes over all leaves in their order; of none the SHA-256 of nothing."""
    level = [leaf_hash(leaf) for leaf in leaves]
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else hashlib.sha256().digest()


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the way from a leaf up to the root, lowest first. Raises IndexError where there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level, beside = [leaf_hash(leaf) for leaf in leaves], []
    while len(level) > 1:
        if index ^ 1 < len(level):  # the last one of an odd level goes up alone
            beside.append(level[index ^ 1])
        level, index = _above(level), index // 2
    return beside


def root_of_path(leaf: bytes, index: int, size: int, beside: Sequence[bytes]) -> bytes | None:
    """The root to which this way leads in a tree of so many leaves; None where no way has that shape (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    here, last, found = index, size - 1, leaf_hash(leaf)
    for other in beside:
        if not last or len(other) != len(found):
            return None
        if here % 2 or here == last:
            found = node_hash(other, found)
            while here and not here % 2:
                here, last = here // 2, last // 2
        else:
            found = node_hash(found, other)
        here, last = here // 2, last // 2
    return None if last else found


def _above(level: list[bytes]) -> list[bytes]:
    """Two by two; a last one without a neighbour goes up as it is, which gives the tree of the RFC."""
    above = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return above + level[-1:] if len(level) % 2 else above
