"""The law that we ship and its proofs, each reckoned once, when the first test asks for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grievance.core.lawbook import read_lawbook
from grievance.core.proof import Proof, prove

WORKFLOWS = Path(__file__).parents[2] / "workflows"
LAWBOOK = read_lawbook(WORKFLOWS)


@cache
def proof_of(key: str) -> Proof:
    """The proof of one procedure, such as kh/worker-1@1."""
    procedure = LAWBOOK.procedure(key)
    return prove(procedure, LAWBOOK.calendar_of(procedure))
