"""What the process that reads a stranger's file may still ask of the kernel: memory, threads, its pipe and answer, its end.

Whoever takes it over would else reach out without opening anything: read the keys out of the memory of the process that
started it (`process_vm_readv`), end that one, or lower its bounds. So all that is not named here is refused, to every thread
of the process and for good. Filters need no privilege (seccomp(2), Linux 3.17; read on 27 November 2026).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Machine:
    """How the kernel numbers there what it is asked (unistd.h), and calls the machine (AUDIT_ARCH of linux/audit.h)."""

    name: int
    seccomp: int
    clone: int
    clone3: int
    allowed: tuple[int, ...]


MACHINES = {
    "x86_64": Machine(0xC000003E, 317, 56, 435, (
        *(0, 19, 1, 20, 8, 5, 3),  # read readv write writev lseek fstat close
        *(12, 9, 11, 25, 10, 28),  # brk mmap munmap mremap mprotect madvise
        *(13, 14, 15, 131, 219),  # rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall
        *(202, 24, 204, 39, 186),  # futex sched_yield sched_getaffinity getpid gettid
        *(318, 273, 334),  # getrandom set_robust_list rseq
        *(228, 230, 35, 60, 231),  # clock_gettime clock_nanosleep nanosleep exit exit_group
    )),
    "aarch64": Machine(0xC00000B7, 277, 220, 435, (  # in the same order
        *(63, 65, 64, 66, 62, 80, 57),
        *(214, 222, 215, 216, 226, 233),
        *(134, 135, 139, 132, 128),
        *(98, 124, 123, 172, 178),
        *(278, 99, 293),
        *(113, 115, 101, 93, 94),
    )),
}  # fmt: skip
"""On another machine nothing is refused here, and the bounds stand alone: `docs/threat-model.md` says so."""

_LOAD, _EQUAL, _AND, _RETURN = 0x20, 0x15, 0x54, 0x06  # of classic BPF (linux/bpf_common.h)
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000  # of linux/seccomp.h
_CALL, _ARCHITECTURE, _FLAGS = 0, 4, 16  # places in its seccomp_data; of the flags the lower half
_THREAD = 0x10000  # CLONE_THREAD: no child, and what bounds this process bounds it too
_NO_NEW_PRIVILEGES, _FILTER, _EVERY_THREAD = 38, 1, 1


def here() -> Machine | None:
    """The machine that we run on, where its numbers are known."""
    return MACHINES.get(platform.machine())


class _Program(ctypes.Structure):
    _fields_: ClassVar = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def program(machine: Machine) -> bytes:
    """The filter: what comes as from another machine ends the process, what is named passes, threads do, nothing else."""
    no = len(machine.allowed)
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, machine.name), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _CALL)]
    steps += [(_EQUAL, no + 6 - at, 0, number) for at, number in enumerate(machine.allowed)]
    steps += [
        (_EQUAL, 0, 1, machine.clone3),  # its flags lie where no filter sees them: the library takes clone instead
        (_RETURN, 0, 0, _REFUSE | errno.ENOSYS),
        (_EQUAL, 0, 3, machine.clone),
        (_LOAD, 0, 0, _FLAGS),
        (_AND, 0, 0, _THREAD),
        (_EQUAL, 1, 0, _THREAD),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def refuse_others(machine: Machine) -> None:
    """From here on. Raises OSError where the kernel knows no filters: then nothing is read."""
    steps = program(machine)
    made = _Program(len(steps) // 8, steps)
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or kernel.syscall(
        machine.seccomp, _FILTER, _EVERY_THREAD, ctypes.byref(made)
    ):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
