"""Tracks: the kinds of complaint that a programme can take, each under a procedure of its own."""

from __future__ import annotations

from collections.abc import Mapping

TRACKS: Mapping[str, str] = {
    "worker": "A worker or a union against a factory",
    "employer": "A factory or an association against a brand",
    "process": "About how a case was handled",
}
"""Every track, with the label people read. The house itself opens cases of the last one."""

FILED_BY: Mapping[str, str] = {
    "worker": "worker",
    "union": "worker",
    "representative": "worker",
    "manufacturer": "employer",
    "association": "employer",
}
"""Who files → the track that the complaint takes."""


def track_of(procedure: str) -> str:
    """The track that a procedure's name says: kh/worker-1 is one for workers."""
    return procedure.partition("/")[2].partition("-")[0]
