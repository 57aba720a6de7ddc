"""Servers as we serve: gunicorn with its workers, how long they take to start, what memory and CPU they use."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grievance.cli.serving import GUNICORN

ROOT = Path(__file__).resolve().parent.parent
PROC = Path("/proc")
PATIENCE = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Server:
    """A gunicorn that answers. `started` is the time in seconds from its start to its first answer."""

    port: int
    master: int
    started: float

    @property
    def pids(self) -> tuple[int, ...]:
        """The master and its workers."""
        return (self.master, *children(self.master))

    @property
    def memory(self) -> float:
        """MiB of memory of all of its processes, pages that they share counted once (PSS)."""
        return sum(_pss(pid) for pid in self.pids) / 1024


@contextmanager
def serving(application: str, first: str, environ: Mapping[str, str]) -> Iterator[Server]:
    """A server of `module:application` on a free port, ready when `first` answers 200. Raises RuntimeError if it dies."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *GUNICORN]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GRIEVANCE_")}
    began = time.perf_counter()
    lines = subprocess.DEVNULL  # one for each request: a server of production writes them into a file
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=ours | dict(environ), stdout=lines)
    try:
        _wait(process, port, first)
        yield Server(port, process.pid, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, first: str) -> None:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", first)
            if connection.getresponse().status == http.client.OK:
                return
            raise RuntimeError(f"{first} does not answer 200")
        except OSError:
            time.sleep(0.005)
        finally:
            connection.close()
    raise RuntimeError("the server did not start")


def cpu(pids: Iterable[int]) -> float:
    """Seconds of CPU that these processes have used so far, all of their threads, those that ended as well.

    By each process's own clock (clock_getcpuclockid(3)): /proc/<pid>/stat counts in steps of 10 ms.
    """
    used = 0.0
    for pid in pids:
        try:
            used += time.clock_gettime((~pid << 3) | 2)
        except OSError:
            continue  # it ended
    return used


def children(parent: int) -> tuple[int, ...]:
    """The processes that this one started and that still live."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue  # it ended while we looked
            if int(stat.rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.name))
    return tuple(sorted(found))


def parent_of(pid: int) -> int | None:
    """The process that started this one; None where there is no such process here."""
    try:
        return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _pss(pid: int) -> int:
    """KiB."""
    match = re.search(r"^Pss:\s+(\d+) kB", (PROC / str(pid) / "smaps_rollup").read_text(), re.MULTILINE)
    return int(match[1]) if match else 0
