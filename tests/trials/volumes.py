"""Small volumes, in a namespace of mounts that nobody else sees: the kernel itself says that they are full or read-only."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

ROOT = Path(__file__).resolve().parents[2]
_READ_ONLY, _REMOUNT = 1, 32  # MS_RDONLY, MS_REMOUNT of mount(2)
_DETACH = 2  # MNT_DETACH of umount2(2): whoever was killed may hold it for a moment
_CHUNKS = (1 << 20, 4096, 1)
"""Bytes: large pieces first, then the last page, then the last byte."""


def apart(module: str, *words: str) -> str:
    """Run this program where mounts are its own; returns what it printed.

    Raises AssertionError with what it said when it fails, and in one sentence where the machine lets nobody do that.
    """
    own = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid():
        own[1:1] = ["--user", f"--map-user={os.geteuid()}", f"--map-group={os.getegid()}", "--keep-caps"]
    tried = subprocess.run([*own, "true"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, f"This machine lets us mount no volume of our own: {tried.stderr.strip()}"
    command = [*own, sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout


class Volume:
    """So many bytes of memory, mounted on this folder. Raises OSError where the kernel refuses."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self._size = folder, f"size={size},mode=0700"
        folder.mkdir(mode=0o700, exist_ok=True)
        self._mount(0)

    @contextmanager
    def full(self) -> Iterator[None]:
        """Not a byte more fits, whatever is taken away from it meanwhile; at the end there is room again."""
        ballast, enough = self.folder / "ballast", Event()
        with ballast.open("wb", buffering=0) as file:
            _fill(file.fileno())

            def stay() -> None:
                while not enough.wait(0.1):
                    _fill(file.fileno())

            filler = Thread(target=stay)
            filler.start()
            try:
                yield
            finally:
                enough.set()
                filler.join()
        ballast.unlink()

    def read_only(self) -> None:
        """From now on. Raises OSError (EBUSY) where somebody holds a file of it open to write, and goes on doing so."""
        end = time.monotonic() + 10
        while True:
            try:
                return self._mount(_REMOUNT | _READ_ONLY)
            except OSError as error:  # who was killed a moment ago
                if error.errno != errno.EBUSY or time.monotonic() > end:
                    raise
            time.sleep(0.05)

    def writable(self) -> None:
        """From now on, as before."""
        self._mount(_REMOUNT)

    def _mount(self, flags: int) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"tmpfs", os.fsencode(self.folder), b"tmpfs", ctypes.c_ulong(flags), self._size.encode()):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(self.folder))


class Disk(Volume):
    """A volume with a real file system, ext4 in a file beside the folder: its kernel can find a fault in it at any time.

    Raises AssertionError with what was said where the machine lets nobody mount one: it takes root and a loop device.
    """

    _JOURNAL = 16 << 20
    """Bytes that the file system keeps for itself, beside those asked for."""

    def __init__(self, folder: Path, size: int) -> None:
        self._image = folder.with_suffix(".ext4")
        folder.mkdir(mode=0o700, exist_ok=True)
        with self._image.open("wb") as file:
            file.truncate(size + self._JOURNAL)
        _run("mkfs.ext4", "-q", "-m", "0", str(self._image))
        self.folder = folder
        self._mounted()
        (folder / "lost+found").rmdir()  # PostgreSQL wants an empty folder
        folder.chmod(0o700)

    def fails(self) -> None:
        """A fault is found: not a byte is taken any more, whoever holds a file open to write, until it is mended."""
        device = next(
            one.split()[0] for one in Path("/proc/mounts").read_text().splitlines() if f" {self.folder} " in one
        )
        (Path("/sys/fs/ext4") / Path(device).name / "trigger_fs_error").write_text("a trial")

    def mended(self) -> None:
        """Taken off, looked through and put back. Raises AssertionError where somebody still holds a file of it open."""
        end = time.monotonic() + 10
        while True:
            try:
                _run("umount", str(self.folder))
                break
            except AssertionError:  # who was killed a moment ago
                if time.monotonic() > end:
                    raise
            time.sleep(0.05)
        _run("fsck.ext4", "-p", str(self._image), fine=(0, 1))  # 1: something was mended
        self._mounted()

    def _mounted(self) -> None:
        _run("mount", "-o", "loop,errors=remount-ro", str(self._image), str(self.folder))


def _run(*words: str, fine: Container[int] = (0,)) -> None:
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, env=os.environ | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    )
    assert done.returncode in fine, f"{' '.join(words)}: {done.stdout}{done.stderr}"


def remove(folder: Path) -> None:
    """The folder with all that is in it, and with each volume that is mounted below it."""
    for one in [*folder.glob("*"), *folder.glob("*/*")]:
        if one.is_mount():
            ctypes.CDLL(None).umount2(os.fsencode(one), _DETACH)
    shutil.rmtree(folder)


def _fill(file: int) -> None:
    for size in _CHUNKS:
        try:
            while os.write(file, bytes(size)) == size:
                pass
        except OSError:  # ENOSPC
            continue
