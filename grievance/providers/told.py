"""What a provider said of somebody, once it was checked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """`mail` is empty unless the provider says that it is verified."""

    issuer: str
    subject: str
    mail: str
