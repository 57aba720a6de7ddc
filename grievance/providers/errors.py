"""What can go wrong with a provider. The reason is a word of ours for the log; nothing that the provider sent is in it."""

from __future__ import annotations


class Unreachable(Exception):
    """It does not answer, too slowly, or with something else than it must."""


class Failed(Exception):
    """It answered, and what it said does not prove who somebody is."""
