"""How large a trial is, and where its dice begin: TRIAL_SCALE=0.1 takes a tenth of each size, SEED repeats a run."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

CALM = {"GRIEVANCE_FLOOD_ASK": "1000000", "GRIEVANCE_FLOOD_BULK": "1000000"}
"""Settings for trials of something else that file hundreds in a moment; what a flood does has a trial of its own."""


def scaled(full: int) -> int:
    """This many, or the part of it that TRIAL_SCALE names, at least one; nothing is scaled without that."""
    return max(1, round(full * float(os.environ.get("TRIAL_SCALE", "1"))))


def seed() -> int:
    """SEED, which the suite sets, or one of its own; each trial prints what it began with."""
    return int(os.environ.get("SEED") or random.SystemRandom().randrange(2**31))


def seeds(full: int, minutes: float) -> Iterator[int]:
    """So many seeds, one after the other from `seed()` on, for so many minutes at most; at the end it says how many there were.

    A busy machine takes fewer: what is random loses nothing by that, and whoever reads the figures sees it.
    """
    first, count, end, done = seed(), scaled(full), time.monotonic() + 60 * minutes, 0
    print(f"seeds from {first}, {count} at most")
    while done < count and time.monotonic() < end:
        yield first + done
        done += 1
    print(f"seeds from {first}: {done} of {count} done")
