"""The tree is that of RFC 6962, and a proof holds for one leaf, one place and one root: no bit of it can be another."""

from __future__ import annotations

import random

import pytest

from grievance.core import merkle
from tests.trials.sizes import seed

LEAVES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Roots of the first one, two, … eight leaves: the vectors of Certificate Transparency's own tests
(google/certificate-transparency, merkletree/merkle_tree_test)."""
PATHS = {
    (1, 0): [],
    (8, 0): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (8, 5): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (3, 2): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (5, 1): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
"""(size, index) → the proof, from the same place."""


# asvs: 11.4.3
def test_the_roots_are_those_of_the_vectors() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for size, expected in enumerate(ROOTS, 1):
        assert merkle.root(LEAVES[:size]).hex() == expected, size


@pytest.mark.parametrize(("size", "index"), PATHS)
def test_the_proofs_are_those_of_the_vectors(size: int, index: int) -> None:
    assert [one.hex() for one in merkle.path(LEAVES[:size], index)] == PATHS[size, index]


def test_every_leaf_of_every_size_is_proved_and_no_bit_of_a_proof_can_be_another() -> None:
    began = seed()
    print(f"merkle: seed {began}")
    dice = random.Random(began)
    for size in range(1, 40):
        leaves = [dice.randbytes(dice.choice((0, 1, 32))) + size.to_bytes(1, "big") + bytes([at]) for at in range(size)]
        root = merkle.root(leaves)
        for index in range(size):
            beside = merkle.path(leaves, index)
            assert merkle.root_of_path(leaves[index], index, size, beside) == root
            others = [at for at in range(-1, size + 1) if at != index]
            assert all(merkle.root_of_path(leaves[index], at, size, beside) != root for at in others)
            assert merkle.root_of_path(leaves[index] + b"\0", index, size, beside) != root
            assert merkle.root_of_path(leaves[index], index, size, [*beside, root]) != root
            assert not beside or merkle.root_of_path(leaves[index], index, size, beside[:-1]) != root
        index = dice.randrange(size)
        whole = merkle.path(leaves, index)
        for bit in range(len(whole) * 256):
            changed = [bytearray(one) for one in whole]
            changed[bit // 256][bit % 256 // 8] ^= 1 << bit % 8
            assert merkle.root_of_path(leaves[index], index, size, [bytes(one) for one in changed]) != root


def test_planted_without_the_marks_a_node_passes_for_a_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Why leaves and nodes are hashed differently: else two hashes side by side would be a leaf of a smaller tree."""
    inner = b"".join(merkle.leaf_hash(leaf) for leaf in LEAVES[:2])
    assert merkle.root([inner]) != merkle.root(LEAVES[:2])
    monkeypatch.setattr(merkle, "LEAF", merkle.NODE)
    inner = b"".join(merkle.leaf_hash(leaf) for leaf in LEAVES[:2])
    assert merkle.root([inner]) == merkle.root(LEAVES[:2])


def test_there_is_no_proof_of_no_leaf() -> None:
    with pytest.raises(IndexError):
        merkle.path(LEAVES, 8)
    assert merkle.root_of_path(b"", 0, 0, []) is None
