"""What the vault refuses: each sentence says what to do next and repeats nothing that was secret."""

from __future__ import annotations

from grievance.core.errors import GrievanceError, say


class NoKeys(GrievanceError):
    """The key folder is missing, open to others, incomplete or damaged; shown to the operator, never on a page."""


class KeysExist(GrievanceError):
    """Keys would be written where something already is; nothing was touched."""


class Sealed(GrievanceError):
    """This process does not hold the key, or nothing was wrapped for this reader (erased, or never meant for them)."""

    def __init__(self) -> None:
        super().__init__(say("This is sealed and cannot be read from here."))


class Tampered(GrievanceError):
    """Authentication failed: changed bytes, another place than the one it was sealed for, or another key."""

    def __init__(self) -> None:
        super().__init__(say("This does not fit its seal, so it is not shown. Tell the people who run this system."))


class BadTicket(GrievanceError):
    """A form's ticket that this house did not issue, or that was changed on the way."""

    def __init__(self) -> None:
        super().__init__(say("This form cannot be recognised any more. Open it again and send it once more."))


class BadReceipt(GrievanceError):
    """A receipt number that cannot be one; the sentence says which of the three things is wrong."""
