"""Proves a procedure before it is used: every fault at once, or the proof that silence cannot bury a case."""

from grievance.core.proof.drawing import draw
from grievance.core.proof.questions import faults
from grievance.core.proof.reporting import Proof, prove, report

__all__ = ["Proof", "draw", "faults", "prove", "report"]
