"""A receipt opens one case, on any device, for a quarter of an hour; a wrong number and an unknown one say the same."""

from __future__ import annotations

from grievance.casework.desk import Bearer, Desk
from grievance.core.errors import GrievanceError, say
from grievance.store import cases
from grievance.vault import BadReceipt, BadTicket, check_receipt, group

__all__ = ["BadReceipt", "BadTicket", "UnknownReceipt", "group", "new_ticket", "show_receipt"]


class UnknownReceipt(GrievanceError):
    """No case opens with this number, or it was erased: the two are not told apart."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "No case opens with this number. Compare each digit; if it is right, file again and an officer links it."
            )
        )


def new_ticket(desk: Desk) -> str:
    """The ticket of a fresh form: sending the form twice makes one case."""
    return desk.vault.new_ticket()


def show_receipt(desk: Desk, typed: str) -> Bearer:
    """The bearer of the receipt that was typed in any script. Raises BadReceipt for a slip, UnknownReceipt for a miss.

    The costly derivation comes before the look-up, so that a hit and a miss are equal work.
    """
    keys = desk.vault.open_receipt(check_receipt(typed))
    with desk.store.read() as tx:
        if cases.by_receipt(tx, keys.tag) is None:
            raise UnknownReceipt
    return Bearer(keys.tag, keys.box_private)
