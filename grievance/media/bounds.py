"""What the process that reads a stranger's file may do, and how it ends: all that both of its sides know."""

from __future__ import annotations

from pathlib import Path

SECONDS = 30
"""Of the processor, for one file."""
MOST_MEMORY = 512 * 1024 * 1024
"""Bytes that may be asked for beyond what the programs themselves take: a small file can unfold into more than is there."""

MOST_ANSWER = 64 * 1024 * 1024
"""Bytes of the file anew: the largest picture that is kept (`pictures.LONGEST_SIDE`) fits, unpacked; a proposal."""

OK, LOCKED, DAMAGED, TOO_MUCH = 0, 3, 4, 5
"""How the process ends; any other end is that of something that the file did to it."""


class Locked(Exception):
    """It cannot be opened without a password."""


class TooMuch(Exception):
    """It would unfold into more than we open."""


def close_in() -> None:
    """Gives up what a file could make use of: files, sockets, children, other processes, and all but some memory and time."""
    import resource

    from grievance.media import calls

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    bounds = {
        resource.RLIMIT_AS: taken + MOST_MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: MOST_ANSWER,  # of the one file that it was given for its answer
        resource.RLIMIT_NOFILE: 0,
    }
    machine = calls.here()
    if machine is None:  # threads are counted as children here, and one decoder wants some
        bounds[resource.RLIMIT_NPROC] = 0
    for what, most in bounds.items():
        resource.setrlimit(what, (most, most))
    if machine is not None:
        calls.refuse_others(machine)
