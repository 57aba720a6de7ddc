"""`grievance …`: one module a group of commands; each says what it did, or what to do instead."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterable, Sequence

from grievance.cli import (
    keeping,
    keyring,
    listing,
    losing,
    originals,
    proving,
    retaining,
    serving,
    showing,
    ticking,
    witnessing,
)
from grievance.cli.house import Create
from grievance.core.errors import GrievanceError, Invalid
from grievance.settings import Settings

GROUPS = (serving, ticking, proving, keeping, keyring, listing, losing, originals, retaining, showing, witnessing)


def run(arguments: Sequence[str], settings: Settings, create: Create) -> int:
    """One command; returns its exit status."""
    chosen = _parser()[0].parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        return int(chosen.run(chosen, settings, create))
    except Invalid as error:
        print("\n".join(f"{name}: {said}" for name, said in error.fields.items()), file=sys.stderr)
        return 1
    except GrievanceError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if not error.filename:
            raise
        # Such as a folder in somebody else's: whose it is, and who may write there, root never notices.
        print(f"{error.filename} cannot be used as this user: {error.strerror}.", file=sys.stderr)
        return 1


def commands() -> tuple[str, ...]:
    """The name of every command."""
    return tuple(_parser()[1])


def _parser() -> tuple[argparse.ArgumentParser, Iterable[str]]:
    parser = argparse.ArgumentParser(prog="grievance", description=__doc__)
    added = parser.add_subparsers(dest="command", required=True)
    for group in GROUPS:
        group.add(added)
    return parser, added.choices
