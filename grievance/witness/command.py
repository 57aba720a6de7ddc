"""`grievance-witness`, and `grievance witness`: keeps roots, and checks cases and proofs; it needs no settings and no house."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from grievance.witness import checking, roots
from grievance.witness.roots import Unreadable

KEPT = Path("roots.jsonl")


def main(arguments: Sequence[str] | None = None) -> int:
    """One command; returns 0 where all is well, 1 where something contradicts the kept roots, 2 where it cannot be told."""
    return run(_parser().parse_args(arguments))


def script() -> None:
    """The console script."""
    sys.exit(main())


def add(parser: argparse.ArgumentParser) -> None:
    """The two orders, for whichever program offers them."""
    orders = parser.add_subparsers(dest="order", required=True)
    keep = orders.add_parser("keep", help="keep the roots in these files: /record.json, letters, proofs")
    check = orders.add_parser("check", help="hold exported cases or proofs against the kept roots")
    for order in (keep, check):
        order.add_argument("files", nargs="+", type=Path, metavar="FILE")
        order.add_argument("--roots", type=Path, default=KEPT, help=f"the file of kept roots ({KEPT})")


def run(chosen: argparse.Namespace) -> int:
    """Either order."""
    try:
        work = _keep if chosen.order == "keep" else _check
        return max(work(file, _bytes(file), chosen.roots) for file in chosen.files)
    except Unreadable as error:
        print(error, file=sys.stderr)  # noqa: T201  a command prints its answer
        return checking.OPEN


def _keep(file: Path, raw: bytes, kept: Path) -> int:
    before, found = roots.read(kept), roots.found_in(raw)
    if not found:
        raise Unreadable(f"{file} holds no root.")
    outcome = roots.keep(kept, found)
    for fault in outcome.refused:
        _say(f"REFUSED  {fault}")
    if outcome.refused:
        _say(f"Nothing of {file} was kept. Show both files to the other sides: one record has only one root a day.")
        return checking.CONTRADICTED
    if outcome.new and not before:
        _say(f"These are the first roots here. From now on only this key is believed: {outcome.new[0].key}")
        _say("Compare it with the one that the other sides see.")
    _say(f"{file}: {len(outcome.new)} new, {len(found) - len(outcome.new)} known.")
    for after, until in roots.gaps(roots.read(kept)):
        _say(f"Between {after} and {until} days are missing: keep older pages of the record too.")
    return checking.HOLDS


def _check(file: Path, raw: bytes, kept: Path) -> int:
    answer = checking.check(raw, roots.read(kept))
    word = {checking.HOLDS: "HOLDS", checking.CONTRADICTED: "DOES NOT HOLD", checking.OPEN: "CANNOT TELL"}
    _say(f"{file}: {word[answer.status]}")
    for sentence in answer.said:
        _say(f"  {sentence}")
    return answer.status


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror}.") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="grievance-witness", description=__doc__)
    add(parser)
    return parser


def _say(sentence: str) -> None:
    print(sentence)  # noqa: T201  a command prints its answer
